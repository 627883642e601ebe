/**
 * Opens the log that the settings name: Kafka where brokers are given, else the embedded one in DATA_DIR.
 * @module
 */
import { Fault } from "./fault.ts";
import { openEmbeddedLog } from "./log_embedded.ts";
import { type KafkaReaderOptions, openKafkaLog } from "./log_kafka.ts";
import type { EventLog } from "./log.ts";
import { partitionerOf } from "./partitioner.ts";
import type { Settings } from "./settings.ts";

/** How patiently, and who is told of outages. */
export interface OpenLogOptions {
  /** Told of an outage and of its end, once each. */
  readonly onNotice: (message: string) => void;
  /** Gives up opening. */
  readonly signal: AbortSignal;
  /** Without it, an unreachable broker is tried again until the signal aborts. */
  readonly giveUpAfterMs?: number;
}

/** Which log it is and how it is reached, in plain data: what another thread needs to read it. Holds secrets. */
export type LogSource =
  | { readonly kind: "embedded"; readonly dir: string }
  | ({ readonly kind: "kafka" } & Omit<KafkaReaderOptions, "onNotice">);

/** The log that the settings name. @throws {Fault} BAD_SETTING */
export function logSourceOf(settings: Settings): LogSource {
  if (settings.KAFKA_BROKERS === null) return { kind: "embedded", dir: settings.DATA_DIR };
  return {
    kind: "kafka",
    brokers: settings.KAFKA_BROKERS,
    ssl: tls(settings.KAFKA_SSL),
    sasl: settings.KAFKA_SASL_MECHANISM === null ? null : {
      mechanism: settings.KAFKA_SASL_MECHANISM,
      username: settings.KAFKA_SASL_USERNAME!,
      password: settings.KAFKA_SASL_PASSWORD!,
    },
    topicPrefix: settings.TELLER_TOPIC_PREFIX,
  };
}

/** @throws {Fault} LOG_UNAVAILABLE, LOG_REFUSED, LOG_UNSUITABLE, DATA_DIR_UNUSABLE, BAD_SETTING */
export async function openLog(settings: Settings, options: OpenLogOptions): Promise<EventLog> {
  const partitioner = partitionerOf(settings.TELLER_PARTITIONER);
  const partitions = settings.TELLER_PARTITIONS;
  const source = logSourceOf(settings);
  if (source.kind === "embedded") return openEmbeddedLog({ dir: source.dir, partitions, partitioner });
  return await openKafkaLog({ ...source, partitions, partitioner, ...options });
}

function tls(setting: string): boolean | { ca: string } {
  if (setting === "on" || setting === "off") return setting === "on";
  try {
    return { ca: Deno.readTextFileSync(setting) };
  } catch (cause) {
    throw new Fault("BAD_SETTING", `KAFKA_SSL takes off, on or a PEM file's path; ${setting} can't be read`, {
      cause,
    });
  }
}
