/**
 * How up to date a page is, in words, and how often it may change, as pure markup.
 * @module
 */
import { ago, count, moment } from "./format.ts";
import type { LiveState } from "./live_state.ts";
import { messages } from "./messages.ts";
import { FASTEST_SECONDS, type Pace, SLOWEST_SECONDS } from "./pace.ts";
import { isClosed } from "./sentence.ts";

/** What the browser adds: the time, and what the controls do. */
export interface ControlActions {
  nowMs: number;
  setPace(pace: Pace): void;
  refresh(): void;
}

/** What is shown; without actions it is a form, which loads the page again at another pace. */
export interface ControlProps {
  state: LiveState;
  /** The rest of the address's query, which the form keeps. */
  kept: readonly (readonly [string, string])[];
  actions?: ControlActions;
}

const text = messages.control;

/** The bar above every live page. */
export function ControlView({ state, kept, actions }: ControlProps) {
  const { pace, shown: { results }, shownAtMs } = state;
  const wrong = standing(state);
  const updated = actions ? text.updated(ago(actions.nowMs - shownAtMs)) : null;
  return (
    <section class="control" aria-label={text.label}>
      <p class="control-words">
        {text.asOf} <time dateTime={results.as_of}>{moment(results.as_of)}</time>,{" "}
        {text.version(count(results.version))}. <span class="updated">{updated}</span>
      </p>
      <p class="notice">
        <span role="status">{wrong}</span>
        {wrong === null && <span class="held">{actions && held(state)}</span>}
      </p>
      <form
        method="get"
        onSubmit={actions && ((event) => {
          event.preventDefault();
          actions.refresh();
        })}
      >
        {kept.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <label class="slider">
          <span>{text.every}</span>
          <Slider pace={pace} setPace={actions?.setPace} />
          <output class="pace">{paceInWords(pace)}</output>
        </label>
        <button type="submit">{text.refresh}</button>
        <button
          type="button"
          class={actions ? undefined : "later"}
          onClick={actions && (() => actions.setPace({ ...pace, paused: !pace.paused }))}
        >
          {pace.paused ? text.resume : text.pause}
        </button>
      </form>
    </section>
  );
}

function Slider({ pace, setPace }: { pace: Pace; setPace?: (pace: Pace) => void }) {
  return (
    <input
      type="range"
      name="every"
      min={0}
      max={SLOWEST_SECONDS}
      step={FASTEST_SECONDS}
      value={pace.everySeconds}
      aria-valuetext={pace.everySeconds === 0 ? text.live : text.secondsSpoken(String(pace.everySeconds))}
      onInput={setPace &&
        ((event) => setPace({ ...pace, everySeconds: Number(event.currentTarget.value) }))}
    />
  );
}

function paceInWords({ everySeconds }: Pace): string {
  return everySeconds === 0 ? text.live : text.seconds(String(everySeconds));
}

/** What keeps the page from showing the newest of everything, the worst first; null where nothing does. */
export function standing({ connection, newest, vitals, pace }: LiveState): string | null {
  const words = messages.standing;
  if (connection === "lost") return words.lost;
  if (newest.serverVersion !== null) return words.behind(count(newest.serverVersion));
  if (vitals.log === "opening") return words.opening;
  if (vitals.log === "away") return words.away;
  if (pace.paused) return words.paused;
  // After closing time the sentence says so.
  return newest.results.catching_up && !isClosed(newest.results) ? words.catchingUp : null;
}

/** When all is well, what is to be expected. */
function held({ connection, pace: { everySeconds } }: LiveState): string | null {
  if (connection !== "live") return null;
  return everySeconds === 0 ? messages.standing.live : messages.standing.held(String(everySeconds));
}
