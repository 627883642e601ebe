/**
 * Says each outage and its end once, however many connections meet it and however often they try.
 * @module
 */

/** What is out of order right now, by name (a broker's address, a partition). */
export interface Notices {
  /** Something does not work; said unless it has been since it last worked. */
  down(name: string, reason: string): void;
  /** It works (again). */
  up(name: string): void;
  /** Something else to know. */
  say(message: string): void;
}

/** @param onNotice gets whole sentences for the operator; they hold no secrets. */
export function createNotices(onNotice: (message: string) => void): Notices {
  const downSinceMs = new Map<string, number>();
  return {
    say: onNotice,
    down(name, reason) {
      if (downSinceMs.has(name)) return;
      downSinceMs.set(name, Date.now());
      onNotice(`${name}: ${reason}. Trying again`);
    },
    up(name) {
      const since = downSinceMs.get(name);
      if (since === undefined) return;
      downSinceMs.delete(name);
      onNotice(`${name}: works again, after ${Math.ceil((Date.now() - since) / 1000)} s`);
    },
  };
}
