/**
 * Tokens: what proves that a request comes from a voter, or from whoever administers the election.
 *
 * A voting token is computed, stored nowhere: base64url(HMAC-SHA256(secret, election id, 0x00, voter_id)).
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

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
  return { of, isOf: (voterId, token) => sameToken(of(voterId), token) };
}

/** Compares in a time that depends on neither's content: all of `expected` is compared, whatever is given. */
export function sameToken(expected: string, given: string): boolean {
  const bytes = Buffer.from(expected);
  const asLong = Buffer.alloc(bytes.length);
  asLong.write(given);
  return timingSafeEqual(bytes, asLong) && Buffer.byteLength(given) === bytes.length;
}
