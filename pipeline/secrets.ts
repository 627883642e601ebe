/**
 * The two secrets of an instance: who may administer the election, and what voting tokens are made with.
 * @module
 */
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { syncFolder } from "./durable.ts";
import { Fault } from "./fault.ts";

/** The files in DATA_DIR that hold a secret that no setting gives. */
export const SECRET_FILES = { adminToken: "admin_token", votingSecret: "teller_secret" } as const;

/** The secrets as text, and the files that hold those which no setting gave. Never shown. */
export interface Secrets {
  readonly adminToken: string;
  readonly votingSecret: string;
  /** Where the admin token can be read by this machine's owner; null where ADMIN_TOKEN is set. */
  readonly adminTokenPath: string | null;
  /** Paths of the files that were made just now. */
  readonly made: readonly string[];
}

/**
 * Takes the secrets that are set, and from `dir` the others; makes those at the first start (mode 0600).
 * @throws {Fault} DATA_DIR_UNUSABLE where such a file can't be read or made, or is empty
 */
export function openSecrets(
  dir: string,
  given: { readonly ADMIN_TOKEN: string | null; readonly TELLER_SECRET: string | null },
): Secrets {
  const made: string[] = [];
  const open = (setting: string | null, file: string) => setting ?? fromFile(`${dir}/${file}`, made);
  return {
    adminToken: open(given.ADMIN_TOKEN, SECRET_FILES.adminToken),
    votingSecret: open(given.TELLER_SECRET, SECRET_FILES.votingSecret),
    adminTokenPath: given.ADMIN_TOKEN === null ? `${dir}/${SECRET_FILES.adminToken}` : null,
    made,
  };
}

function fromFile(path: string, made: string[]): string {
  try {
    const held = readIfThere(path);
    if (held === null) {
      made.push(path);
      return make(path);
    }
    if (held !== "") return held;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : "unknown reason";
    throw new Fault("DATA_DIR_UNUSABLE", `${path} can't be read or made: ${reason}`, { cause });
  }
  throw new Fault("DATA_DIR_UNUSABLE", `${path} is empty: put its content back, or remove it for a new one`);
}

function readIfThere(path: string): string | null {
  try {
    const held = Deno.readTextFileSync(path).trim();
    // A copy or an editor may have opened it to others.
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
    return held;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Written beside and renamed, so that a crash leaves a whole secret or none. */
function make(path: string): string {
  const secret = randomBytes(32).toString("base64url");
  const beside = `${path}.new`;
  using file = Deno.openSync(beside, { write: true, create: true, truncate: true, mode: 0o600 });
  file.writeSync(new TextEncoder().encode(`${secret}\n`));
  file.syncSync();
  Deno.renameSync(beside, path);
  syncFolder(dirname(path));
  return secret;
}
