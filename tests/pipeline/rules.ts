/** The rules that tests count by, where they don't test another one. @module */
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Rules } from "../../pipeline/record.ts";

/** Windows of 10 s, a minute's grace, the usual partitioner, open at all times. */
export function rulesOf(partitions: number, others: Partial<Rules> = {}): Rules {
  return {
    partitions,
    partitioner: partitionerOf("murmur2"),
    windowMs: 10_000,
    graceMs: 60_000,
    opensAt: null,
    closesAt: null,
    ...others,
  };
}
