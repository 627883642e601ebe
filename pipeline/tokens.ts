/**
 * Tokens: what proves that a request comes from a voter, or from whoever administers the election.
 *
 * A voting token is computed, stored nowhere: base64url(HMAC-SHA256(secret, election id, 0x00, voter_id)).
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Makes and checks the voting tokens of one election. */
export interface VotingTokens {
  /** The token of a voter, whether there is such a voter or not. */
  of(voterId: string): string;
  /** Whether `token` is that voter's; takes as long for a wrong one as for the right one. */
  isOf(voterId: string, token: string): boolean;
}

/** The tokens of an election; instances that share the secret make the same ones. */
export function createVotingTokens(secret: string, electionId: string): VotingTokens {
  const of = (voterId: string) =>
    createHmac("sha256", secret).update(electionId).update("\0").update(voterId).digest("base64url");
  return {
    of,
    isOf(voterId, token) {
      const hers = Buffer.from(of(voterId)), given = Buffer.from(token);
      // Everybody's token has this length, so it tells nothing.
      return hers.length === given.length && timingSafeEqual(hers, given);
    },
  };
}

/** Compares in a time that depends on neither: digests are compared, as lengths may differ. */
export function sameToken(expected: string, given: string): boolean {
  const digest = (token: string) => createHash("sha256").update(token).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
