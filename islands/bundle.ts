/**
 * Builds `dist/assets/`: the browser's scripts, the styles and the icon, and the widget for other sites, under names
 * that hold a hash of their content, each also compressed, and `manifest.json`, which maps their plain names to those.
 * With `--watch` it goes on at every change.
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { RELEASES } from "../widget/releases.ts";
import { THEME_CSS } from "./theme_css.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

interface Entry {
  /** The plain name of an asset, without its extension. */
  out: string;
  /** Where it is made from. */
  in: string;
}

const PAGES: Entry[] = [
  { out: "overview", in: "islands/mount.ts" },
  { out: "pages", in: "islands/mount_pages.ts" },
  { out: "race", in: "islands/mount_race.ts" },
  { out: "sql", in: "islands/mount_sql.ts" },
  { out: "configurator", in: "islands/mount_configurator.ts" },
  { out: "embed", in: "islands/embed_frame.ts" },
  { out: "embed", in: "islands/embed.css" },
  { out: "style", in: "islands/style.css" },
  { out: "pages", in: "islands/pages.css" },
  { out: "icon", in: "islands/icon.svg" },
];

/** Apart from the pages, so that it is one file, which shares none with them. */
const WIDGET: Entry[] = [{ out: "widget", in: "widget/v1.ts" }];

/**
 * The oldest browsers that have what pages use, such as `Map.groupBy`. The widget keeps the target that its
 * releases were built for.
 */
const PAGES_TARGET = ["chrome117", "firefox119", "safari17.4"];

/** Files as they are. */
const RELEASED: Entry[] = RELEASES.map((version) => ({
  out: `widget-${version}`,
  in: `widget/releases/${version}.js`,
}));

/** By what is added to a file's name. Quality 9: 11 takes ten times as long for 5%. */
const COMPRESSORS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  ".br": (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ".gz": (bytes) => gzipSync(bytes, { level: 9 }),
};

/** Builds into `outDir`: once, or at every change until the process is ended. */
export async function bundle(outDir: string, { watch = false } = {}): Promise<void> {
  const manifest = createManifest(outDir, 3);
  const builds = [
    { ...optionsFor(PAGES, outDir, manifest), target: PAGES_TARGET },
    optionsFor(WIDGET, outDir, manifest),
    { ...optionsFor(RELEASED, outDir, manifest), loader: { ".js": "copy" as const } },
  ];
  if (watch) {
    for (const options of builds) await (await esbuild.context(options)).watch();
    return;
  }
  for (const options of builds) await esbuild.build(options);
  await esbuild.stop();
}

function optionsFor(
  entryPoints: Entry[],
  outdir: string,
  manifest: (entries: Entry[]) => esbuild.Plugin,
): esbuild.BuildOptions {
  return {
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
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
    plugins: [themeColours, manifest(entryPoints)],
  };
}

/**
 * Makes the plugins that write the manifest of `builds` builds: after every good one, once there was one of each,
 * beside and then in place, so that a reader never sees half of it. What earlier builds left is removed.
 */
function createManifest(outDir: string, builds: number): (entries: Entry[]) => esbuild.Plugin {
  const built = new Map<Entry[], Record<string, string>>();

  function namesOf(entryPoints: Entry[], { outputs }: esbuild.Metafile): Record<string, string> {
    const entries = new Set(entryPoints.map((entry) => entry.in));
    const names: Record<string, string> = {};
    for (const [path, { entryPoint }] of Object.entries(outputs)) {
      const name = basename(path);
      // Chunks are shared or loaded later: only scripts name them, by their hashed name.
      names[entries.has(entryPoint ?? "") ? plainName(name) : name] = name;
    }
    return names;
  }

  function write(): void {
    if (built.size < builds) return;
    const names = Object.assign({}, ...built.values());
    const file = join(outDir, "manifest.json");
    Deno.writeTextFileSync(`${file}.new`, JSON.stringify(names, null, 2) + "\n");
    Deno.renameSync(`${file}.new`, file);
    const current = new Set([
      "manifest.json",
      ...Object.values<string>(names).flatMap((name) => compress(outDir, name)),
    ]);
    for (const { name } of Deno.readDirSync(outDir)) {
      if (!current.has(name)) Deno.removeSync(join(outDir, name));
    }
  }

  return (entries) => ({
    name: "manifest",
    setup: (build) =>
      build.onEnd(({ errors, metafile }) => {
        if (errors.length > 0) return;
        built.set(entries, namesOf(entries, metafile!));
        write();
      }),
  });
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

/** What style sheets import as "theme:colours". */
const themeColours: esbuild.Plugin = {
  name: "theme",
  setup(build) {
    build.onResolve({ filter: /^theme:colours$/ }, ({ path }) => ({ path, namespace: "theme" }));
    build.onLoad({ filter: /.*/, namespace: "theme" }, () => ({ contents: THEME_CSS, loader: "css" }));
  },
};

/** `overview-ABCDEFGH.js` → `overview.js`. */
function plainName(hashedName: string): string {
  const extension = extname(hashedName);
  return basename(hashedName, extension).replace(/-[A-Z0-9]+$/, "") + extension;
}

if (import.meta.main) {
  await bundle(join(ROOT, "dist", "assets"), { watch: Deno.args.includes("--watch") });
}
