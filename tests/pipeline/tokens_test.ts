/** Tokens are compared as a whole. @module */
import assert from "node:assert/strict";
import { createVotingTokens, sameToken } from "../../pipeline/tokens.ts";

Deno.test("only the very same token is the same: no beginning of it, nothing longer, nothing alike", () => {
  assert.ok(sameToken("token-ü", "token-ü"));
  for (const other of ["", "token", "token-ü ", "token-üü", "Token-ü", "token-u", "token-\0\0", "\0"]) {
    assert.ok(!sameToken("token-ü", other), other);
  }
});

Deno.test("a voter's token is hers alone, in this election alone", () => {
  const tokens = createVotingTokens("a secret of 32 characters or more", "e1");
  const token = tokens.of("v1");
  assert.ok(tokens.isOf("v1", token));
  assert.ok(!tokens.isOf("v2", token));
  assert.ok(!createVotingTokens("a secret of 32 characters or more", "e2").isOf("v1", token));
  assert.ok(!createVotingTokens("another secret of 32 characters or more", "e1").isOf("v1", token));
});
