/**
 * What voting needs where nobody votes: an election that is not caught up, so that every try is put off.
 * @module
 */
import assert from "node:assert/strict";
import { createFold } from "../../pipeline/fold.ts";
import { createRegistry } from "../../pipeline/registry.ts";
import { createVotingTokens } from "../../pipeline/tokens.ts";
import { createAccess } from "../../routes/access.ts";
import type { VotingDeps } from "../../routes/votes.ts";
import { rulesOf } from "../pipeline/rules.ts";

/** The admin token of closed polls. */
export const ADMIN_TOKEN = "the-administrator-of-a-test";

/** An empty election of one partition. */
export function closedPolls(): VotingDeps {
  const rules = rulesOf(1);
  return {
    polling: {
      registry: createRegistry(),
      folds: [createFold(0, rules)],
      ingest: { land: () => assert.fail("nothing is handed in") },
      caughtUp: () => false,
      now: Date.now,
    },
    tokens: createVotingTokens("a secret of 32 characters or more", "e1"),
    access: createAccess({ adminToken: ADMIN_TOKEN, trustedProxies: 0, now: Date.now }),
    voteReader: { read: () => assert.fail("nothing is read") },
  };
}
