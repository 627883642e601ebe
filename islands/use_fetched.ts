/**
 * What a page shows beside the results: asked for again when the page has moved on.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";

/**
 * The newest answer of `url`, at first what the page came with, if anything. It is asked for every `everyMs` at most,
 * when `moment` is another one than it was asked for, or while the answer is older than the results shown.
 */
export function useFetched<T extends { version: number } | null>(
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
    const ended = new AbortController();
    let newest = initial;
    let askedFor = moment;
    let timer: ReturnType<typeof setTimeout>;

    async function look(): Promise<void> {
      const { moment, version } = current.current;
      if (moment !== askedFor || (newest?.version ?? -1) < version) {
        const received = await ask<T>(url, ended.signal);
        if (ended.signal.aborted) return;
        if (received !== null) {
          askedFor = moment;
          setAnswer(newest = received);
        }
      }
      timer = setTimeout(look, everyMs);
    }

    timer = setTimeout(look, everyMs);
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [url]);
  return answer;
}

/** Null where there is no answer: the live stream says what is wrong. */
async function ask<T>(url: string, signal: AbortSignal): Promise<T | null> {
  try {
    const response = await fetch(url, { signal });
    return response.status === 200 ? await response.json() : null;
  } catch {
    return null;
  }
}
