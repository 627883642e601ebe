/**
 * State: all of the registry and the folds that is no voter's row and no sum over them, as JSON.
 * @module
 */
import { z } from "zod";
import type { Fold } from "./fold.ts";
import { type Ledger, ODDITIES } from "./ledger.ts";
import { REASONS } from "./record.ts";
import type { Registry } from "./registry.ts";

const whole = z.int().nonnegative();
const FINDINGS = [...REASONS, ...ODDITIES];

const LEDGER = z.strictObject({
  next: whole,
  gaps: whole,
  last: z.strictObject({ offset: whole, hash: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  found: z.record(z.enum(FINDINGS), whole),
  offsets: z.record(z.enum(FINDINGS), z.array(whole)),
});

const REGISTRY = z.strictObject({
  candidates: z.array(z.strictObject({
    candidate_id: z.string(),
    candidate_name: z.string(),
    party_affiliation: z.string(),
    biography: z.string(),
    campaign_platform: z.string(),
    photo_url: z.string(),
  })),
  /** Of the candidates' accrediting records, in the same order. */
  hashes: z.array(z.tuple([whole, whole])),
  ledger: LEDGER,
  repeats: whole,
});

const FOLD = z.strictObject({
  voters: whole,
  states: z.array(z.string()),
  cities: z.array(z.string()),
  votersLedger: LEDGER,
  votesLedger: LEDGER,
  repeats: whole,
  duplicates: whole,
  redeliveries: whole,
  /** Null before the first. */
  greatestEventTime: z.number().nullable(),
  /** Ids in the order of `Fold.unaccredited`, those who have been accredited since among them. */
  unaccredited: z.array(z.string()),
});

const STATE = z.strictObject({ registry: REGISTRY, folds: z.array(FOLD) });

/** What a snapshot keeps besides voters' rows. */
export type FoldState = z.output<typeof STATE>;

/** Copies the state of this moment. */
export function stateOf(registry: Registry, folds: readonly Fold[]): FoldState {
  return {
    registry: {
      candidates: [...registry.candidates],
      hashes: registry.candidates.map(({ candidate_id }) => registry.hashes.get(candidate_id)!),
      ledger: copyOf(registry.ledger),
      repeats: registry.repeats,
    },
    folds: folds.map((fold) => ({
      voters: fold.voters.size,
      states: [...fold.states.names],
      cities: [...fold.cities.names],
      votersLedger: copyOf(fold.votersLedger),
      votesLedger: copyOf(fold.votesLedger),
      repeats: fold.repeats,
      duplicates: fold.duplicates,
      redeliveries: fold.redeliveries,
      greatestEventTime: fold.greatestEventTime === -Infinity ? null : fold.greatestEventTime,
      unaccredited: fold.unaccredited.map(({ candidateId }) => candidateId),
    })),
  };
}

/** Reads a state; null where something is not as `stateOf` makes it. */
export function readState(state: unknown): FoldState | null {
  return STATE.safeParse(state).data ?? null;
}

function copyOf(ledger: Ledger): Ledger {
  return structuredClone(ledger);
}
