/**
 * Turns SVG into PNG, in a worker: a picture takes longer than the count can be held up.
 *
 * WebAssembly, because native code would need a permission, and strangers' names are in the pictures. The font is
 * Source Sans 3 (SIL Open Font License 1.1), as plain TrueType: packed ones take 100 ms more for every picture.
 * @module
 */
/// <reference lib="deno.worker" />
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import type { PaintingJob, PaintingReply } from "./picture_painter.ts";

/** What the words of a picture are drawn in; pictures name it first. */
const FONT = "Source Sans 3";

const read = (url: string) => Deno.readFile(new URL(url));
const fonts = Promise.all([
  read(import.meta.resolve("@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf")),
  read(import.meta.resolve("@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf")),
]);
const ready = read(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")).then(initWasm);

self.onmessage = async ({ data: { svg, width } }: MessageEvent<PaintingJob>) => {
  self.postMessage(await paint(svg, width));
};

async function paint(svg: string, width: number): Promise<PaintingReply> {
  await ready;
  const fontBuffers = await fonts;
  try {
    const drawing = new Resvg(svg, {
      fitTo: { mode: "width", value: width },
      font: { fontBuffers, defaultFontFamily: FONT, sansSerifFamily: FONT },
    });
    const image = drawing.render();
    const png = image.asPng() as Uint8Array<ArrayBuffer>;
    image.free();
    drawing.free();
    return { png };
  } catch (fault) {
    return { failed: String(fault) };
  }
}
