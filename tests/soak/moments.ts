/**
 * When Teller is killed: at a moment drawn at random, or where it would hurt most.
 * @module
 */
import { FAIL_POINTS, type FailPoint } from "../../pipeline/fail_point.ts";

/** When one run of Teller is to end. */
export type Moment =
  /** So long after the process was started, or after it had counted what stood in the log. */
  | { readonly kind: "random"; readonly since: "start" | "ready"; readonly afterMs: number }
  | { readonly kind: "fail point"; readonly name: FailPoint; readonly time: number };

const LATEST_MS = 2_000;
/** At which time of reaching a point at most: how often each is reached within seconds. */
const MOST_TIMES: Record<FailPoint, number> = {
  "ingest.after_append": 200,
  "snapshot.mid": 2,
  "snapshot.before_rename": 2,
  "snapshot.after_rename": 2,
  "sink.postgres.mid": 8,
  "sink.topics.mid": 8,
  "sink.rejected.mid": 1,
};

/** Draws so many moments: every fail point as often as every other, and as many random ones as all of those. */
export function drawMoments(count: number, random: () => number): Moment[] {
  const moments = Array.from({ length: count }, (_, i): Moment => {
    if (i % 2 === 0) {
      const since = random() < 0.25 ? "start" : "ready";
      return { kind: "random", since, afterMs: Math.floor(LATEST_MS * random()) };
    }
    const name = FAIL_POINTS[Math.floor(i / 2) % FAIL_POINTS.length];
    return { kind: "fail point", name, time: 1 + Math.floor(MOST_TIMES[name] * random()) };
  });
  return shuffle(moments, random);
}

/** What a moment is called in figures. */
export function nameOf(moment: Moment): string {
  return moment.kind === "random" ? `at random after ${moment.since}` : moment.name;
}

/** Fisher and Yates' shuffle. */
function shuffle<T>(list: T[], random: () => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
