/**
 * A real Kafka for tests: Apache Kafka from its own jars in KRaft mode, one or two brokers on loopback.
 * @module
 */
import { randomBytes, randomUUID } from "node:crypto";
import { makeCertificates } from "./certificates.ts";
import { kafkaClassPath } from "./kafka_jars.ts";
import {
  brokerProperties,
  type ClusterPlan,
  type Credentials,
  nodeId,
  scramArguments,
} from "./kafka_settings.ts";
import { freePort, startForTheRun, startOwned } from "./owned_process.ts";

/** What the broker is to be like; by default one broker, plaintext, Kafka's default settings. */
export interface KafkaOptions {
  /** With two, the first is also the controller: kill the second one to see its leaders move. */
  readonly brokers?: 1 | 2;
  readonly tls?: boolean;
  readonly sasl?: boolean;
  /** More lines of server.properties. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running cluster; disposing it kills the brokers and removes their data. Brokers count from 0. */
export interface KafkaService extends AsyncDisposable {
  /** `host:port` of each broker's client listener. */
  readonly brokers: string[];
  /** The authority to trust, PEM, where TLS is on. */
  readonly ca?: string;
  readonly credentials?: Credentials;
  /** Shuts a broker down in order (SIGTERM) and waits for its end. */
  stop(broker?: number): Promise<void>;
  /** SIGKILL: nothing is flushed, connections break. */
  kill(broker?: number): Promise<void>;
  /** SIGSTOP: the broker answers nothing, and its connections stay. */
  pause(broker?: number): void;
  /** SIGCONT: it goes on. */
  resume(broker?: number): void;
  /** Starts a stopped or killed broker again, on the same data and port, and waits until it serves. */
  start(broker?: number): Promise<void>;
  /** Makes a broker the leader of a partition that both have. */
  moveLeader(topic: string, partition: number, broker: number): Promise<void>;
  /** Runs one of Kafka's command-line tools, e.g. `TopicCommand`, over a plaintext listener; gives its output. */
  tool(name: string, ...args: string[]): Promise<string>;
}

const LOGGING = `-Dlog4j.configuration=${new URL("./log4j.properties", import.meta.url)}`;
const STARTED = "Kafka Server started";
const START_TIMEOUT_MS = 90_000;

/** Starts a cluster of the test's own and waits until it serves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaService> {
  const plan = await planCluster(options);
  const children: Deno.ChildProcess[] = [];

  const start = async (broker = 0) => {
    const from = await logSize(plan, broker);
    const child = startOwned(await brokerCommand(plan, broker), ownership(plan, broker));
    children[broker] = child;
    let exited = false;
    child.status.then(() => exited = true);
    await untilStarted(plan, broker, from, () => exited);
  };
  const end = (signal: Deno.Signal) => async (broker = 0) => {
    try {
      children[broker]?.kill(signal);
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await children[broker]?.status;
  };
  const kill = end("SIGKILL");
  const tool = (name: string, ...args: string[]) => runTool(plan, name, args);
  const dispose = async () => {
    await Promise.all(children.map((_, broker) => kill(broker)));
    await Deno.remove(plan.dir, { recursive: true });
  };

  try {
    // A broker waits for the controller before it serves, so both start at once.
    await Promise.all(plan.ports.map((_, broker) => start(broker)));
  } catch (error) {
    await Promise.all(children.map((_, broker) => kill(broker)));
    throw error; // The data and the log it names stay.
  }
  return {
    brokers: addresses(plan),
    ca: plan.certificates?.ca,
    credentials: plan.credentials ?? undefined,
    stop: end("SIGTERM"),
    kill,
    pause: (broker = 0) => children[broker].kill("SIGSTOP"),
    resume: (broker = 0) => children[broker].kill("SIGCONT"),
    start,
    tool,
    moveLeader: (topic, partition, broker) => moveLeader(plan, tool, topic, partition, broker),
    [Symbol.asyncDispose]: dispose,
  };
}

/**
 * The brokers that all test files of a run share: `TEST_KAFKA` (comma-separated host:port) where given,
 * else one plain broker started by whoever asks first. Nobody stops it, its watchdog does when the run ends,
 * so every test takes a topic prefix of its own (`newPrefix`).
 *
 * Each test file has its own modules but the process' environment is one, so that is where the address is left.
 */
export async function sharedKafka(): Promise<string[]> {
  const known = Deno.env.get("TEST_KAFKA");
  if (known) return known.split(",");
  const plan = await planCluster({});
  const from = await logSize(plan, 0);
  await startForTheRun(await brokerCommand(plan, 0), ownership(plan, 0));
  await untilStarted(plan, 0, from, () => false);
  Deno.env.set("TEST_KAFKA", addresses(plan).join(","));
  return addresses(plan);
}

/** A topic prefix that no other test uses. */
export function newPrefix(): string {
  return `t${randomUUID().slice(0, 8)}-`;
}

/** 16 bytes as base64url; with the first bit 0, or it may begin with "-" and be taken for a flag. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] &= 0x7f;
  return bytes.toString("base64url");
}

async function planCluster({ brokers = 1, tls, sasl, settings = {} }: KafkaOptions): Promise<ClusterPlan> {
  const dir = await Deno.makeTempDir({ prefix: "teller-kafka-" });
  const plan: ClusterPlan = {
    dir,
    clusterId: newClusterId(),
    ports: Array.from({ length: brokers }, () => ({ client: freePort(), internal: freePort() })),
    controllerPort: freePort(),
    certificates: tls ? await makeCertificates(dir) : null,
    credentials: sasl ? { plain: newLogin("plain_user"), scram: newLogin("scram_user") } : null,
    settings,
  };
  await Promise.all(plan.ports.map((_, broker) => format(plan, broker)));
  return plan;
}

const newLogin = (username: string) => ({ username, password: randomBytes(12).toString("hex") });

async function format(plan: ClusterPlan, broker: number): Promise<void> {
  const file = propertiesFile(plan, broker);
  await Deno.writeTextFile(file, brokerProperties(plan, broker));
  const users = broker === 0 ? scramArguments(plan.credentials) : [];
  await java("kafka.tools.StorageTool", ["format", "-t", plan.clusterId, "-c", file, ...users]);
}

const propertiesFile = (plan: ClusterPlan, broker: number) =>
  `${plan.dir}/broker-${nodeId(broker)}.properties`;
const logFile = (plan: ClusterPlan, broker: number) => `${plan.dir}/broker-${nodeId(broker)}.log`;
const addresses = (plan: ClusterPlan) => plan.ports.map(({ client }) => `127.0.0.1:${client}`);
const ownership = (plan: ClusterPlan, broker: number) => ({ log: logFile(plan, broker), scratch: plan.dir });

async function brokerCommand(plan: ClusterPlan, broker: number): Promise<string[]> {
  return [
    ...["java", "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", LOGGING],
    ...["-cp", await kafkaClassPath(), "kafka.Kafka", propertiesFile(plan, broker)],
  ];
}

async function logSize(plan: ClusterPlan, broker: number): Promise<number> {
  await Deno.writeTextFile(logFile(plan, broker), "", { append: true });
  return (await Deno.stat(logFile(plan, broker))).size;
}

/** Follows the broker's log from a size on until it says that it serves. */
async function untilStarted(
  plan: ClusterPlan,
  broker: number,
  from: number,
  exited: () => boolean,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (true) {
    // Asked before reading: what it wrote last is read too.
    const over = exited() || Date.now() > deadline;
    const log = (await Deno.readFile(logFile(plan, broker))).subarray(from);
    if (new TextDecoder().decode(log).includes(STARTED)) return;
    if (over) throw new Error(`Kafka did not come up; its log is ${logFile(plan, broker)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function moveLeader(
  plan: ClusterPlan,
  tool: KafkaService["tool"],
  topic: string,
  partition: number,
  broker: number,
): Promise<void> {
  const others = plan.ports.map((_, i) => i).filter((i) => i !== broker);
  const replicas = [broker, ...others].map(nodeId);
  const file = `${plan.dir}/reassignment.json`;
  const partitions = [{ topic, partition, replicas }];
  await Deno.writeTextFile(file, JSON.stringify({ version: 1, partitions }));
  await tool("reassign.ReassignPartitionsCommand", "--reassignment-json-file", file, "--execute");
  // The order of replicas says who is preferred; the election makes it so.
  const which = ["--topic", topic, "--partition", String(partition)];
  await tool("LeaderElectionCommand", "--election-type", "preferred", ...which);
}

function runTool(plan: ClusterPlan, name: string, args: string[]): Promise<string> {
  const bootstrap = plan.ports.map(({ internal }) => `127.0.0.1:${internal}`).join(",");
  return java(`org.apache.kafka.tools.${name}`, ["--bootstrap-server", bootstrap, ...args]);
}

/** Runs a main class of the jars to its end and gives its standard output. */
async function java(mainClass: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("java", {
    args: [
      "-Xmx256m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      await kafkaClassPath(),
      mainClass,
      ...args,
    ],
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`${mainClass} failed:\n${said}${new TextDecoder().decode(stderr)}`);
  return said;
}
