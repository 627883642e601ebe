/**
 * Counts wrong tokens by address, in bounded memory.
 * @module
 */

/** Wrong tokens by address, over a minute. */
export interface Failures {
  note(address: string): void;
  /** How long an address is still refused; 0 where it isn't. */
  blockedForMs(address: string): number;
}

const SPAN_MS = 60_000;
const MAX_FAILURES = 30;
const MAX_ADDRESSES = 10_000;

interface Count {
  readonly until: number;
  failures: number;
}

/** No failures yet. */
export function createFailures(now: () => number): Failures {
  /** In the order in which they began, which is that in which they end. */
  const counts = new Map<string, Count>();
  return {
    note(address) {
      const from = networkOf(address);
      for (const [name, { until }] of counts) {
        if (until > now() && counts.size < MAX_ADDRESSES) break;
        counts.delete(name);
      }
      const count = counts.get(from) ?? { until: now() + SPAN_MS, failures: 0 };
      counts.set(from, count);
      count.failures++;
    },
    blockedForMs(address) {
      const count = counts.get(networkOf(address));
      if (count === undefined || count.failures < MAX_FAILURES) return 0;
      return Math.max(0, count.until - now());
    },
  };
}

/** Of an IPv6 address its first 64 bits: whoever has one has them all. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head, tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const last = tail === "" ? [] : tail.split(":");
    while (groups.length + last.length < 8) groups.push("0");
    groups.push(...last);
  }
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}
