/**
 * What of the real services this machine can provide, and tests that say by name why they are skipped.
 * @module
 */
import { kafkaJarsAreHere } from "./kafka_jars.ts";
import { postgresPrograms } from "./postgres.ts";
import { whyNoSmallDisk } from "./small_disk.ts";

/** What a test may need beyond Deno. */
export type Service = "kafka" | "shared kafka" | "kcat" | "postgres" | "chromium" | "openssl" | "small disk";

/** Why each service can't be had; null where it can. */
const reasons: Record<Service, () => string | null> = {
  "kafka": noKafka,
  "shared kafka": () => Deno.env.get("TEST_KAFKA") ? null : noKafka(),
  "kcat": () => runs("kcat", "-V") ? null : "kcat is not installed",
  "postgres": () =>
    Deno.env.get("TEST_POSTGRES") || postgresPrograms() !== null ? null : "Postgres is not installed",
  "chromium": () => chromiumPath() === null ? "Chromium is not installed (see TEST_CHROMIUM)" : null,
  "openssl": () => runs("openssl", "version") ? null : "openssl is not installed",
  "small disk": whyNoSmallDisk,
};

/** Why a service can't be had here, or null where it can. */
export function whyMissing(service: Service): string | null {
  return reasons[service]();
}

/**
 * Declares tests that need services: `const test = needs("kafka"); test("does this", async () => …)`.
 *
 * Where one can't be had they are skipped, with the reason in the name; with `CI=true` they fail instead.
 */
export function needs(
  ...services: Service[]
): (name: string, fn: (t: Deno.TestContext) => void | Promise<void>) => void {
  const missing = services.map(whyMissing).filter((reason) => reason !== null).join("; ");
  return (name, fn) => {
    if (missing === "") return Deno.test(name, fn);
    if (Deno.env.get("CI") === "true") {
      return Deno.test(name, () => {
        throw new Error(`${missing}; with CI=true nothing may be skipped: run \`deno task services\``);
      });
    }
    Deno.test({ name: `${name} [skipped: ${missing}]`, ignore: true, fn });
  };
}

/** Chromium's executable: `TEST_CHROMIUM` where given, else the first one found. */
export function chromiumPath(): string | null {
  const given = Deno.env.get("TEST_CHROMIUM");
  const names = given ? [given] : ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
  return names.find((name) => runs(name, "--version")) ?? null;
}

function noKafka(): string | null {
  const java = javaVersion();
  if (java === null) return "Java 17 is not installed";
  if (java < 17) return `Java is ${java}, Kafka needs 17`;
  return kafkaJarsAreHere() || runs("mvn", "--version")
    ? null
    : "Maven is not installed, to fetch Kafka's jars";
}

function javaVersion(): number | null {
  const said = output("java", "-version");
  return said === null ? null : Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
}

function runs(program: string, ...args: string[]): boolean {
  return output(program, ...args) !== null;
}

/** What a program prints; null where there is none of that name or it fails (a stub that advertises a package). */
function output(program: string, ...args: string[]): string | null {
  try {
    const { success, stdout, stderr } = new Deno.Command(program, { args, stdin: "null" }).outputSync();
    return success ? new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
