/**
 * Says the sentence to assistive technology when it changed, politely and not more often than can be heard.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { type LiveResults, sentence } from "./sentence.ts";

const EVERY_MS = 20_000;

/** A live region, out of sight and empty at first: the page itself was just read. */
export function Announcer({ results }: { results: LiveResults }) {
  const current = sentence(results);
  const newest = useRef(current);
  newest.current = current;
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    const first = newest.current;
    const timer = setInterval(() => {
      setSaid((before) => newest.current === (before ?? first) ? before : newest.current);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <p class="unseen" aria-live="polite">{said}</p>;
}
