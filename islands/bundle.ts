/**
 * Builds `dist/assets/`: the browser's scripts, the styles and the icon under names that hold a hash of their
 * content, each also compressed, and `manifest.json`, which maps their plain names to those. With `--watch` it goes
 * on at every change.
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The plain name of each asset, and where it is made from. */
const ENTRIES = [
  { out: "overview", in: "islands/mount.ts" },
  { out: "pages", in: "islands/mount_pages.ts" },
  { out: "race", in: "islands/mount_race.ts" },
  { out: "sql", in: "islands/mount_sql.ts" },
  { out: "style", in: "islands/style.css" },
  { out: "pages", in: "islands/pages.css" },
  { out: "icon", in: "islands/icon.svg" },
];

/** By what is added to a file's name. Quality 9: 11 takes ten times as long for 5%. */
const COMPRESSORS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  ".br": (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ".gz": (bytes) => gzipSync(bytes, { level: 9 }),
};

/** Builds into `outDir`: once, or at every change until the process is ended. */
export async function bundle(outDir: string, { watch = false } = {}): Promise<void> {
  const options: esbuild.BuildOptions = {
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: outDir,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    splitting: true,
    bundle: true,
    format: "esm",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    target: ["chrome111", "firefox115", "safari16.4"],
    metafile: true,
    logLevel: "warning",
    plugins: [manifest(outDir)],
  };
  if (watch) return await (await esbuild.context(options)).watch();
  await esbuild.build(options);
  await esbuild.stop();
}

/**
 * Writes the manifest after every good build, beside and then in place, so that a reader never sees half of it,
 * and removes what earlier builds left.
 */
function manifest(outDir: string): esbuild.Plugin {
  const entries = new Set(ENTRIES.map((entry) => entry.in));

  function write({ errors, metafile }: esbuild.BuildResult): void {
    if (errors.length > 0) return;
    const names: Record<string, string> = {};
    for (const [path, { entryPoint }] of Object.entries(metafile!.outputs)) {
      const name = basename(path);
      // Chunks are shared or loaded later: only scripts name them, by their hashed name.
      names[entries.has(entryPoint ?? "") ? plainName(name) : name] = name;
    }
    const file = join(outDir, "manifest.json");
    Deno.writeTextFileSync(`${file}.new`, JSON.stringify(names, null, 2) + "\n");
    Deno.renameSync(`${file}.new`, file);
    const current = new Set([
      "manifest.json",
      ...Object.values(names).flatMap((name) => compress(outDir, name)),
    ]);
    for (const { name } of Deno.readDirSync(outDir)) {
      if (!current.has(name)) Deno.removeSync(join(outDir, name));
    }
  }
  return { name: "manifest", setup: (build) => build.onEnd(write) };
}

/** Compresses a file as browsers may ask for it, if no earlier build has, and gives the names of all its forms. */
function compress(dir: string, name: string): string[] {
  const file = join(dir, name);
  for (const [extension, compressed] of Object.entries(COMPRESSORS)) {
    if (existsSync(file + extension)) continue;
    Deno.writeFileSync(`${file}${extension}.new`, compressed(Deno.readFileSync(file)));
    Deno.renameSync(`${file}${extension}.new`, file + extension);
  }
  return [name, ...Object.keys(COMPRESSORS).map((extension) => name + extension)];
}

/** `overview-ABCDEFGH.js` → `overview.js`. */
function plainName(hashedName: string): string {
  const extension = extname(hashedName);
  return basename(hashedName, extension).replace(/-[A-Z0-9]+$/, "") + extension;
}

if (import.meta.main) {
  await bundle(join(ROOT, "dist", "assets"), { watch: Deno.args.includes("--watch") });
}
