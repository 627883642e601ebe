/**
 * Builds `dist/assets/`: the browser's scripts, the styles and the icon under names that hold a hash of their
 * content, and `manifest.json`, which maps their plain names to those. With `--watch` it goes on at every change.
 * @module
 */
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = join(ROOT, "dist", "assets");

/** The plain name of each asset, and where it is made from. */
const ENTRIES = { overview: "islands/mount.ts", style: "islands/style.css", icon: "islands/icon.svg" };

/**
 * Writes the manifest after every good build, beside and then in place, so that a reader never sees half of it,
 * and removes what earlier builds left.
 */
const manifest: esbuild.Plugin = {
  name: "manifest",
  setup(build) {
    build.onEnd(({ errors, metafile }) => {
      if (errors.length > 0) return;
      const names: Record<string, string> = {};
      for (const [file, { entryPoint }] of Object.entries(metafile!.outputs)) {
        if (entryPoint) names[plainName(file)] = basename(file);
      }
      const file = join(OUT, "manifest.json");
      Deno.writeTextFileSync(`${file}.new`, JSON.stringify(names, null, 2) + "\n");
      Deno.renameSync(`${file}.new`, file);
      const current = new Set(["manifest.json", ...Object.values(names)]);
      for (const { name } of Deno.readDirSync(OUT)) if (!current.has(name)) Deno.removeSync(join(OUT, name));
    });
  },
};

/** `overview-ABCDEFGH.js` → `overview.js`. */
function plainName(file: string): string {
  const extension = extname(file);
  return basename(file, extension).replace(/-[A-Z0-9]+$/, "") + extension;
}

const options: esbuild.BuildOptions = {
  absWorkingDir: ROOT,
  entryPoints: ENTRIES,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".svg": "copy" },
  target: ["chrome111", "firefox115", "safari16.4"],
  metafile: true,
  logLevel: "info",
  plugins: [manifest],
};

/** Builds once, or until the process is ended. */
export async function bundle({ watch }: { watch: boolean }): Promise<void> {
  if (watch) {
    const context = await esbuild.context(options);
    await context.watch();
    return;
  }
  await esbuild.build(options);
  await esbuild.stop();
}

if (import.meta.main) await bundle({ watch: Deno.args.includes("--watch") });
