/**
 * Apache Kafka's own jars, fetched once by Maven into `.services/` at the project's root.
 * @module
 */
import { fileURLToPath } from "node:url";

const POM = fileURLToPath(new URL("./pom.xml", import.meta.url));
const CACHE = fileURLToPath(new URL("../../.services", import.meta.url));

/** The release that tests run against; the folder's name carries it, so a new one is fetched anew. */
const KAFKA_VERSION = "3.9.1";
const JARS = `${CACHE}/kafka-${KAFKA_VERSION}`;

const GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** Whether the jars are there already, so that Maven isn't needed. */
export function kafkaJarsAreHere(): boolean {
  try {
    return Deno.statSync(JARS).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Java's class path of the broker and its tools; the first call on a machine downloads some 50 MB. */
export async function kafkaClassPath(): Promise<string> {
  if (!kafkaJarsAreHere()) await fetchJars();
  return `${JARS}/*`;
}

/** Maven copies beside and the folder is renamed into place, so an interrupted download is never mistaken for all. */
async function fetchJars(): Promise<void> {
  await Deno.mkdir(CACHE, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: CACHE, prefix: "fetching-" });
  const { success, stdout, stderr } = await new Deno.Command("mvn", {
    args: ["-q", "-B", "-f", POM, GOAL, "-DincludeScope=runtime", `-DoutputDirectory=${fresh}`],
    stdin: "null",
  }).output();
  if (!success) {
    await Deno.remove(fresh, { recursive: true });
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    throw new Error(`Maven could not fetch Kafka ${KAFKA_VERSION}:\n${said.trim()}`);
  }
  try {
    await Deno.rename(fresh, JARS);
  } catch (error) {
    // Another process was quicker: its folder is as good as ours.
    await Deno.remove(fresh, { recursive: true });
    if (!kafkaJarsAreHere()) throw error;
  }
}
