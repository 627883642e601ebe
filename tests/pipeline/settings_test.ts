import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { readSettings, SETTINGS } from "../../pipeline/settings.ts";

function refusal(environment: Record<string, string>, flags: Record<string, string> = {}): string {
  try {
    readSettings(environment, flags);
  } catch (fault) {
    assert.ok(fault instanceof Fault);
    assert.equal(fault.code, "BAD_SETTING");
    return fault.message;
  }
  assert.fail(`not refused: ${JSON.stringify(environment)}`);
}

Deno.test("every default is a value that the setting takes", () => {
  const settings = readSettings({});
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value = settings[name as keyof typeof settings];
    assert.equal(value === null, setting.default === null, name);
  }
});

Deno.test("an empty variable is an unset one", () => {
  assert.equal(readSettings({ PORT: "", KAFKA_BROKERS: "" }).PORT, 8000);
});

Deno.test("values are read as what they mean", () => {
  const settings = readSettings({
    KAFKA_BROKERS: "a:9092, [::1]:9093",
    TELLER_OPENS: "2026-05-07T07:00:00+01:00",
    TELLER_GRACE_SECONDS: "0",
  });
  assert.deepEqual(settings.KAFKA_BROKERS, ["a:9092", "[::1]:9093"]);
  assert.equal(settings.TELLER_OPENS, Date.UTC(2026, 4, 7, 6));
  assert.equal(settings.TELLER_GRACE_SECONDS, 0);
});

Deno.test("a bad value is refused with its name, what it takes and what it got", () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: "80a" }, /^PORT takes a whole number from 0 to 65535, got "80a"$/],
    [{ PORT: "65536" }, /^PORT takes .*, got "65536"$/],
    [{ KAFKA_BROKERS: "localhost" }, /^KAFKA_BROKERS takes host:port.*, got "localhost"$/],
    [{ KAFKA_BROKERS: "a:1,," }, /^KAFKA_BROKERS takes/],
    [{ KAFKA_SASL_MECHANISM: "gssapi" }, /^KAFKA_SASL_MECHANISM takes plain or/],
    [{ TELLER_CLOSES: "tonight" }, /^TELLER_CLOSES takes a time such as/],
    [{ TELLER_STATUS: "certified" }, /^TELLER_STATUS takes test and nothing else/],
    [{ TELLER_TOPIC_PREFIX: "a b" }, /^TELLER_TOPIC_PREFIX takes/],
    [{ PUBLIC_URL: "javascript:alert(1)" }, /^PUBLIC_URL takes an http or https URL/],
    [{ TELLER_PARTITONS: "4" }, /^TELLER_PARTITONS is not a setting; the nearest is TELLER_PARTITIONS$/],
  ];
  for (const [environment, message] of cases) assert.match(refusal(environment), message);
});

Deno.test("all that is wrong is said at once", () => {
  assert.equal(refusal({ PORT: "x", TELLER_STATUS: "live", TELLER_X: "1" }).split("\n").length, 3);
});

Deno.test("settings that contradict each other are refused", () => {
  assert.match(refusal({ HOST: "0.0.0.0" }), /^PUBLIC_URL is required because HOST is 0\.0\.0\.0/);
  assert.match(refusal({ KAFKA_SASL_MECHANISM: "plain" }), /KAFKA_SASL_USERNAME is required/);
  const closesFirst = { TELLER_OPENS: "2026-05-07T07:00:00Z", TELLER_CLOSES: "2026-05-07T07:00:00Z" };
  assert.match(refusal(closesFirst), /TELLER_CLOSES must be after TELLER_OPENS/);
});

Deno.test("a secret is never quoted", () => {
  assert.doesNotMatch(refusal({ KAFKA_SASL_PASSWORD: "hunter2".repeat(1000) }), /hunter2/);
});

Deno.test("a flag wins over its setting, and is named when it is wrong", () => {
  assert.equal(readSettings({ TELLER_DEMO_VOTERS: "10" }, { voters: "20" }).TELLER_DEMO_VOTERS, 20);
  assert.match(refusal({}, { rate: "fast" }), /^--rate takes a whole number/);
});
