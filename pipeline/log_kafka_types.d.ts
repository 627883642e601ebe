/**
 * What Teller uses of kafkajs' inner modules, which have no types of their own. Right for 2.2.4, which is
 * pinned; `tests/pipeline/log_kafka_kafkajs_test.ts` fails where these are not there.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { SASLOptions } from "kafkajs";

/** kafkajs' logger, as its inner modules use it. */
export interface Logger {
  namespace(name: string): Logger;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** How the sockets to one broker are opened. */
export interface PoolOptions {
  host: string;
  port: number;
  ssl: ConnectionOptions | null;
  sasl: SASLOptions | null;
  clientId: string;
  connectionTimeout: number;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  socketFactory: (
    target: { host: string; port: number; ssl: ConnectionOptions | null; onConnect: () => void },
  ) => Socket;
  logger: Logger;
}

/** A request whose body is already encoded. */
export interface RawRequest {
  request: {
    apiKey: number;
    apiVersion: number;
    apiName: string;
    encode: () => Promise<{ buf: Buffer; buffer: Buffer }>;
  };
  response: { decode: (body: Buffer) => Promise<Buffer>; parse: (body: Buffer) => Promise<Buffer> };
  requestTimeout: number;
  logResponseError: boolean;
}

/** The sockets to one broker. */
export declare class ConnectionPool {
  constructor(options: PoolOptions);
  readonly pool: readonly { send(request: RawRequest): Promise<Buffer> }[];
}

/** One broker: negotiates versions and authenticates as it connects. */
export declare class Broker {
  constructor(options: { connectionPool: ConnectionPool; logger: Logger; allowAutoTopicCreation: boolean });
  readonly connectionPool: ConnectionPool;
  readonly versions: Record<number, { minVersion: number; maxVersion: number }> | null;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  initProducerId(
    options: { transactionTimeout: number },
  ): Promise<{ producerId: string; producerEpoch: number }>;
  listOffsets(options: {
    isolationLevel: 0 | 1;
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
  createTopics(options: {
    topics: {
      topic: string;
      numPartitions: number;
      replicationFactor: number;
      configEntries: { name: string; value: string }[];
    }[];
    timeout: number;
  }): Promise<unknown>;
  describeConfigs(options: {
    resources: { type: number; name: string; configNames: string[] }[];
  }): Promise<
    { resources: { resourceName: string; configEntries: { configName: string; configValue: string }[] }[] }
  >;
}

/** One socket's requests and answers. */
export declare class Connection {
  chunks: Uint8Array[];
  readonly bytesBuffered: number;
  processData(bytes: Uint8Array): void;
}

/** The queue of one connection's requests. */
export declare class RequestQueue {
  readonly pending: unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}
