/**
 * The EventLog port: the truth that everything else derives from.
 *
 * Two adapters implement it, `log_embedded.ts` and `log_kafka.ts`; `tests/contracts/event_log.ts` holds both
 * to every MUST below.
 * @module
 */

/** What Teller needs of a topic. Names are the predecessor's; the configured prefix is the adapter's concern. */
export interface TopicSpec {
  /** `TELLER_PARTITIONS` of them, or always one. */
  readonly partitions: "configured" | "one";
}

/** The topics that are kept for ever: retention −1, not compacted, LogAppendTime when newly made. */
export const TOPICS = {
  voters_topic: { partitions: "configured" },
  votes_topic: { partitions: "configured" },
  candidates_topic: { partitions: "one" },
} as const satisfies Record<string, TopicSpec>;

/** A topic's name without prefix. */
export type Topic = keyof typeof TOPICS;

/** All topics, in the order in which they are made and checked. */
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

/** What Teller needs of a topic that it writes what it found to. */
export interface OutputTopicSpec {
  /** Only the last record of a key is kept; else every record is, for ever. */
  readonly compacted: boolean;
}

/** The topics that are derived from the others, of one partition each; names are the predecessor's but the last. */
export const OUTPUT_TOPICS = {
  aggregated_votes_per_candidate: { compacted: true },
  aggregated_turnout_by_location: { compacted: true },
  aggregated_turnout_by_age: { compacted: true },
  aggregated_turnout_by_gender: { compacted: true },
  aggregated_party_wise_votes: { compacted: true },
  aggregated_votes_by_region: { compacted: true },
  votes_rejected: { compacted: false },
} as const satisfies Record<string, OutputTopicSpec>;

/** A derived topic's name without prefix. */
export type OutputTopic = keyof typeof OUTPUT_TOPICS;

/** All derived topics. */
export const OUTPUT_TOPIC_NAMES = Object.keys(OUTPUT_TOPICS) as OutputTopic[];

/** A record to append. */
export interface AppendRecord {
  /** UTF-8 of the id it is keyed by. Null is allowed (any partition is then right), but Teller never writes it. */
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** A record to emit to a derived topic. A compacted topic's records need a key. */
export interface OutputRecord extends AppendRecord {
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a record stands: what an append is answered with. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** A record found in a derived topic. */
export interface StoredOutput extends OutputRecord, Position {
  /** The log's own timestamp, epoch ms. */
  readonly timestamp: number;
}

/**
 * Records of one partition in offset order, as ranges of one byte array: no object per record.
 *
 * `bounds[4·i … 4·i+3]` are the start and end of record i's key and of its value in `bytes`; a null key or
 * value has −1 for both. Offsets and timestamps are whole numbers in doubles (exact to 2^53).
 */
export interface ReadBatch {
  readonly partition: number;
  readonly bytes: Uint8Array;
  /** How many records; may be 0 where the log holds only a gap. */
  readonly n: number;
  /** At least n entries, strictly ascending; not necessarily dense: transactions and compaction leave gaps. */
  readonly offsets: Float64Array;
  /** At least n entries: the log's own timestamp of each record, epoch ms. */
  readonly timestamps: Float64Array;
  /** At least 4·n entries. */
  readonly bounds: Int32Array;
  /** The offset to read from next; lies past any gap behind the last record. */
  readonly next: number;
}

/** A durable, partitioned, append-only log of three topics, and the topics derived from them. */
export interface EventLog extends AsyncDisposable {
  /**
   * The election's id: the same for everybody who opens the same log, another for any other log.
   * Embedded: a UUID kept in the log. Kafka: 32 hex digits derived from cluster, prefix and topic identity.
   */
  readonly electionId: string;

  /** What was found at opening that does not stop the count but should be known (for example CreateTime). */
  readonly findings: readonly string[];

  /**
   * What maps keys to partitions here: append goes by it, and readers MUST judge by it. Embedded: the one that the
   * log was made with. Kafka: the one that is configured, as a broker doesn't know.
   */
  readonly partitioner: Partitioner;

  /** How many partitions a topic has. voters_topic and votes_topic MUST have the same number. */
  partitions(topic: Topic): number;

  /**
   * Appends records and resolves with their positions, in the order given.
   *
   * MUST be durable when it resolves. MUST put records with the same key in the same partition (the one the
   * configured partitioner names), in the order given. One call's records MAY be interleaved with another's.
   * When it rejects, any of the records may or may not stand in the log: the outcome is unknown.
   * @throws {Fault} LOG_UNAVAILABLE (retryable), LOG_REFUSED, LOG_CLOSED
   */
  append(topic: Topic, records: readonly AppendRecord[]): Promise<Position[]>;

  /**
   * Reads from the given next offset of each named partition, and goes on as records arrive, until `signal`
   * aborts (the iteration then ends without an error).
   *
   * MUST deliver each partition's records in offset order, none twice and none left out; the first batch of a
   * partition starts at exactly the offset asked for, or past a gap there. Aborted transactions and control
   * records MUST NOT be delivered. A batch's bytes MAY be overwritten once the next one is asked for. An outage MUST NOT end the iteration: it waits and goes on where it was.
   * @throws {Fault} OFFSET_OUT_OF_RANGE where the log no longer holds an offset; LOG_REFUSED; LOG_CLOSED
   */
  read(topic: Topic, from: ReadonlyMap<number, number>, signal: AbortSignal): AsyncIterable<ReadBatch>;

  /**
   * Each partition's end offset (that of the next record to be appended), by partition.
   *
   * MUST cover every append that had resolved when it was called.
   * @throws {Fault} LOG_UNAVAILABLE (retryable), LOG_CLOSED
   */
  ends(topic: Topic): Promise<number[]>;

  /**
   * Writes records to a derived topic and resolves with their positions, in the order given.
   *
   * MUST be durable when it resolves. Records MUST stand in the order given. A topic that is missing is made.
   * When it rejects, any of the records may or may not stand. MUST NOT hold up `append`.
   * @throws {Fault} LOG_UNAVAILABLE (retryable), LOG_REFUSED, LOG_UNSUITABLE, LOG_CLOSED
   */
  emit(topic: OutputTopic, records: readonly OutputRecord[]): Promise<Position[]>;

  /**
   * Reads a derived topic from an offset, or from the first record kept, to its end at the time of the call.
   *
   * MUST cover every `emit` that had resolved then, in offset order; of a compacted topic, at least the last
   * record of each key. Ends early, without an error, where the signal aborts.
   * @throws {Fault} as `emit`
   */
  scan(topic: OutputTopic, signal?: AbortSignal, from?: number): AsyncIterable<StoredOutput>;
}

/** How a key is mapped to a partition: Java's way, or librdkafka's default (kcat, Python). */
export type PartitionerName = "murmur2" | "crc32";

/** Maps a non-null key to its partition of `partitions`. */
export type Partitioner = (key: Uint8Array, partitions: number) => number;
