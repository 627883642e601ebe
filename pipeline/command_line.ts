/**
 * The command line: which command, and its flags.
 * @module
 */
import { parseArgs } from "node:util";
import { parseEventTime } from "./event_time.ts";
import { Fault } from "./fault.ts";
import { REJECTED_ACTIONS, type RejectedAction } from "./rejected_command.ts";
import { flagsOfSettings } from "./settings.ts";

/** What `--help` says. */
export const USAGE = `Usage: deno task COMMAND [FLAGS]

  dev      a live demo election in this process, on http://localhost:8000 unless PORT says otherwise
  start    serve and count, without a demo
  demo     a demo election's people and votes into the configured log
  rejected list      the records on votes_rejected (needs TELLER_SINKS=on), with reasons; JSON off a terminal
  rejected replay    append those that would count now, and say what would be rejected again
  recount  count again from the log's first record, and say where a copy of the count differs
  backup DIR         copy DATA_DIR to a new folder, while Teller runs or not

Flags of dev and demo (they win over the TELLER_DEMO_* settings):
  --voters N       how many people vote
  --rate N         votes per second; 0: as fast as it goes
  --seed N         which people, and how they choose
  --candidates N   how many stand
  --start TIME     when the voting day began, e.g. 2026-05-07T07:00:00Z
  --fresh          put the election that is in DATA_DIR aside and begin another
`;

/** The commands; main.ts runs them. */
const COMMANDS = ["dev", "start", "demo", "rejected", "recount", "backup"] as const;
/** A command's name. */
export type CommandName = typeof COMMANDS[number];

/** A command and its flags. */
export interface CommandLine {
  readonly command: CommandName;
  /** Flags that win over a setting, by the flag's name; not checked yet. */
  readonly settingFlags: Record<string, string>;
  /** --fresh: the election in DATA_DIR is put aside first. */
  readonly fresh: boolean;
  /** --start: when the demo's voting day began, epoch ms. */
  readonly startAt: number | null;
  /** What `rejected` is to do; null for other commands. */
  readonly action: RejectedAction | null;
  /** Where `backup` is to copy to, as given; null for other commands. */
  readonly target: string | null;
}

/** @throws {Fault} BAD_SETTING for an unknown command or flag, or a time that is none */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [command, ...rest] = args;
  if (!isCommand(command)) {
    throw new Fault(
      "BAD_SETTING",
      `${command === undefined ? "No command given" : `${command} is no command`}; try --help`,
    );
  }
  const bare = { command, settingFlags: {}, fresh: false, startAt: null, action: null, target: null };
  if (command === "rejected") return { ...bare, action: readAction(rest) };
  if (command === "backup") return { ...bare, target: readTarget(rest) };
  const { fresh, start, ...settingFlags } = readFlags(command, rest);
  const startAt = start === undefined ? null : parseEventTime(start);
  if (Number.isNaN(startAt)) {
    throw new Fault(
      "BAD_SETTING",
      `--start takes a time such as 2026-05-07T07:00:00Z, got ${JSON.stringify(start)}`,
    );
  }
  return {
    command,
    settingFlags: settingFlags as Record<string, string>,
    fresh: fresh === true,
    startAt,
    action: null,
    target: null,
  };
}

function readAction([action, ...more]: readonly string[]): RejectedAction {
  const known = REJECTED_ACTIONS.find((one) => one === action);
  if (known !== undefined && more.length === 0) return known;
  throw new Fault("BAD_SETTING", `rejected takes ${REJECTED_ACTIONS.join(" or ")}; try --help`);
}

function readTarget([target, ...more]: readonly string[]): string {
  if (target !== undefined && !target.startsWith("-") && more.length === 0) return target;
  throw new Fault("BAD_SETTING", "backup takes one folder to copy to; try --help");
}

function isCommand(name: string | undefined): name is CommandName {
  return (COMMANDS as readonly (string | undefined)[]).includes(name);
}

function readFlags(command: CommandName, args: string[]): Record<string, string | boolean | undefined> {
  const text = { type: "string" } as const;
  const ofDemo = Object.fromEntries([...flagsOfSettings(), "start"].map((name) => [name, text]));
  const options = command === "start" || command === "recount"
    ? {}
    : { ...ofDemo, fresh: { type: "boolean" } as const };
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (cause) {
    const { message } = cause as Error; // parseArgs throws nothing else than what the user did wrong
    throw new Fault("BAD_SETTING", `${command}: ${message.split(/\.\s/)[0]}; try --help`, { cause });
  }
}
