/**
 * The demo as a command: what it takes, what it says, and that there is one at a time.
 * @module
 */
import { z } from "zod";
import { type Command, type CommandIo, createTurn } from "./commands.ts";
import { runDemo } from "./demo.ts";
import { Fault } from "./fault.ts";
import { type EventLog, TOPIC_NAMES } from "./log.ts";
import { isOpen, type Rules } from "./record.ts";

/** What a demo is asked for. */
export interface DemoInput {
  readonly voters: number;
  readonly candidates: number;
  readonly seed: number;
  /** Votes per second; 0: as fast as it goes; null: a voting day in half an hour. */
  readonly rate: number | null;
  /** When the voting day began, epoch ms. */
  readonly startAt: number | null;
}

/** Runs a demo and says what stands at its end; true where every voter has voted. */
export type DemoRun = (input: DemoInput, io: CommandIo) => Promise<boolean>;

/**
 * Makes the demo of a log; a second one while it runs is refused, or voters would vote twice. So is one outside the
 * opening hours: every vote would be rejected, which can't be undone in a log.
 */
export function createDemo(log: EventLog, hours: Pick<Rules, "opensAt" | "closesAt">): DemoRun {
  const inTurn = createTurn("A demo");
  return (input, { progress, say, signal }) =>
    inTurn(async () => {
      if (!isOpen(Date.now(), hours)) {
        throw new Fault(
          "BAD_SETTING",
          "Voting isn't open: a demo takes TELLER_OPENS and TELLER_CLOSES around the present",
        );
      }
      const startedAt = performance.now();
      let votingAt = NaN;
      const outcome = await runDemo({
        ...input,
        log,
        now: Date.now,
        signal,
        progress({ stage, done, total }) {
          if (stage === "votes" && Number.isNaN(votingAt)) votingAt = performance.now();
          progress(stage, done, total);
        },
      });
      const secondsSince = (at: number) => ((performance.now() - at) / 1000).toFixed(1);
      const rest = outcome.done ? "every voter has voted" : "run the command again to go on";
      say(
        `${grouped(outcome.voters)} voters and ${grouped(outcome.votes)} votes stand after ` +
          `${secondsSince(startedAt)} s, of which voting took ${secondsSince(votingAt)} s; ${rest}`,
      );
      return outcome.done;
    });
}

const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

/** The demo as the owner of DATA_DIR runs it for another process; what is not given is as in `defaults`. */
export function demoCommand(log: EventLog, run: DemoRun, defaults: DemoInput): Command {
  const INPUT = z.strictObject({
    voters: wholeNumber(1, 100_000_000).default(defaults.voters),
    candidates: wholeNumber(1, 26).default(defaults.candidates),
    seed: wholeNumber(0, 2 ** 32 - 1).default(defaults.seed),
    rate: wholeNumber(0, 10_000_000).nullable().default(defaults.rate),
    startAt: z.int().nullable().default(defaults.startAt),
    fresh: z.boolean().default(false),
  });
  return async (input, io) => {
    const read = INPUT.safeParse(input);
    if (!read.success) throw new Fault("BAD_SETTING", z.prettifyError(read.error));
    const { fresh, ...demo } = read.data;
    if (fresh && !await isEmpty(log)) {
      throw new Fault(
        "ELECTION_EXISTS",
        "An election that is being counted can't be put aside: stop the Teller that owns this DATA_DIR first",
      );
    }
    await run(demo, io);
  };
}

/** Whether nothing has been appended to the log yet. */
export async function isEmpty(log: EventLog): Promise<boolean> {
  const ends = await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic)));
  return ends.flat().every((end) => end === 0);
}

function grouped(n: number): string {
  return n.toLocaleString("en-GB");
}
