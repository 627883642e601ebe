/**
 * The embedded log's derived topics: a table of single records, as few are written and nobody waits for them.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { OutputRecord, StoredOutput } from "./log.ts";

/** The derived topics in the log's file. Nothing here opens a transaction: the file does. */
export interface OutputTable {
  /** Stores the records and gives the first one's offset; of a compacted topic, what they replace goes. */
  append(topic: string, compacted: boolean, records: readonly OutputRecord[], timestamp: number): number;
  /** The offset behind the last record. */
  end(topic: string): number;
  /** Some records from an offset on and before another, in their order; none where there are no more. */
  page(topic: string, from: number, end: number): StoredOutput[];
}

const PAGE_RECORDS = 500;

// No checksum, unlike the log itself: all of it can be derived again.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS outputs (
    topic TEXT NOT NULL,
    offset INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    key BLOB,
    value BLOB,
    headers TEXT NOT NULL,
    PRIMARY KEY (topic, offset)
  );
  CREATE INDEX IF NOT EXISTS outputs_by_key ON outputs (topic, key)`;

/** Opens the table, and makes it where the file has none yet. */
export function openOutputTable(db: DatabaseSync): OutputTable {
  db.exec(SCHEMA);
  const insert = db.prepare("INSERT INTO outputs VALUES (?, ?, ?, ?, ?, ?)");
  const replace = db.prepare("DELETE FROM outputs WHERE topic = ? AND key = ?");
  const newest = db.prepare("SELECT max(offset) AS offset FROM outputs WHERE topic = ?");
  const following = db.prepare(
    "SELECT offset, timestamp, key, value, headers FROM outputs " +
      `WHERE topic = ? AND offset >= ? AND offset < ? ORDER BY offset LIMIT ${PAGE_RECORDS}`,
  );
  const end = (topic: string) => {
    const { offset } = newest.get(topic) as { offset: number | null };
    return offset === null ? 0 : offset + 1;
  };
  return {
    append(topic, compacted, records, timestamp) {
      const first = end(topic);
      records.forEach(({ key, value, headers }, i) => {
        if (compacted) replace.run(topic, key);
        insert.run(topic, first + i, timestamp, key, value, JSON.stringify(headers));
      });
      return first;
    },
    end,
    page: (topic, from, end) =>
      following.all(topic, from, end).map((row) => {
        const { headers, ...rest } = row as unknown as Omit<StoredOutput, "headers"> & { headers: string };
        return { ...rest, partition: 0, headers: JSON.parse(headers) };
      }),
  };
}
