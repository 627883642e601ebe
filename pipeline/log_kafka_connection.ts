/**
 * One connection to one broker. Once anything has gone wrong with it, it is closed and another one is opened.
 * @module
 */
import type { Buffer } from "node:buffer";
import * as net from "node:net";
import * as tls from "node:tls";
import type { SASLOptions } from "kafkajs";
import { Fault } from "./fault.ts";
import { type AnswerBuffers, createAnswerBuffers } from "./log_kafka_answers.ts";
import { Broker, ConnectionPool, silentLogger } from "./log_kafka_kafkajs.ts";
import { missingVersion, type WireRequest } from "./log_kafka_wire.ts";

/** How to connect to any broker of the cluster. */
export interface ConnectOptions {
  /** `ca`: the authorities to trust, PEM; true: the system's. */
  readonly ssl: boolean | { ca: string };
  readonly sasl: {
    mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    username: string;
    password: string;
  } | null;
}

const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** A connection to the broker at `host:port`, made when it is first needed. */
export class BrokerConnection {
  readonly address: string;
  readonly #options: ConnectOptions;
  readonly #broker: Broker;
  readonly #sockets = new Set<net.Socket>();
  readonly #buffers: AnswerBuffers = createAnswerBuffers();
  #connecting: Promise<void> | null = null;
  #accepted = false;
  #closed = false;
  #sawTls = false;

  constructor(host: string, port: number, options: ConnectOptions) {
    this.address = `${host}:${port}`;
    this.#options = options;
    const { ssl } = options;
    const connectionPool = new ConnectionPool({
      host,
      port,
      ssl: ssl === false ? null : ssl === true ? {} : { ca: [ssl.ca] },
      // A copy: kafkajs leaves things in it.
      sasl: options.sasl && { ...options.sasl } as SASLOptions,
      clientId: "teller",
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      enforceRequestTimeout: true,
      socketFactory: (target) => this.#openSocket(target),
      logger: silentLogger,
    });
    this.#broker = new Broker({ connectionPool, logger: silentLogger, allowAutoTopicCreation: false });
  }

  /** True where the broker took the connection, whatever it did then. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** The broker, connected and authenticated. */
  async broker(): Promise<Broker> {
    if (!this.#broker.isConnected()) {
      this.#connecting ??= this.#broker.connect().finally(() => this.#connecting = null);
      await this.#connecting;
      const missing = missingVersion(this.#broker.versions ?? {});
      if (missing !== null) throw this.#says(`it does not offer ${missing}; Teller needs Kafka 2.3 or newer`);
    }
    return this.#broker;
  }

  /** Sends a request and gives the answer's body. */
  async send({ apiKey, apiVersion, apiName, body, timeoutMs }: WireRequest): Promise<Buffer> {
    const broker = await this.broker();
    // By a pool's rules a Fetch goes over a second socket. One will do: who reads has connections of its own.
    return await broker.connectionPool.pool[0].send({
      request: { apiKey, apiVersion, apiName, encode: () => Promise.resolve({ buf: body, buffer: body }) },
      response: { decode: (answer) => Promise.resolve(answer), parse: (answer) => Promise.resolve(answer) },
      requestTimeout: timeoutMs,
      logResponseError: false,
    });
  }

  /** Takes back an answer's memory: the bytes it gave are overwritten from then on. */
  reuse(answer: Uint8Array): void {
    this.#buffers.reuse(answer);
  }

  /** What the operator can do about a failure of this connection that trying again won't mend; else null. */
  refusal(error: unknown): Fault | null {
    if (error instanceof Fault) return error;
    const { name, type, code, message } = error as Record<string, unknown>;
    const text = String(message);
    const says = (what: string) => this.#says(what, error);
    if (type === "UNSUPPORTED_SASL_MECHANISM" || /SASL .* mechanism is not supported/.test(text)) {
      return says("it does not offer this SASL mechanism; look at KAFKA_SASL_MECHANISM");
    }
    if (type === "SASL_AUTHENTICATION_FAILED" || name === "KafkaJSSASLAuthenticationError") {
      return says("it refuses the credentials; look at KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD");
    }
    if (/SASL state/.test(text)) {
      return says("it expects no login on this port; look at KAFKA_SASL_MECHANISM and at the port");
    }
    if (this.#sawTls && this.#options.ssl === false) return says("it speaks TLS; set KAFKA_SSL");
    if (String(code).startsWith("CERT_") || /certificate/i.test(text)) {
      return says("its certificate is not trusted; look at the authorities given with KAFKA_SSL");
    }
    return null;
  }

  /** Breaks the connection at once; what is still waiting for an answer is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = [...this.#sockets].map((socket) =>
      new Promise((resolve) => socket.once("close", resolve).destroy(new Error("closed")))
    );
    await Promise.all(closed);
    await this.#broker.disconnect();
  }

  #says(what: string, cause?: unknown): Fault {
    return new Fault("LOG_REFUSED", `Kafka at ${this.address}: ${what}`, { cause });
  }

  #openSocket(
    { host, port, ssl, onConnect }: {
      host: string;
      port: number;
      ssl: tls.ConnectionOptions | null;
      onConnect: () => void;
    },
  ): net.Socket {
    const servername = net.isIP(host) ? {} : { servername: host };
    const socket: net.Socket = ssl
      ? tls.connect({ host, port, ...servername, ...ssl }, onConnect)
      : net.connect({ host, port, onread: this.#intoAnswers(() => socket) }, onConnect);
    // Who was about to connect when this was closed: nobody would close it any more.
    if (this.#closed) socket.destroy(new Error("closed"));
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.once("connect", () => this.#accepted = true);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      // kafkajs listens for the peer's end only, and would wait for ever for an answer to a SASL step.
      socket.emit("end");
    });
    return socket;
  }

  /** Of TLS the plaintext is in pieces anyway: there, kafkajs puts them together. */
  #intoAnswers(socket: () => net.Socket) {
    return this.#buffers.intoAnswers({
      onFirst: (bytes) => this.#sawTls = bytes[0] === TLS_ALERT && bytes[1] === TLS_MAJOR,
      onAnswer: (answer) => socket().emit("data", answer),
      onNonsense: () => socket().destroy(new Error("what it says is no answer of Kafka's")),
    });
  }
}

const TLS_ALERT = 0x15;
const TLS_MAJOR = 3;
