/**
 * The embedded log's file: an SQLite database whose rows are whole batches of records, never single ones.
 *
 * `node:sqlite` comes with the runtime. Rows of the shape they are read in make reading a copy of two blobs.
 * @module
 */
import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { Fault } from "./fault.ts";
import { openOutputTable, type OutputTable } from "./log_embedded_outputs.ts";

/** Consecutive records of one partition, as they are stored: one row. */
export interface StoredBatch {
  /** Offset of the first record; the others follow without a gap. */
  readonly base: number;
  readonly n: number;
  /** The log's timestamp of every record in it, epoch ms. */
  readonly timestamp: number;
  /** 4·n bounds as in ReadBatch. */
  readonly bounds: Int32Array;
  readonly bytes: Uint8Array;
}

/** A batch and where it belongs. */
export interface PlacedBatch extends StoredBatch {
  readonly topic: string;
  readonly partition: number;
}

/** What a log was made with; opening it later with other options changes nothing of it. */
export interface LogOrigin {
  readonly electionId: string;
  readonly partitions: number;
  readonly partitioner: string;
}

/** The file, open for reading. */
export interface ReadableLogFile extends Disposable {
  /** The batch that holds an offset below the end, and those behind it until `budget` bytes are reached. */
  read(topic: string, partition: number, offset: number, budget: number): StoredBatch[];
}

/** The open file. Every method throws Faults only. */
export interface LogFile extends ReadableLogFile {
  readonly origin: LogOrigin;
  /** The end offset of a partition and its last timestamp, 0 and 0 where it is empty. */
  end(topic: string, partition: number): { next: number; timestamp: number };
  /** Stores all batches or none of them; on the disk when it returns. */
  append(batches: Iterable<PlacedBatch>): void;
  /** What is derived from the log; `append` is on the disk when it returns. */
  readonly outputs: OutputTable;
}

/** Tells our files from other SQLite databases: "TLLR" in SQLite's application_id. */
const APPLICATION_ID = 0x544c4c52;
const FORMAT_VERSION = 1;

