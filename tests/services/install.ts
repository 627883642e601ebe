/**
 * Installs by apt what the tests need and this machine lacks, and fetches Kafka's jars: `deno task services`.
 * @module
 */
import process from "node:process";
import { type Service, whyMissing } from "./available.ts";
import { kafkaClassPath } from "./kafka_jars.ts";

/** Packages by service; of each list the first that can be installed is enough. */
const PACKAGES: Record<Exclude<Service, "shared kafka">, string[][]> = {
  kafka: [["openjdk-17-jre-headless", "default-jre-headless"], ["maven"]],
  kcat: [["kcat", "kafkacat"]],
  postgres: [["postgresql"]],
  chromium: [["chromium", "chromium-browser"]],
  openssl: [["openssl"]],
  "small disk": [],
};

const services = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];
const wanted = services.filter((service) => whyMissing(service) !== null);
if (wanted.length > 0) {
  await apt("update");
  for (const alternatives of wanted.flatMap((service) => PACKAGES[service])) await installOne(alternatives);
}
if (whyMissing("kafka") === null) await kafkaClassPath();

const missing = services.map((service) => [service, whyMissing(service)] as const);
for (const [service, reason] of missing) process.stdout.write(`${service}: ${reason ?? "here"}\n`);
// Without these, tests are skipped; where that isn't allowed, say so before they start.
if (missing.some(([, reason]) => reason !== null) && Deno.env.get("CI") === "true") Deno.exit(1);

async function installOne(alternatives: string[]): Promise<void> {
  for (const name of alternatives) {
    if (await apt("install", "-y", "--no-install-recommends", name)) return;
  }
}

/** Runs apt-get as root, with sudo where that is needed; false where it fails or isn't there. */
async function apt(...args: string[]): Promise<boolean> {
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args];
  if (Deno.uid() !== 0) command.unshift("sudo", "-n");
  try {
    const [program, ...rest] = command;
    const child = new Deno.Command(program, {
      args: rest,
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    });
    return (await child.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
