/**
 * Durability of names: that a file exists under its name is kept by its folder, which has to be synced as well.
 * @module
 */

/** Syncs a folder to the disk; where folders can't be opened, as on Windows, it is left to the system. */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}

/** The same off the main thread. */
export async function syncFolderAside(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path);
  await folder.sync();
}
