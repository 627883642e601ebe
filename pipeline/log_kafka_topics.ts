/**
 * Makes the topics that are missing, and checks that those which are there can be counted exactly.
 * @module
 */
import { Fault } from "./fault.ts";
import { type Topic, TOPIC_NAMES, TOPICS } from "./log.ts";
import type { KafkaCluster } from "./log_kafka_cluster.ts";
import { KafkaError, meaningOf } from "./log_kafka_errors.ts";
import type { Notices } from "./log_kafka_notices.ts";
import type { TopicMetadata } from "./log_kafka_wire.ts";

/** What the log has to know of its topics. */
export interface PreparedTopics {
  readonly clusterId: string;
  readonly partitions: Record<Topic, number>;
  /** The size that each topic accepts as one batch. */
  readonly maxBatchBytes: Record<Topic, number>;
  readonly findings: readonly string[];
}

/** What missing topics are made with. */
export interface TopicOptions {
  readonly topicPrefix: string;
  /** Of voters_topic and votes_topic. */
  readonly partitions: number;
}

/** What is read of each topic's configuration. */
export interface Config {
  readonly "cleanup.policy"?: string;
  readonly "retention.ms"?: string;
  readonly "retention.bytes"?: string;
  readonly "message.timestamp.type"?: string;
  readonly "max.message.bytes"?: string;
}

const NEW_TOPIC = {
  "cleanup.policy": "delete",
  "retention.ms": "-1",
  "retention.bytes": "-1",
  "message.timestamp.type": "LogAppendTime",
} satisfies Config;

/** What is sent as one batch at most: brokers accept 1,048,588 bytes by default. */
export const MAX_BATCH_BYTES = 900_000;
const CREATE_TIMEOUT_MS = 10_000;
const TOPIC_RESOURCE = 2;
const EARLIEST = -2;
/** Tried in this order: the broker's default, then what fewer and fewer brokers can hold. */
const REPLICATION_FACTORS = [-1, 3, 2, 1];

/**
 * Makes and checks the topics; several processes may do so at once.
 * @throws {Fault} LOG_UNSUITABLE with the remedy, LOG_REFUSED, LOG_UNAVAILABLE (retryable) while leaders are
 * still being elected
 */
export async function prepareTopics(
  cluster: KafkaCluster,
  options: TopicOptions,
  notices: Notices,
): Promise<PreparedTopics> {
  const nameOf = (topic: Topic) => options.topicPrefix + topic;
  const names = TOPIC_NAMES.map(nameOf);
  const before = await describe(cluster, names);
  const missing = TOPIC_NAMES.filter((topic) => !before.topics.has(nameOf(topic)));
  if (missing.length > 0) {
    const sister = before.topics.get(nameOf("voters_topic")) ?? before.topics.get(nameOf("votes_topic"));
    const configured = sister?.leaders.length ?? options.partitions;
    for (const topic of missing) {
      const partitions = TOPICS[topic].partitions === "one" ? 1 : configured;
      await create(cluster, before.controllerId, nameOf(topic), partitions, NEW_TOPIC);
    }
  }

  const { topics, clusterId, controllerId } = missing.length > 0 ? await describe(cluster, names) : before;
  const leaders = {} as Record<Topic, readonly number[]>;
  for (const topic of TOPIC_NAMES) {
    leaders[topic] = ledPartitions(nameOf(topic), topics.get(nameOf(topic)), missing.length > 0, notices);
  }
  checkCounts(leaders, nameOf);
  const findings: string[] = [];
  const configs = await readConfigs(cluster, controllerId, names, findings);
  const maxBatchBytes = {} as Record<Topic, number>;
  for (const topic of TOPIC_NAMES) {
    const config = configs.get(nameOf(topic)) ?? {};
    findings.push(...checkConfig(nameOf(topic), config));
    await checkStart(cluster, nameOf(topic), leaders[topic]);
    maxBatchBytes[topic] = Math.min(MAX_BATCH_BYTES, Number(config["max.message.bytes"] ?? MAX_BATCH_BYTES));
  }
  const partitions = {} as Record<Topic, number>;
  for (const topic of TOPIC_NAMES) partitions[topic] = leaders[topic].length;
  return { clusterId, partitions, maxBatchBytes, findings };
}

