/**
 * The brokers of a cluster as one user of the log sees them: who leads what, and a connection to each.
 *
 * Each reader, the producer and the rest of the log have a cluster of their own: a Fetch that waits for records
 * never holds up anybody else.
 * @module
 */
import type { Buffer } from "node:buffer";
import { Fault } from "./fault.ts";
import { BrokerConnection, type ConnectOptions } from "./log_kafka_connection.ts";
import type { Broker } from "./log_kafka_kafkajs.ts";
import type { Notices } from "./log_kafka_notices.ts";
import { type Metadata, metadataRequest, readMetadata, type WireRequest } from "./log_kafka_wire.ts";

/** How to reach a cluster, and whom to tell when that fails. */
export interface ClusterOptions extends ConnectOptions {
  /** host:port of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  readonly notices: Notices;
  /** True where whoever uses the cluster tries again after a refusal too, so that nobody else would hear of it. */
  readonly tellRefusals: boolean;
}

/** Brokers that accept a connection and hang up for this long are taken to want other settings. */
const HANG_UP_MS = 5_000;

/** Connections to a cluster. Nothing is retried here. */
export class KafkaCluster implements AsyncDisposable {
  readonly #options: ClusterOptions;
  readonly #connections = new Map<string, BrokerConnection>();
  readonly #closing = new Set<Promise<void>>();
  #addresses = new Map<number, string>();
  #hangUpsSinceMs: number | null = null;
  #served = false;
  #closed = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /**
   * Asks any broker for the cluster's state: those known first, then those configured.
   * @throws {Fault} LOG_REFUSED where trying again won't help, LOG_UNAVAILABLE where none answers, LOG_CLOSED
   */
  async metadata(topics: readonly string[]): Promise<Metadata> {
    const known = new Set([
      ...this.#connections.keys(),
      ...this.#addresses.values(),
      ...this.#options.brokers,
    ]);
    let failure: unknown;
    for (const address of known) {
      try {
        const request = metadataRequest(topics);
        const metadata = readMetadata(await this.#use(address, (connection) => connection.send(request)));
        this.#learn(metadata);
        return metadata;
      } catch (error) {
        if (!(failure instanceof Fault && !failure.retryable)) failure = error;
      }
    }
    throw failure;
  }

  /** Runs kafkajs' own requests on a broker; protocol errors come through, and the connection stays. */
  use<T>(nodeId: number, request: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#use(this.#addressOf(nodeId), async (connection) => await request(await connection.broker()));
  }

  /** Sends a request of ours to a broker. */
  send(nodeId: number, request: WireRequest): Promise<Buffer> {
    return this.#use(this.#addressOf(nodeId), (connection) => connection.send(request));
  }

  /** Takes back the memory of an answer that a broker gave: its bytes are overwritten from then on. */
  reuse(nodeId: number, answer: Uint8Array): void {
    this.#connections.get(this.#addresses.get(nodeId) ?? "")?.reuse(answer);
  }

  /** Breaks every connection; what waits for an answer is rejected with LOG_CLOSED. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const connection of this.#connections.values()) this.#drop(connection);
    await Promise.all(this.#closing);
  }

  async #use<T>(address: string, request: (connection: BrokerConnection) => Promise<T>): Promise<T> {
    if (this.#closed) throw closedFault();
    const connection = this.#connect(address);
    try {
      const answer = await request(connection);
      this.#served = true;
      this.#options.notices.up(nameOf(address));
      return answer;
    } catch (error) {
      if (this.#closed) throw closedFault();
      // An answer, if not the one hoped for; but authentication's leave the connection useless.
      if (isProtocolError(error) && connection.refusal(error) === null) throw error;
      this.#drop(connection);
      const fault = this.#explain(connection, error);
      const { notices, tellRefusals } = this.#options;
      if (fault.retryable || tellRefusals) notices.down(nameOf(address), reasonOf(fault));
      throw fault;
    }
  }

  #connect(address: string): BrokerConnection {
    let connection = this.#connections.get(address);
    if (connection === undefined) {
      const colon = address.lastIndexOf(":");
      const host = address.slice(0, colon);
      connection = new BrokerConnection(host, Number(address.slice(colon + 1)), this.#options);
      this.#connections.set(address, connection);
    }
    return connection;
  }

  #drop(connection: BrokerConnection) {
    if (this.#connections.get(connection.address) === connection) {
      this.#connections.delete(connection.address);
    }
    const closing = connection.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #explain(connection: BrokerConnection, error: unknown): Fault {
    const refusal = connection.refusal(error);
    if (refusal !== null) return refusal;
    const silent = (error as Error).name === "KafkaJSRequestTimeoutError";
    const hungUp = connection.accepted && !silent;
    this.#hangUpsSinceMs = hungUp ? this.#hangUpsSinceMs ?? Date.now() : null;
    // Once it has served it expects these settings, and is only going down.
    if (!this.#served && this.#hangUpsSinceMs !== null && Date.now() - this.#hangUpsSinceMs > HANG_UP_MS) {
      return new Fault(
        "LOG_REFUSED",
        `Kafka at ${connection.address}: it accepts connections and hangs up; look at KAFKA_SSL and at ` +
          "KAFKA_SASL_MECHANISM, one of which may not be what this port expects",
        { cause: error },
      );
    }
    const why = silent ? "it does not answer" : hungUp ? "the connection was broken" : "it can't be reached";
    const fault = `Kafka at ${connection.address}: ${why} (${(error as Error).message})`;
    return new Fault("LOG_UNAVAILABLE", fault, { retryable: true, cause: error });
  }

  #learn({ brokers }: Metadata) {
    this.#addresses = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
    const current = new Set(this.#addresses.values());
    for (const connection of this.#connections.values()) {
      if (!current.has(connection.address)) this.#drop(connection);
    }
  }

  #addressOf(nodeId: number): string {
    const address = this.#addresses.get(nodeId);
    if (address !== undefined) return address;
    throw new Fault("LOG_UNAVAILABLE", `Kafka's broker ${nodeId} is not there`, { retryable: true });
  }
}

const nameOf = (address: string) => `Kafka at ${address}`;
const reasonOf = (fault: Fault) => fault.message.replace(/^Kafka at \S+: /, "");
const closedFault = () => new Fault("LOG_CLOSED", "the log was closed");

/** Kafka's own error codes, as kafkajs throws them; several at once for topics. */
function isProtocolError(error: unknown): boolean {
  const { name } = error as Error;
  return name === "KafkaJSProtocolError" || name === "KafkaJSAggregateError" ||
    name === "KafkaJSCreateTopicError";
}
