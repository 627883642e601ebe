/**
 * A test broker's `server.properties`: Kafka's defaults but for what one or two nodes on loopback need.
 * @module
 */
import type { Certificates } from "./certificates.ts";

/** The ports of one broker, all on 127.0.0.1. */
export interface BrokerPorts {
  /** What tests connect to: plaintext, TLS or SASL. */
  readonly client: number;
  /** Plaintext, for the other broker and the command-line tools. */
  readonly internal: number;
}

/** What a cluster's brokers have in common. */
export interface ClusterPlan {
  readonly dir: string;
  readonly clusterId: string;
  readonly ports: readonly BrokerPorts[];
  readonly controllerPort: number;
  readonly certificates: Certificates | null;
  /** The users of the client listener; null: anybody may connect. */
  readonly credentials: Credentials | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** A user name and password. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Users that the broker knows, by kind of mechanism; the SCRAM one is good for SHA-256 and SHA-512. */
export interface Credentials {
  readonly plain: Login;
  readonly scram: Login;
}

/** Node ids count from 1, broker indexes from 0. */
export const nodeId = (broker: number): number => broker + 1;

/** The lines of broker `broker`'s settings file. Only the first is also the controller (KRaft's combined mode). */
export function brokerProperties(plan: ClusterPlan, broker: number): string {
  const { client, internal } = plan.ports[broker];
  const copies = String(plan.ports.length);
  const controller = broker === 0;
  const brokerListeners = `CLIENT://127.0.0.1:${client},INTERNAL://127.0.0.1:${internal}`;
  return toProperties({
    "process.roles": controller ? "broker,controller" : "broker",
    "node.id": String(nodeId(broker)),
    "controller.quorum.voters": `${nodeId(0)}@127.0.0.1:${plan.controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    "listeners": brokerListeners + (controller ? `,CONTROLLER://127.0.0.1:${plan.controllerPort}` : ""),
    "advertised.listeners": brokerListeners,
    "listener.security.protocol.map": `CLIENT:${
      clientProtocol(plan)
    },INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    "inter.broker.listener.name": "INTERNAL",
    "log.dirs": `${plan.dir}/data-${nodeId(broker)}`,
    // The defaults ask for three brokers.
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": "1",
    ...tlsProperties(plan.certificates),
    ...saslProperties(plan.credentials),
    ...plan.settings,
  });
}

/** The arguments that make StorageTool add the SCRAM users to the cluster's first metadata. */
export function scramArguments(credentials: Credentials | null): string[] {
  if (credentials === null) return [];
  const { username, password } = credentials.scram;
  return ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap(
    (mechanism) => ["--add-scram", `${mechanism}=[name=${username},password=${password}]`],
  );
}

function clientProtocol({ certificates, credentials }: ClusterPlan): string {
  if (credentials !== null) return certificates === null ? "SASL_PLAINTEXT" : "SASL_SSL";
  return certificates === null ? "PLAINTEXT" : "SSL";
}

function tlsProperties(certificates: Certificates | null): Record<string, string> {
  if (certificates === null) return {};
  return {
    "listener.name.client.ssl.keystore.type": "PEM",
    "listener.name.client.ssl.keystore.location": certificates.keyStore,
  };
}

function saslProperties(credentials: Credentials | null): Record<string, string> {
  if (credentials === null) return {};
  const { username, password } = credentials.plain;
  const security = "org.apache.kafka.common.security";
  const scramModule = `${security}.scram.ScramLoginModule required;`;
  return {
    "listener.name.client.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    "listener.name.client.plain.sasl.jaas.config":
      `${security}.plain.PlainLoginModule required user_${username}="${password}";`,
    "listener.name.client.scram-sha-256.sasl.jaas.config": scramModule,
    "listener.name.client.scram-sha-512.sasl.jaas.config": scramModule,
  };
}

function toProperties(settings: Record<string, string>): string {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join("");
}