/**
 * The topics that exist, by name.
 * @throws {Fault} LOG_REFUSED, LOG_UNAVAILABLE
 */
export async function describe(cluster: KafkaCluster, names: readonly string[]) {
  const { topics, clusterId, controllerId } = await cluster.metadata(names);
  const existing = new Map<string, TopicMetadata>();
  for (const topic of topics) {
    if (topic.errorCode === KafkaError.UNKNOWN_TOPIC_OR_PARTITION) continue;
    if (topic.errorCode === KafkaError.TOPIC_AUTHORIZATION_FAILED) {
      throw new Fault("LOG_REFUSED", `Kafka topic ${topic.name}: ${meaningOf(topic.errorCode)}`);
    }
    if (topic.errorCode === KafkaError.INVALID_TOPIC) {
      throw new Fault(
        "LOG_REFUSED",
        `Kafka has no topics named like ${topic.name}; look at TELLER_TOPIC_PREFIX`,
      );
    }
    existing.set(topic.name, topic);
  }
  return { topics: existing, clusterId, controllerId };
}

/**
 * Makes a topic, unless somebody else just has.
 * @throws {Fault} LOG_REFUSED, LOG_UNAVAILABLE
 */
export async function create(
  cluster: KafkaCluster,
  controllerId: number,
  topic: string,
  partitions: number,
  config: Config,
): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  for (const replicationFactor of REPLICATION_FACTORS) {
    const topics = [{ topic, numPartitions: partitions, replicationFactor, configEntries }];
    try {
      await cluster.use(
        controllerId,
        (broker) => broker.createTopics({ topics, timeout: CREATE_TIMEOUT_MS }),
      );
      return;
    } catch (error) {
      const code = createErrorOf(error);
      if (code === KafkaError.TOPIC_ALREADY_EXISTS) return; // Another Teller was faster.
      if (code === KafkaError.INVALID_REPLICATION_FACTOR) continue;
      if (code === null) throw error;
      throw new Fault("LOG_REFUSED", `Kafka topic ${topic} can't be made: ${meaningOf(code)}`, {
        cause: error,
      });
    }
  }
  throw new Fault("LOG_REFUSED", `Kafka topic ${topic} can't be made with any replication factor`);
}

/** The code of the one topic's error that kafkajs wraps; null where it is none, or may pass. */
function createErrorOf(error: unknown): number | null {
  const { errors = [] } = error as { errors?: { code?: number; retriable?: boolean }[] };
  return errors.find(({ retriable }) => !retriable)?.code ?? null;
}

/**
 * Each partition's leader.
 * @throws {Fault} LOG_UNAVAILABLE (retryable) while one has none
 * @param made just now: leaders are still being elected, which is not worth telling
 */
export function ledPartitions(
  name: string,
  topic: TopicMetadata | undefined,
  made: boolean,
  notices: Notices,
): readonly number[] {
  const leaders = topic?.leaders ?? [];
  if (leaders.length > 0 && Array.from(leaders).every((leader) => leader >= 0)) {
    notices.up(`Kafka topic ${name}`);
    return leaders;
  }
  if (!made) notices.down(`Kafka topic ${name}`, "not all of its partitions have a leader");
  throw new Fault("LOG_UNAVAILABLE", `Kafka topic ${name}: not all partitions have a leader`, {
    retryable: true,
  });
}

function checkCounts(leaders: Record<Topic, readonly number[]>, nameOf: (topic: Topic) => string) {
  const [voters, votes] = [leaders.voters_topic.length, leaders.votes_topic.length];
  if (voters !== votes) {
    throw unsuitable(
      nameOf("votes_topic"),
      `it has ${votes} partitions and ${nameOf("voters_topic")} has ${voters}`,
      "the same number, so that a voter and her vote share a partition",
      `delete the one that is empty, if one is (rpk topic delete NAME), and Teller makes it anew; ${ELSE}`,
    );
  }
  const candidates = leaders.candidates_topic.length;
  if (candidates !== 1) {
    throw unsuitable(
      nameOf("candidates_topic"),
      `it has ${candidates} partitions`,
      "one, so that everybody reads candidates in the same order",
      `if it is empty, delete it (rpk topic delete ${
        nameOf("candidates_topic")
      }), and Teller makes it anew; ${ELSE}`,
    );
  }
}

