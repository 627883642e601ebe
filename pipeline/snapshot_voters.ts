/**
 * Voters' rows as a snapshot keeps them: blocks of columns.
 *
 * A block is a header of four 32-bit words (magic, format version, rows, 0), the columns of `VoterRows` from the
 * widest to the narrowest, and padding to a multiple of 8 bytes, so that blocks can stand one behind the other.
 * Little-endian, as is every machine that Deno runs on.
 * @module
 */
import {
  ACCREDITED,
  ageOf,
  cityOf,
  copyKey,
  COUNTED,
  flagsOf,
  genderOf,
  LATE,
  recordHashOf,
  stateOf,
  timeWrittenOf,
  voteCandidateOf,
  VOTED,
  voteOffsetOf,
  voteTimeOf,
} from "./voter_table.ts";
import { takeMarks, touch, type VoterIndex } from "./voters.ts";

const MAGIC = 0x72746f56; // "Votr"
const FORMAT_VERSION = 1;
const HEADER_BYTES = 16;
const ROW_BYTES = 63;
/** Flags that are kept; what others say is in the columns, or of this process only. */
export const KEPT_FLAGS = ACCREDITED | VOTED | COUNTED | LATE;

/** Rows in columns, and which voter each is of; voter_table.ts says what is in a row. */
export interface VoterRows {
  readonly count: number;
  /** Dense numbers. */
  readonly voter: Uint32Array;
  readonly voteOffset: Float64Array;
  readonly voteTimeWritten: Float64Array;
  readonly voteTime: Float64Array;
  /** Four words a voter. */
  readonly keys: Uint32Array;
  /** Two words a voter. */
  readonly recordHash: Uint32Array;
  readonly voteCandidate: Int32Array;
  readonly state: Uint16Array;
  readonly city: Uint16Array;
  readonly flags: Uint8Array;
  readonly age: Uint8Array;
  readonly gender: Uint8Array;
}

/**
 * The rows of all touched voters as a block, empty where there are none; nobody is touched afterwards.
 *
 * Nothing changes in a row whose vote counts, so each vote is in one block only, of those saved, as one that counts.
 */
export function takeTouched(voters: VoterIndex): Uint8Array {
  const count = voters.touchedCount;
  if (count === 0) return new Uint8Array(0);
  const block = new Uint8Array(blockBytes(count));
  new Uint32Array(block.buffer, 0, 4).set([MAGIC, FORMAT_VERSION, count, 0]);
  const rows = rowsAt(block, 0, count);
  takeMarks(voters, rows.voter);
  // One loop with every column by name: a function for any column would cost several times as much.
  for (let row = 0; row < count; row++) {
    const voter = rows.voter[row];
    rows.voteOffset[row] = voteOffsetOf(voters, voter);
    rows.voteTimeWritten[row] = timeWrittenOf(voters, voter);
    rows.voteTime[row] = voteTimeOf(voters, voter);
    copyKey(voters, voter, rows.keys, 4 * row);
    rows.recordHash[2 * row] = recordHashOf(voters, voter, 0);
    rows.recordHash[2 * row + 1] = recordHashOf(voters, voter, 1);
    rows.voteCandidate[row] = voteCandidateOf(voters, voter);
    rows.state[row] = stateOf(voters, voter);
    rows.city[row] = cityOf(voters, voter);
    rows.flags[row] = flagsOf(voters, voter) & KEPT_FLAGS;
    rows.age[row] = ageOf(voters, voter);
    rows.gender[row] = genderOf(voters, voter);
  }
  return block;
}

/** Makes as if a block that could not be saved had not been taken: the next one holds its voters too. */
export function untake(voters: VoterIndex, block: Uint8Array): void {
  for (const { voter } of blocksOf(block)) for (const one of voter) touch(voters, one);
}

/** The blocks that stand one behind the other in our own bytes. */
export function blocksOf(bytes: Uint8Array): VoterRows[] {
  const blocks = readBlocks(bytes);
  if (typeof blocks === "string") throw new TypeError(blocks);
  return blocks;
}

/** The blocks that stand one behind the other in any bytes, or why these are none; what a row says isn't judged. */
export function readBlocks(bytes: Uint8Array): VoterRows[] | string {
  // Columns have to begin at a multiple of their width, and bytes from a file may begin anywhere in memory.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const blocks: VoterRows[] = [];
  for (let at = 0; at < aligned.length;) {
    if (aligned.length - at < HEADER_BYTES) return `${aligned.length - at} bytes too many`;
    const [magic, format, count, zero] = new Uint32Array(aligned.buffer, aligned.byteOffset + at, 4);
    if (magic !== MAGIC || zero !== 0) return `no block of voters at byte ${at}`;
    if (format !== FORMAT_VERSION) return `format ${format}, which this version does not know`;
    if (aligned.length - at < blockBytes(count)) return `${count} voters do not fit at byte ${at}`;
    blocks.push(rowsAt(aligned, at, count));
    at += blockBytes(count);
  }
  return blocks;
}

function blockBytes(count: number): number {
  return Math.ceil((HEADER_BYTES + ROW_BYTES * count) / 8) * 8;
}

/** Views of the columns of the block that begins there. */
function rowsAt(bytes: Uint8Array, start: number, count: number): VoterRows {
  const { buffer } = bytes;
  let at = bytes.byteOffset + start + HEADER_BYTES;
  /** Where a column begins, of that many bytes a row. */
  const next = (width: number) => {
    at += width * count;
    return at - width * count;
  };
  return {
    count,
    voteOffset: new Float64Array(buffer, next(8), count),
    voteTimeWritten: new Float64Array(buffer, next(8), count),
    voteTime: new Float64Array(buffer, next(8), count),
    voter: new Uint32Array(buffer, next(4), count),
    keys: new Uint32Array(buffer, next(16), 4 * count),
    recordHash: new Uint32Array(buffer, next(8), 2 * count),
    voteCandidate: new Int32Array(buffer, next(4), count),
    state: new Uint16Array(buffer, next(2), count),
    city: new Uint16Array(buffer, next(2), count),
    flags: new Uint8Array(buffer, next(1), count),
    age: new Uint8Array(buffer, next(1), count),
    gender: new Uint8Array(buffer, next(1), count),
  };
}
