/**
 * Kafka's error codes as far as Teller tells them apart.
 *
 * Source: https://kafka.apache.org/protocol.html#protocol_error_codes
 * @module
 */

/** The codes that Teller branches on. */
export const KafkaError = {
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  MESSAGE_TOO_LARGE: 10,
  INVALID_TOPIC: 17,
  RECORD_LIST_TOO_LARGE: 18,
  TOPIC_AUTHORIZATION_FAILED: 29,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TOPIC_ALREADY_EXISTS: 36,
  INVALID_REPLICATION_FACTOR: 38,
  INVALID_RECORD: 87,
} as const;

/**
 * Answers to a Produce after which the very same bytes may be sent again: no leader, a new one, too few
 * replicas, a full or failing disk, a broker that is starting or overloaded.
 */
const RETRIABLE = new Set([3, 5, 6, 7, 8, 9, 13, 19, 20, 56, 72, 74, 75, 89]);

/** True where sending the same again can succeed. */
export const isRetriable = (code: number): boolean => RETRIABLE.has(code);

const MEANINGS: Record<number, string> = {
  [KafkaError.CORRUPT_MESSAGE]: "the broker found the records damaged",
  [KafkaError.UNKNOWN_TOPIC_OR_PARTITION]: "the broker does not know the topic",
  [KafkaError.MESSAGE_TOO_LARGE]: "a record is larger than the topic's max.message.bytes",
  [KafkaError.RECORD_LIST_TOO_LARGE]: "a record is larger than the broker's segment.bytes",
  [KafkaError.TOPIC_AUTHORIZATION_FAILED]: "this Kafka user has no right to the topic",
  [KafkaError.CLUSTER_AUTHORIZATION_FAILED]: "this Kafka user has no right to write idempotently",
  [KafkaError.INVALID_RECORD]: "the broker refuses the record, for example one without a key",
};

/** What a code means, for people. */
export const meaningOf = (code: number): string => MEANINGS[code] ?? `the broker answers with error ${code}`;

/** What only somebody with access to the broker can mend, or the sender of the record. */
const REFUSALS = new Set<number>([
  KafkaError.MESSAGE_TOO_LARGE,
  KafkaError.RECORD_LIST_TOO_LARGE,
  KafkaError.TOPIC_AUTHORIZATION_FAILED,
  KafkaError.CLUSTER_AUTHORIZATION_FAILED,
  KafkaError.INVALID_RECORD,
]);

/** True where the broker understood and said no. */
export const isRefusal = (code: number): boolean => REFUSALS.has(code);