/** Topics' configurations by name, as far as they may be asked for; where not, `findings` gets a sentence. */
export async function readConfigs(
  cluster: KafkaCluster,
  nodeId: number,
  names: readonly string[],
  findings: string[],
): Promise<Map<string, Config>> {
  const configNames = [...Object.keys(NEW_TOPIC), "max.message.bytes"];
  const resources = names.map((name) => ({ type: TOPIC_RESOURCE, name, configNames }));
  try {
    const described = await cluster.use(nodeId, (broker) => broker.describeConfigs({ resources }));
    return new Map(described.resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]));
  } catch (error) {
    if ((error as { code?: unknown }).code !== KafkaError.TOPIC_AUTHORIZATION_FAILED) throw error;
    findings.push("The topics' settings could not be checked: this Kafka user has no right to describe them");
    return new Map();
  }
}

/** What does not stop the count but should be known. */
function checkConfig(name: string, config: Config): string[] {
  const policy = config["cleanup.policy"] ?? "delete";
  if (policy.includes("compact")) {
    throw unsuitable(
      name,
      `cleanup.policy is ${policy}, which removes all but the last record of a key`,
      "delete, and that nothing has been compacted away yet",
      `${setting(name, "cleanup.policy", "delete")}; if records may be missing already: ${COPY}`,
    );
  }
  const findings = [];
  for (const key of ["retention.ms", "retention.bytes"] as const) {
    const value = config[key] ?? "-1";
    if (value === "-1") continue;
    findings.push(
      `${name}: ${key} is ${value}, so Kafka will delete votes some day; ${setting(name, key, "-1")}`,
    );
  }
  const timestamps = config["message.timestamp.type"] ?? "LogAppendTime";
  if (timestamps !== "LogAppendTime") {
    const remedy = setting(name, "message.timestamp.type", "LogAppendTime");
    findings.push(
      `${name}: records bear the producer's clock (${timestamps}), which may be wrong; ${remedy}`,
    );
  }
  return findings;
}

async function checkStart(cluster: KafkaCluster, topic: string, leaders: readonly number[]) {
  const starts = await listOffsets(cluster, topic, leaders, EARLIEST);
  const partition = starts.findIndex((start) => start > 0);
  if (partition < 0) return;
  throw unsuitable(
    topic,
    `partition ${partition} begins at offset ${starts[partition]}: what stood before was deleted`,
    "every record from offset 0 on, or the count would not be exact",
    COPY,
  );
}

/** An offset of each partition, asked of its leader: the first one (−2) or the one behind the last (−1). */
export async function listOffsets(
  cluster: KafkaCluster,
  topic: string,
  leaders: readonly number[],
  timestamp: -1 | -2,
): Promise<number[]> {
  const offsets = new Array<number>(leaders.length);
  const parts = Map.groupBy(leaders.keys(), (partition) => leaders[partition]);
  await Promise.all([...parts].map(async ([leader, ofLeader]) => {
    const partitions = ofLeader.map((partition) => ({ partition, timestamp }));
    const { responses } = await cluster.use(
      leader,
      (broker) => broker.listOffsets({ isolationLevel: 0, topics: [{ topic, partitions }] }),
    );
    for (const { partition, offset } of responses[0].partitions) offsets[partition] = Number(offset);
  }));
  return offsets;
}

const COPY = "set another TELLER_TOPIC_PREFIX (and DATA_DIR) and copy the records there";
const ELSE = `otherwise ${COPY}`;

/** How to change a topic's setting, for the operator. */
export const setting = (topic: string, name: string, value: string) =>
  `rpk topic alter-config ${topic} --set ${name}=${value} (or kafka-configs.sh --alter --entity-type topics ` +
  `--entity-name ${topic} --add-config ${name}=${value})`;

function unsuitable(topic: string, has: string, needs: string, remedy: string): Fault {
  return new Fault(
    "LOG_UNSUITABLE",
    `Kafka topic ${topic}: ${has}. It needs ${needs}. What to do: ${remedy}.`,
  );
}
