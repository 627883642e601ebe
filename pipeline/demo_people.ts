/**
 * The demo's people: synthetic British voters and candidates, drawn from a seed. Nobody is real, and no
 * telephone or mail address leads to anybody.
 * @module
 */
import { base, en, en_GB, Faker } from "@faker-js/faker";
import { createElectorate } from "./demo_electorate.ts";
import { createPeopleIds } from "./demo_ids.ts";
import { PARTIES } from "./demo_parties.ts";
import { createRandom, STREAM } from "./demo_random.ts";
import { TOWNS } from "./demo_towns.ts";
import type { Candidate, Gender, Voter } from "./election.ts";

/** The day on which voters are as old as registered; fixed, so that a seed means the same every day. */
export const REGISTER_DATE = "2026-01-01";

/** The people of one seed; number i is the same person however many there are and in whatever order drawn. */
export interface Population {
  candidate(i: number): Required<Candidate>;
  voter(i: number): Voter;
}

/** Makes the people of a seed; their ids are those of `createPeopleIds`. */
export function createPopulation(options: { seed: number; candidates: number }): Population {
  const { seed } = options;
  const random = createRandom(seed);
  // faker's own generator takes 30 µs to seed; with this one every person has a sequence of her own for free.
  const faker = new Faker({ locale: [en_GB, en, base], randomizer: { next: random.next, seed() {} } });
  const traitsOf = createElectorate(seed);
  const ids = createPeopleIds(options);

  function drawName(gender: Gender): { first: string; last: string } {
    const sex = gender === "female" || gender === "male" ? gender : undefined;
    return { first: faker.person.firstName(sex), last: faker.person.lastName(sex) };
  }
  const below = (n: number) => Math.floor(random.next() * n);

  return {
    candidate(i) {
      random.at(STREAM.candidate, i);
      const candidate_id = ids.candidates.idOf(i);
      const { first, last } = drawName(i % 2 === 0 ? "male" : "female");
      const candidate_name = `${first} ${last}`;
      const party = PARTIES[i];
      const filled: Record<string, string> = {
        name: candidate_name,
        town: TOWNS[below(TOWNS.length)].city,
        years: String(8 + below(22)),
      };
      return {
        candidate_id,
        candidate_name,
        party_affiliation: party.name,
        biography: party.biography.replace(/\{(\w+)\}/g, (_, field) => filled[field]),
        campaign_platform: party.platform,
        photo_url: `/portraits/${candidate_id}.svg`,
      };
    },

    voter(i) {
      const { age, gender, town } = traitsOf(i);
      const { city, state, postcodeArea } = TOWNS[town];
      const voter_id = ids.voters.idOf(i);
      random.at(STREAM.person, i);
      const { first, last } = drawName(gender);
      return {
        voter_id,
        voter_name: `${first} ${last}`,
        date_of_birth: drawBirthday(age, below),
        gender,
        nationality: "British",
        registration_number: `ER${String(i + 1).padStart(8, "0")}`,
        address: {
          street: `${1 + below(180)} ${faker.location.street()}`,
          city,
          state,
          country: "United Kingdom",
          postcode: drawPostcode(postcodeArea, below),
        },
        // example.org can't be anybody's (RFC 2606); the numbers are Ofcom's for use in drama.
        email: `${first}.${last}.${i + 1}@example.org`.toLowerCase().replace(/[^a-z0-9.@-]/g, ""),
        phone_number: `01632 960${threeDigits(below(1000))}`,
        cell_number: `07700 900${threeDigits(below(1000))}`,
        picture: `/portraits/${voter_id}.svg`,
        registered_age: age,
      };
    },
  };
}

const REGISTER_YEAR = Number(REGISTER_DATE.slice(0, 4));

/** By age: the days of the year before her birthday number `age + 1`, seen from REGISTER_DATE; made when asked for. */
const birthdays: string[][] = [];

/** One of those days. Chosen from a table, as formatting a date takes as long as drawing a name. */
function drawBirthday(age: number, below: (n: number) => number): string {
  const days = birthdays[age] ??= Array.from(
    { length: 365 },
    (_, day) => new Date(Date.UTC(REGISTER_YEAR - age - 1, 0, 2 + day)).toISOString().slice(0, 10),
  );
  return days[below(days.length)];
}

/** Letters that the second half of a postcode uses. */
const INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ";

function drawPostcode(area: string, below: (n: number) => number): string {
  const letter = () => INWARD_LETTERS[below(INWARD_LETTERS.length)];
  return `${area}${1 + below(20)} ${below(10)}${letter()}${letter()}`;
}

function threeDigits(n: number): string {
  return String(n).padStart(3, "0");
}
