/**
 * The system's Chromium for tests in a real browser.
 * @module
 */
import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "./available.ts";

/** A name by which pages of this machine's servers are such as come from another one, by plain HTTP. */
export const OTHER_MACHINE = "another-machine.test";

/** Quiet on the network, and able to run in a container as root. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${OTHER_MACHINE} 127.0.0.1`,
];

/** Launches a browser of the test's own, to be closed by it (`await using` does). */
export async function launchChromium(): Promise<Browser> {
  const executable = chromiumPath();
  if (executable === null) throw new Error("Chromium is not installed (see TEST_CHROMIUM)");
  return await chromium.launch({ executablePath: await absolute(executable), args: ARGUMENTS });
}

/** playwright takes a path only. */
async function absolute(program: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", 'command -v "$1"', "sh", program] })
    .output();
  return new TextDecoder().decode(stdout).trim();
}
