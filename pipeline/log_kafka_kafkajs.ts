/**
 * The only place that reaches into kafkajs: its connections, with TLS, SASL and version negotiation.
 *
 * Its public consumer and producer are not used: the one loses positions whenever a group changes, the other
 * loses records that it acknowledged when sends overlap. The connections underneath are sound.
 * @module
 */
import UntypedBroker from "kafkajs/src/broker/index.js";
import UntypedConnection from "kafkajs/src/network/connection.js";
import UntypedConnectionPool from "kafkajs/src/network/connectionPool.js";
import UntypedRequestQueue from "kafkajs/src/network/requestQueue/index.js";
import type * as inner from "./log_kafka_types.d.ts";

/** One broker of kafkajs'. */
export const Broker: typeof inner.Broker = UntypedBroker;
/** A broker as the log sees it. */
export type Broker = inner.Broker;

/** The sockets to one broker; nothing connects before it is asked to. */
export const ConnectionPool: typeof inner.ConnectionPool = UntypedConnectionPool;

const RequestQueue: typeof inner.RequestQueue = UntypedRequestQueue;

// After each answer the queue sets a timer "when throttling ends", which without throttling is in 1970: Deno
// warns of a negative timeout each time. There is nothing to wait for then.
const scheduleCheck = RequestQueue.prototype.scheduleCheckPendingRequests;
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: inner.RequestQueue) {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheck.call(this);
};

const Connection: typeof inner.Connection = UntypedConnection;

// What has come but isn't an answer yet stays in a list, and so does the nothing behind an answer: a list of two is
// copied into one buffer. Without that nothing, an answer that comes whole isn't.
const processData = Connection.prototype.processData;
Connection.prototype.processData = function (this: inner.Connection, bytes: Uint8Array) {
  if (this.bytesBuffered === 0) this.chunks = [];
  processData.call(this, bytes);
};

/** kafkajs' own log, silenced: what an operator needs to know is said once, in our words. */
export const silentLogger: inner.Logger = {
  namespace: () => silentLogger,
  debug() {},
  info() {},
  warn() {},
  error() {},
};