// Measured on batches of 256 KB: with SQLite's default of 4 KB pages reading takes eight times as long, and
// WITHOUT ROWID moves the blobs into the index, which doubles the time to write.
const PAGE_BYTES = 16_384;

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL);
  CREATE TABLE batches (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    base INTEGER NOT NULL,
    n INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    bounds BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (topic, partition, base)
  );`;

/**
 * Opens the file, or makes it with the given origin where there is none.
 * @throws {Fault} DATA_DIR_UNUSABLE where the file is not ours, damaged or can't be opened
 */
export function openLogFile(path: string, fresh: Omit<LogOrigin, "electionId">): LogFile {
  const guarded = guardOf(path);
  const db = guarded(() => {
    // It holds personal data. SQLite gives its -wal and -shm files the same mode.
    Deno.openSync(path, { create: true, write: true, mode: 0o600 }).close();
    return new DatabaseSync(path);
  });
  let origin: LogOrigin;
  let outputs: OutputTable;
  try {
    origin = guarded(() => {
      if (isEmpty(db)) create(db, fresh);
      verify(db, path);
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      return readOrigin(db);
    });
    outputs = guarded(() => openOutputTable(db));
  } catch (error) {
    db.close();
    throw error;
  }

  const insert = db.prepare("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const newest = db.prepare(
    "SELECT base, n, timestamp FROM batches WHERE topic = ? AND partition = ? ORDER BY base DESC LIMIT 1",
  );

  return {
    origin,
    end: (topic, partition) =>
      guarded(() => {
        const row = newest.get(topic, partition) as
          | { base: number; n: number; timestamp: number }
          | undefined;
        return row === undefined
          ? { next: 0, timestamp: 0 }
          : { next: row.base + row.n, timestamp: row.timestamp };
      }),
    append: (batches) =>
      guarded(() =>
        transaction(db, () => {
          for (const { topic, partition, base, n, timestamp, bounds, bytes } of batches) {
            const stored = new Uint8Array(bounds.buffer, bounds.byteOffset, bounds.byteLength);
            insert.run(topic, partition, base, n, timestamp, checksum(stored, bytes), stored, bytes);
          }
        })
      ),
    read: readerOf(db, path),
    outputs: {
      append: (topic, compacted, records, timestamp) =>
        guarded(() => transaction(db, () => outputs.append(topic, compacted, records, timestamp))),
      end: (topic) => guarded(() => outputs.end(topic)),
      page: (topic, from, end) => guarded(() => outputs.page(topic, from, end)),
    },
    [Symbol.dispose]: () => db.close(),
  };
}

/**
 * Opens the file of a log that is open already, to read it beside its owner: SQLite lets others read while one writes.
 * @throws {Fault} as openLogFile
 */
export function openLogFileToRead(path: string): ReadableLogFile {
  const db = guardOf(path)(() => new DatabaseSync(path, { readOnly: true }));
  return { read: readerOf(db, path), [Symbol.dispose]: () => db.close() };
}

function guardOf(path: string) {
  return <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw error instanceof Fault ? error : faultOf(error, path);
    }
  };
}

function readerOf(db: DatabaseSync, path: string): ReadableLogFile["read"] {
  const guarded = guardOf(path);
  const following = db.prepare(
    `SELECT base, n, timestamp, crc, bounds, bytes FROM batches
     WHERE topic = ?1 AND partition = ?2
       AND base >= (SELECT max(base) FROM batches WHERE topic = ?1 AND partition = ?2 AND base <= ?3)
     ORDER BY base`,
  );
  return (topic, partition, offset, budget) =>
    guarded(() => {
      const found: StoredBatch[] = [];
      let next = offset, size = 0;
      for (const row of following.iterate(topic, partition, offset)) {
        const batch = toBatch(row as unknown as BatchRow, path);
        if (batch.base > next || batch.base + batch.n <= next) break;
        found.push(batch);
        next = batch.base + batch.n;
        size += batch.bytes.length;
        if (size >= budget) break;
      }
      if (found.length === 0) throw damaged(path, `${topic} ${partition} has no record ${offset}`);
      return found;
    });
}

interface BatchRow {
  base: number;
  n: number;
  timestamp: number;
  crc: number;
  bounds: Uint8Array;
  bytes: Uint8Array;
}

/** Views the bounds as they were written: little-endian, as every machine that Deno runs on. */
function toBatch({ base, n, timestamp, crc, bounds, bytes }: BatchRow, path: string): StoredBatch {
  if (bounds.length !== 16 * n || checksum(bounds, bytes) !== crc) {
    throw damaged(path, `the checksum of the batch at offset ${base} is wrong`);
  }
  return { base, n, timestamp, bounds: new Int32Array(bounds.buffer, bounds.byteOffset, 4 * n), bytes };
}

/** SQLite itself does not notice changed bytes in a blob. */
function checksum(bounds: Uint8Array, bytes: Uint8Array): number {
  return crc32(bounds, crc32(bytes));
}

function isEmpty(db: DatabaseSync): boolean {
  return pragma(db, "application_id") === 0 && db.prepare("SELECT 1 FROM sqlite_master").get() === undefined;
}

/** One transaction: a crash while it runs leaves an empty file, which the next start makes a log of. */
function create(db: DatabaseSync, { partitions, partitioner }: Omit<LogOrigin, "electionId">): void {
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
  transaction(db, () => {
    db.exec(SCHEMA);
    const remember = db.prepare("INSERT INTO meta VALUES (?, ?)");
    remember.run("election_id", randomUUID());
    remember.run("partitions", partitions);
    remember.run("partitioner", partitioner);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}`);
  });
}

function verify(db: DatabaseSync, path: string): void {
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new Fault("DATA_DIR_UNUSABLE", `${path} is not a log of Teller's. ${REMEDY}`);
  }
  const version = pragma(db, "user_version");
  if (version !== FORMAT_VERSION) {
    const message =
      `${path} has format ${version}, this version of Teller reads ${FORMAT_VERSION}. ${REMEDY}`;
    throw new Fault("DATA_DIR_UNUSABLE", message);
  }
}

function readOrigin(db: DatabaseSync): LogOrigin {
  const value = (name: string) => {
    const row = db.prepare("SELECT value FROM meta WHERE name = ?").get(name);
    if (row === undefined) throw new Error(`meta has no ${name}`);
    return row.value;
  };
  return {
    electionId: String(value("election_id")),
    partitions: Number(value("partitions")),
    partitioner: String(value("partitioner")),
  };
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function transaction<T>(db: DatabaseSync, action: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = action();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // Some errors, a full disk among them, have ended the transaction already.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

const REMEDY = "Move it elsewhere, restore a backup or set another DATA_DIR; Teller does not touch it.";

function damaged(path: string, what: string, cause?: unknown): Fault {
  return new Fault("DATA_DIR_UNUSABLE", `${path} is damaged: ${what}. ${REMEDY}`, { cause });
}

/** Deno's node:sqlite gives no result code, so SQLite's fixed messages (sqlite3_errstr) are all there is to tell by. */
function faultOf(cause: unknown, path: string): Fault {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/disk is full|disk I\/O error|database is locked/.test(message)) {
    return new Fault("LOG_UNAVAILABLE", `${path} could not be written: ${message}`, {
      retryable: true,
      cause,
    });
  }
  if (
    /not a database|readonly|unable to open/.test(message) || !(cause instanceof Error && "code" in cause)
  ) {
    return new Fault("DATA_DIR_UNUSABLE", `${path} can't be used: ${message}. ${REMEDY}`, { cause });
  }
  return damaged(path, message, cause);
}
