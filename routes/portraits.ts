/**
 * `GET /portraits/ID.svg`: a face for any id, drawn here from the id alone. Nothing is fetched or stored.
 *
 * The drawings are "Notionists" by Zoish (https://heyzoish.gumroad.com/l/notionists), CC0 1.0.
 * @module
 */
import { Avatar, Style } from "@dicebear/core";
import notionists from "@dicebear/styles/notionists.json" with { type: "json" };
import type { Env, Handler } from "hono";
import { problem } from "./problem.ts";

const style = new Style(notionists);

// What a candidate might wear to a count: no gestures, slogans or open mouths.
const SOBER = {
  gestureProbability: 0,
  clothesGraphicProbability: 0,
  glassesProbability: 0,
  beardProbability: 8,
  mouthVariant: ["variant03", "variant05", "variant06", "variant18", "variant22", "variant23"],
  clothesVariant: ["variant13", "variant14", "variant16", "variant17", "variant19", "variant20", "variant21"],
  backgroundColor: ["e8e3d8"],
} as const;

const MAX_CACHED = 256;

/** Draws the portrait of an id; the same id always gets the same one, and the id itself is not in it. */
export function drawPortrait(id: string): string {
  return new Avatar(style, { ...SOBER, seed: id, size: 160 }).toString();
}

/** Answers with the portrait of an id of 1–128 characters; there is no list of who exists. */
export function getPortrait(): Handler<Env, "/portraits/:file"> {
  const drawn = new Map<string, string>();
  return (c) => {
    const id = idOf(c.req.param("file"));
    if (id === null) {
      return problem(c, "not_found", "A portrait is at /portraits/ID.svg, ID of 1–128 characters.");
    }
    let svg = drawn.get(id);
    if (svg === undefined) {
      svg = drawPortrait(id);
      // The oldest goes first: the few candidates asked for all the time are quickly drawn again.
      if (drawn.size >= MAX_CACHED) drawn.delete(drawn.keys().next().value!);
      drawn.set(id, svg);
    }
    return c.body(svg, 200, {
      "Content-Type": "image/svg+xml",
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  };
}

function idOf(file: string): string | null {
  if (!file.endsWith(".svg")) return null;
  const id = file.slice(0, -".svg".length);
  const characters = [...id].length;
  return characters >= 1 && characters <= 128 ? id : null;
}
