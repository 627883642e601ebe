/**
 * Fail points: named places where the process kills itself when a test says so, and nowhere else.
 *
 * They are where a crash would hurt: between two writes that belong together. A signal comes at a random moment;
 * these come at the worst one.
 * @module
 */

/** Every fail point, by what has happened when it is reached. */
export const FAIL_POINTS = [
  "ingest.after_append", // a record is durable, and nobody has been told
  "snapshot.mid", // some of a snapshot's files are written
  "snapshot.before_rename", // all of them are, but the snapshot isn't there yet
  "snapshot.after_rename", // it is there, and nobody has been told
  "sink.postgres.mid", // a batch's rows are in the transaction, the position past them is not
  "sink.topics.mid", // one of the aggregated topics is written, the others are not
  "sink.rejected.mid", // a batch's rejected records are written, and nobody knows
] as const;

/** A fail point's name. */
export type FailPoint = typeof FAIL_POINTS[number];

/** Where to die. */
export interface FailPointPlan {
  readonly name: FailPoint;
  /** At which time of reaching it; from 1. */
  readonly time: number;
}

let armed: FailPointPlan | null = null;
let reached = 0;

/** Says where this process is to die; nothing else makes a fail point do anything. */
export function armFailPoint(plan: FailPointPlan | null): void {
  armed = plan;
  reached = 0;
}

/** Dies here, by SIGKILL of its own, if a test said so: no handler runs and nothing is flushed. */
export function failPoint(name: FailPoint): void {
  if (armed?.name === name && ++reached === armed.time) Deno.kill(Deno.pid, "SIGKILL");
}
