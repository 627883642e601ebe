/**
 * What a page shows beside the results: asked for again when the page has moved on.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";

const EVERY_MS = 1_000;

/**
 * The newest answer of `url`, at first what the page came with. It is asked for once a second at most, when `moment`
 * is another one than it was asked for, or while the answer is older than the results shown.
 */
export function useFetched<T extends { version: number }>(
  url: string,
  initial: T,
  moment: unknown,
  version: number,
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
      if (moment !== askedFor || newest.version < version) {
        const received = await ask<T>(url, ended.signal);
        if (ended.signal.aborted) return;
        if (received !== null) {
          askedFor = moment;
          setAnswer(newest = received);
        }
      }
      timer = setTimeout(look, EVERY_MS);
    }

    timer = setTimeout(look, EVERY_MS);
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
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
