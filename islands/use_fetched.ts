/**
 * What a page shows beside the results: asked for again when the page has moved on.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";

/** What can be asked for; what says nothing of an election is always taken as it comes. */
interface Answer {
  readonly version: number;
  readonly election?: { readonly id: string };
}

/**
 * The newest answer of `url`, at first what the page came with, if anything; of one election never an older one. It is
 * asked for every `everyMs` at most, when `moment` is another one than it was asked for, or while the answer is older
 * than the results shown; never while `moment` is null.
 */
export function useFetched<T extends Answer | null>(
  url: string,
  initial: T,
  moment: unknown,
  version: number,
  everyMs = 1_000,
): T {
  const [answer, setAnswer] = useState(initial);
  const current = useRef({ moment, version });
  current.current = { moment, version };
  useEffect(() => {
    let ended = false;
    let newest = initial;
    let askedFor = moment;
    let timer: ReturnType<typeof setTimeout>;

    async function look(): Promise<void> {
      const { moment, version } = current.current;
      const isStale = moment !== null && (moment !== askedFor || (newest?.version ?? -1) < version);
      if (isStale && !document.hidden) {
        const received = await ask<T>(url);
        if (ended) return;
        if (received !== null) {
          askedFor = moment;
          if (!isOlder(received, newest)) setAnswer(newest = received);
        }
      }
      timer = setTimeout(look, everyMs);
    }

    timer = setTimeout(look, everyMs);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [url]);
  return answer;
}

/** A server that counts its log again is behind what was seen already. */
function isOlder(received: Answer, newest: Answer | null): boolean {
  if (received.election === undefined || received.election.id !== newest?.election?.id) return false;
  return received.version < newest.version;
}

/** A network that swallows everything answers nothing, and ends nothing either. */
const PATIENCE_MS = 3_000;

/** Null where there is no answer: the live stream says what is wrong. */
async function ask<T>(url: string): Promise<T | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return response.status === 200 ? await response.json() : null;
  } catch {
    return null;
  }
}
