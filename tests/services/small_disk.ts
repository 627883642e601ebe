/**
 * A disk so small that a test can fill it: a tmpfs of its own, mounted as root, by sudo where that is needed.
 * @module
 */

/** A mounted disk; disposing unmounts it, and what was on it is gone. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes all the space that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
}

/** Mounts a disk of so many MiB. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const path = await Deno.makeTempDir({ prefix: "teller-disk-" });
  await asRoot("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0700,uid=${Deno.uid()}`, "tmpfs", path);
  const ballast = `${path}/ballast`;
  return {
    path,
    fill() {
      using file = Deno.openSync(ballast, { create: true, append: true });
      const block = new Uint8Array(4096);
      try {
        for (;;) file.writeSync(block);
      } catch (error) {
        // Rust has a kind of its own for a full disk, which Deno has no class for.
        if (!/No space left/.test(String(error))) throw error;
      }
    },
    free: () => Deno.removeSync(ballast),
    async [Symbol.asyncDispose]() {
      await asRoot("umount", "--lazy", path);
      await Deno.remove(path);
    },
  };
}

/** Why no disk can be mounted here; null where one can. */
export function whyNoSmallDisk(): string | null {
  if (Deno.build.os !== "linux") return "only Linux has a tmpfs to mount";
  if (Deno.uid() === 0) return mayMount() ? null : "this container may not mount a small disk";
  return succeeds("sudo", "-n", "true") ? null : "only root may mount a small disk";
}

/** Root in a container often lacks the capability that mounting takes, and a namespace of mounts as well. */
function mayMount(): boolean {
  return succeeds("unshare", "--mount", "true");
}

function succeeds(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdin: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function asRoot(...command: string[]): Promise<void> {
  const [program, ...args] = Deno.uid() === 0 ? command : ["sudo", "-n", ...command];
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${command[0]} failed: ${new TextDecoder().decode(stderr)}`);
}
