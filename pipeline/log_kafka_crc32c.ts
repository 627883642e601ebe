/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches: by a native library, which uses the processor's own
 * instructions for it (node:zlib has CRC-32 only).
 * @module
 */
import { createRequire } from "node:module";
import process from "node:process";

type Crc32c = typeof import("@node-rs/crc32").crc32c;

/** What each system's library is named for besides: the C library that it needs. */
const ABI: Partial<Record<NodeJS.Platform, string>> = { linux: "-gnu", win32: "-msvc" };

let library: Crc32c | null = null;

/** The checksum of bytes[start … end). */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  library ??= load();
  return library(bytes.subarray(start, end));
}

/**
 * Not before it is needed: not every command may load it. The package's own loader is left out, as it looks for the C
 * library in files and reports that Teller may not read, and Deno runs on few systems.
 */
function load(): Crc32c {
  // From the folder that holds node_modules: looking for that elsewhere is not allowed either.
  const loader = createRequire(new URL("../deno.json", import.meta.url)).resolve("@node-rs/crc32");
  const name = `@node-rs/crc32-${process.platform}-${process.arch}${ABI[process.platform] ?? ""}`;
  return createRequire(loader)(name).crc32c;
}
