/** Secrets are made once and kept close; tokens are what the contract says. @module */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Fault } from "../../pipeline/fault.ts";
import { openSecrets } from "../../pipeline/secrets.ts";
import { createVotingTokens } from "../../pipeline/tokens.ts";

const UNSET = { ADMIN_TOKEN: null, TELLER_SECRET: null };

async function inFolder(test: (dir: string) => void): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("what isn't set is made at the first start, for its owner only, and stays", () =>
  inFolder((dir) => {
    const first = openSecrets(dir, UNSET);
    assert.deepEqual(first.made, [`${dir}/admin_token`, `${dir}/teller_secret`]);
    assert.match(first.adminToken, /^[\w-]{43}$/);
    assert.notEqual(first.adminToken, first.votingSecret);
    for (const path of first.made) assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
    assert.deepEqual(openSecrets(dir, UNSET), { ...first, made: [] });
  }));

Deno.test("what is set is taken, and nothing is made for it", () =>
  inFolder((dir) => {
    const given = { ADMIN_TOKEN: "a".repeat(16), TELLER_SECRET: "b".repeat(32) };
    const secrets = openSecrets(dir, given);
    assert.deepEqual([secrets.adminToken, secrets.votingSecret], [given.ADMIN_TOKEN, given.TELLER_SECRET]);
    assert.equal(secrets.adminTokenPath, null);
    assert.deepEqual([...Deno.readDirSync(dir)], []);
  }));

Deno.test("a secret that others can read is closed again; an empty one is no secret", () =>
  inFolder((dir) => {
    openSecrets(dir, UNSET);
    Deno.chmodSync(`${dir}/admin_token`, 0o644);
    openSecrets(dir, UNSET);
    assert.equal(Deno.statSync(`${dir}/admin_token`).mode! & 0o777, 0o600);
    Deno.writeTextFileSync(`${dir}/admin_token`, "\n");
    assert.throws(
      () => openSecrets(dir, UNSET),
      (fault) =>
        fault instanceof Fault && fault.code === "DATA_DIR_UNUSABLE" && /admin_token/.test(fault.message),
    );
  }));

Deno.test("a voting token is base64url(HMAC-SHA256(secret, election id, 0x00, voter_id)), and nobody else's", () => {
  const tokens = createVotingTokens("secret", "election");
  const expected = createHmac("sha256", "secret").update("election\0v\u00fc").digest("base64url");
  assert.equal(tokens.of("v\u00fc"), expected);
  assert.ok(tokens.isOf("v\u00fc", expected));
  for (const token of ["", expected.slice(1), `${expected}A`, tokens.of("v")]) {
    assert.ok(!tokens.isOf("v\u00fc", token));
  }
  assert.ok(!createVotingTokens("secret", "another").isOf("v\u00fc", expected));
  assert.ok(!createVotingTokens("another", "election").isOf("v\u00fc", expected));
});
