/** @module The demo's people: the same for a seed, plausible, and nobody real. */
import assert from "node:assert/strict";
import { MAX_AGE, MIN_AGE } from "../../pipeline/demo_electorate.ts";
import { createIds, createPeopleIds } from "../../pipeline/demo_ids.ts";
import { MAX_CANDIDATES } from "../../pipeline/demo_parties.ts";
import { createPopulation, REGISTER_DATE } from "../../pipeline/demo_people.ts";
import { STREAM } from "../../pipeline/demo_random.ts";
import { STATES, TOWNS } from "../../pipeline/demo_towns.ts";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const VOTERS = 20_000;
const utf8 = (text: string) => new TextEncoder().encode(text);

function drawVoters(seed = 42) {
  const population = createPopulation({ seed, candidates: 3 });
  return Array.from({ length: VOTERS }, (_, i) => population.voter(i));
}

/** Whole years from a birthday to a day, as a person would count them. */
function ageOn(day: string, birthday: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthday.slice(0, 4));
  return day.slice(5) < birthday.slice(5) ? years - 1 : years;
}

Deno.test("person i is the same whoever is drawn before, and another one for another seed", () => {
  const forwards = drawVoters();
  const population = createPopulation({ seed: 42, candidates: 3 });
  for (let i = VOTERS - 1; i >= 0; i -= 7) {
    population.candidate(i % 3);
    assert.deepEqual(population.voter(i), forwards[i]);
  }
  const others = drawVoters(43);
  assert(forwards.filter((voter, i) => voter.voter_name === others[i].voter_name).length < VOTERS / 100);
});

Deno.test("ids are distinct canonical UUIDs, also between seeds and between voters and candidates", () => {
  const ids: string[] = [];
  for (const seed of [0, 1, 42, 2 ** 32 + 42, Number.MAX_SAFE_INTEGER]) {
    const { voters, candidates } = createPeopleIds({ seed, candidates: MAX_CANDIDATES });
    for (let i = 0; i < MAX_CANDIDATES; i++) ids.push(candidates.idOf(i));
    for (let i = 0; i < 5000; i++) ids.push(voters.idOf(i));
  }
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, UUID_V4);
});

Deno.test("an id tells its number, and nothing else is taken for one", () => {
  const ids = createIds(42, STREAM.voterId), others = createIds(43, STREAM.voterId);
  for (const i of [0, 1, 255, 65_536, 999_999, 2 ** 32 - 1]) {
    const id = ids.idOf(i), framed = utf8(`{"${id}"}`);
    assert.equal(ids.indexOf(framed, 2, 38), i);
    assert.equal(ids.indexOf(framed, 2, 37), -1);
    assert.equal(others.indexOf(framed, 2, 38), -1);
    assert.equal(ids.indexOf(utf8(id.toUpperCase()), 0, 36), -1);
    for (let at = 0; at < 36; at++) {
      const changed = utf8(id);
      changed[at] ^= 1;
      assert.equal(ids.indexOf(changed, 0, 36), -1, `changed at ${at}`);
    }
  }
  for (const key of ["", "-".repeat(36), "\xff".repeat(18)]) {
    assert.equal(ids.indexOf(utf8(key), 0, utf8(key).length), -1);
  }
});

Deno.test("voters are adults whose age fits their birthday", () => {
  const voters = drawVoters();
  for (const { registered_age, date_of_birth } of voters) {
    assert(registered_age >= MIN_AGE && registered_age <= MAX_AGE);
    assert.equal(ageOn(REGISTER_DATE, date_of_birth), registered_age);
  }
  const share = (from: number, to: number) =>
    voters.filter(({ registered_age: age }) => age >= from && age <= to).length / VOTERS;
  assert(share(18, 29) > 0.15 && share(30, 59) > 0.45 && share(70, 100) > 0.12 && share(90, 100) < 0.02);
});

Deno.test("voters live in every area, most of them where most people do", () => {
  const states = new Map<string, number>();
  for (const { address } of drawVoters()) {
    const town = TOWNS.find(({ city, state }) => city === address.city && state === address.state);
    assert(town, `${address.city}, ${address.state}`);
    assert.match(address.postcode, new RegExp(`^${town.postcodeArea}[0-9]{1,2} [0-9][A-Z]{2}$`));
    states.set(address.state, (states.get(address.state) ?? 0) + 1);
  }
  assert(states.size > 0.95 * STATES.length);
  assert.equal([...states].sort((a, b) => b[1] - a[1])[0][0], "Greater London");
});

Deno.test("towns have names of their own and a weight", () => {
  assert(TOWNS.length >= 300);
  assert.equal(new Set(TOWNS.map((town) => town.city)).size, TOWNS.length);
  for (const { weight } of TOWNS) assert(weight > 0);
});

Deno.test("no telephone number or mail address can be anybody's", () => {
  const voters = drawVoters();
  for (const { phone_number, cell_number, email } of voters) {
    assert.match(phone_number, /^01632 960\d{3}$/);
    assert.match(cell_number, /^07700 900\d{3}$/);
    assert.match(email, /^[a-z0-9.-]+@example\.org$/);
  }
  assert.equal(new Set(voters.map((voter) => voter.email)).size, VOTERS);
  assert.equal(new Set(voters.map((voter) => voter.registration_number)).size, VOTERS);
});

Deno.test("about one voter in a hundred is neither female nor male", () => {
  const voters = drawVoters();
  const share = (gender: string) => voters.filter((voter) => voter.gender === gender).length / VOTERS;
  assert(share("other") > 0.005 && share("other") < 0.015);
  assert(share("female") > 0.48 && share("male") > 0.45);
});

Deno.test("candidates have parties of their own, the predecessor's three first, and words to stand for", () => {
  const population = createPopulation({ seed: 42, candidates: MAX_CANDIDATES });
  const candidates = Array.from({ length: MAX_CANDIDATES }, (_, i) => population.candidate(i));
  const parties = candidates.map((candidate) => candidate.party_affiliation);
  assert.deepEqual(parties.slice(0, 3), ["Management Party", "Savior Party", "Tech Republic Party"]);
  assert.equal(new Set(parties).size, MAX_CANDIDATES);
  for (const { candidate_id, candidate_name, biography, campaign_platform, photo_url } of candidates) {
    assert(biography.startsWith(candidate_name) && !biography.includes("{"), biography);
    assert.match(campaign_platform, /^[A-Z].{20,}\.$/);
    assert.equal(photo_url, `/portraits/${candidate_id}.svg`);
  }
});
