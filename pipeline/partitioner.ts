/**
 * Which partition a key belongs to, the two ways foreign producers decide it.
 *
 * Written by hand: kafkajs' murmur2 goes through BigInt and costs seven times as much, and every record read
 * is checked with it. Shown equal to kcat's own choice in `tests/pipeline/partitioner_test.ts`.
 * @module
 */
import { crc32 as zlibCrc32 } from "node:zlib";
import type { Partitioner, PartitionerName } from "./log.ts";

const M = 0x5bd1e995;
const SEED = 0x9747b28c;

/** Kafka's murmur2 (org.apache.kafka.common.utils.Utils.murmur2) of a key, or of a part of it; signed, 32 bits. */
export function murmur2(key: Uint8Array, start = 0, end = key.length): number {
  const n = end - start;
  let h = (SEED ^ n) | 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    let k = key[i] | key[i + 1] << 8 | key[i + 2] << 16 | key[i + 3] << 24;
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = n & 3;
  if (rest === 3) h ^= key[i + 2] << 16;
  if (rest >= 2) h ^= key[i + 1] << 8;
  if (rest >= 1) h = Math.imul(h ^ key[i], M);
  h = Math.imul(h ^ h >>> 13, M);
  return h ^ h >>> 15;
}

const partitioners: Record<PartitionerName, Partitioner> = {
  /** Java's DefaultPartitioner, kafkajs, and kcat with `topic.partitioner=murmur2_random`. */
  murmur2: (key, partitions) => (murmur2(key) & 0x7fffffff) % partitions,
  /** librdkafka's `consistent_random`, the default of kcat and Python: zlib's CRC-32 of the key. */
  crc32: (key, partitions) => zlibCrc32(key) % partitions,
};

/** The partition of the key in `bytes[start … end)`. */
export function partitionAt(
  partitioner: Partitioner,
  bytes: Uint8Array,
  start: number,
  end: number,
  partitions: number,
): number {
  // Making a view of the key for every record takes longer than hashing it.
  if (partitioner === partitioners.murmur2) return (murmur2(bytes, start, end) & 0x7fffffff) % partitions;
  return partitioner(bytes.subarray(start, end), partitions);
}

/** The partitioner of that name; pure, so that every process maps a key alike. */
export function partitionerOf(name: PartitionerName): Partitioner {
  return partitioners[name];
}

/** The name of one of these two. */
export function partitionerName(partitioner: Partitioner): PartitionerName {
  const names = Object.keys(partitioners) as PartitionerName[];
  const name = names.find((name) => partitioners[name] === partitioner);
  if (name === undefined) throw new TypeError("a partitioner without a name");
  return name;
}
