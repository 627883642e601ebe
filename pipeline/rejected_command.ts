/**
 * `rejected` as a command: what it takes, and what it says of rejected records, never whose they are.
 * @module
 */
import { z } from "zod";
import { type Command, createTurn } from "./commands.ts";
import { Fault } from "./fault.ts";
import type { EventLog, Position } from "./log.ts";
import type { Rules } from "./record.ts";
import { listRejected, type Rejected, type Replayed, replayRejected } from "./rejected.ts";

/** What can be done with rejected records. */
export const REJECTED_ACTIONS = ["list", "replay"] as const;
/** @see REJECTED_ACTIONS */
export type RejectedAction = typeof REJECTED_ACTIONS[number];

/** What the command takes. */
export interface RejectedInput {
  readonly action: RejectedAction;
  /** Whether every line is JSON, for programs. */
  readonly json: boolean;
}

const INPUT = z.strictObject({ action: z.enum(REJECTED_ACTIONS), json: z.boolean().default(true) });

/** Makes the command for a log; a second replay while one runs is refused, or both would append the same. */
export function rejectedCommand(log: EventLog, rules: Rules): Command {
  const inTurn = createTurn("A replay");
  return async (input, { say, signal }) => {
    const read = INPUT.safeParse(input);
    if (!read.success) throw new Fault("BAD_SETTING", z.prettifyError(read.error));
    const { action, json } = read.data;
    if (action === "list") {
      for await (const rejected of listRejected(log, signal)) {
        await say(json ? asJson(rejected) : asText(rejected));
      }
    } else {
      const replayed = await inTurn(() => replayRejected({ log, rules, now: Date.now, signal }));
      say(json ? JSON.stringify(replayed) : summary(replayed));
    }
  };
}

function asJson({ topic, partition, offset, reason, at, replayedTo }: Rejected): string {
  return JSON.stringify({
    topic,
    partition,
    offset,
    reason,
    at: new Date(at).toISOString(),
    replayed_to: replayedTo,
  });
}

function asText({ topic, partition, offset, reason, at, replayedTo }: Rejected): string {
  const place = `${topic} ${nameOf({ partition, offset })}`.padEnd(32);
  const replayed = replayedTo === null ? "" : `  replayed to ${nameOf(replayedTo)}`;
  return `${place} ${reason.padEnd(15)} ${new Date(at).toISOString()}${replayed}`;
}

function summary({ appended, again, before }: Replayed): string {
  const skipped = Object.entries(again).map(([reason, n]) => `${n} ${reason}`);
  const lines = [`Appended again: ${appended}`, `Skipped, replayed before: ${before}`];
  lines.push(`Skipped, would be rejected again: ${skipped.length === 0 ? "0" : skipped.join(", ")}`);
  return lines.join("\n");
}

const nameOf = ({ partition, offset }: Position) => `${partition}/${offset}`;
