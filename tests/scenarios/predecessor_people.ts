/**
 * Voters, candidates and votes as the predecessor wrote them: a vote carries the whole voter and the whole
 * candidate, some 880 bytes. The same seed gives the same people and ids.
 * @module
 */
import type { Candidate, Gender, Voter } from "../../pipeline/election.ts";
import { createRandom, type Random } from "../../pipeline/demo_random.ts";

const GIVEN = ["Amelia", "Bronwen", "Callum", "Dilys", "Euan", "Freya", "Gethin", "Isla", "Noah", "Zoë"];
const FAMILY = ["Baker", "Campbell", "Davies", "Evans", "MacLeod", "O'Neill", "Patel", "Smith", "Wright"];
const STREETS = ["Church Lane", "High Street", "Mill Road", "Queensway", "Station Road", "The Crescent"];
const PLACES = [
  ["Canterbury", "Kent"],
  ["Carlisle", "Cumbria"],
  ["Derry", "County Londonderry"],
  ["Exeter", "Devon"],
  ["Inverness", "Highlands and Islands"],
  ["Leeds", "West Yorkshire"],
  ["Merthyr Tydfil", "Mid Glamorgan"],
  ["Norwich", "Norfolk"],
  ["Portree", "Eilean Sgitheanach"],
  ["Swansea", "West Glamorgan"],
];
const PARTIES = ["Management Party", "Savior Party", "Tech Republic Party"];

/** Streams of the random source, apart from each other so that one more field shifts nothing else. */
const VOTERS = 101, VOTER_IDS = 102, CANDIDATE_IDS = 103;

/** A voter or candidate, or part of one, that a test has spoilt. */
export type Fields = Record<string, unknown>;

/** The people of one seed; drawn when asked for, never kept. */
export interface People {
  voter(i: number): Voter;
  candidate(i: number): Candidate;
}

/** Makes the people of a seed. */
export function createPeople(seed: number): People {
  const random = createRandom(seed);
  return { voter: (i) => drawVoter(random, i), candidate: (i) => drawCandidate(random, i) };
}

/** The predecessor's vote: the voter's fields, the candidate's, `voting_time` and `vote`. */
export function fatVote(voter: Fields | Voter, candidate: Fields | Candidate, votingTime: unknown): Fields {
  return { ...voter, ...candidate, voting_time: votingTime, vote: 1 };
}

/** A time in the predecessor's form: `YYYY-MM-DD HH:MM:SS`, UTC. */
export function predecessorTime(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace("T", " ");
}

function drawVoter(random: Random, i: number): Voter {
  const voter_id = drawUuid(random.at(VOTER_IDS, i));
  random.at(VOTERS, i);
  const given = one(random, GIVEN), family = one(random, FAMILY);
  const age = 18 + random.word() % 80;
  const [city, state] = one(random, PLACES);
  const phone = String(1_000_000 + random.word() % 9_000_000);
  return {
    voter_id,
    voter_name: `${given} ${family}`,
    date_of_birth: `${2008 - age}-0${1 + i % 9}-1${i % 10}`,
    gender: one(random, ["female", "male"] satisfies Gender[]),
    nationality: "GB",
    registration_number: `${given.toLowerCase()}${i}`,
    address: {
      street: `${1 + random.word() % 300} ${one(random, STREETS)}`,
      city,
      state,
      country: "United Kingdom",
      postcode: `AB${i % 90} ${i % 10}CD`,
    },
    email: `${given}.${family}.${i}@example.com`.toLowerCase(),
    phone_number: `015395 ${phone}`,
    cell_number: `07700 ${phone}`,
    picture: `https://portraits.example.com/large/${i % 2 ? "women" : "men"}/${i % 100}.jpg`,
    registered_age: age,
  };
}

function drawCandidate(random: Random, i: number): Candidate {
  const party = PARTIES[i % PARTIES.length];
  return {
    candidate_id: drawUuid(random.at(CANDIDATE_IDS, i)),
    candidate_name: `${GIVEN[i % GIVEN.length]} ${FAMILY[(i * 2) % FAMILY.length]}`,
    party_affiliation: party,
    biography: `A candidate of the ${party} with many years of service to the county.`,
    campaign_platform: "Key issues: schools, buses, hospitals.",
    photo_url: `https://portraits.example.com/large/${i % 2 ? "women" : "men"}/${i}.jpg`,
  };
}

function drawUuid(random: Random): string {
  const hex = Array.from({ length: 4 }, () => random.word().toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${
    hex.slice(20)
  }`;
}

function one<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.word() % values.length];
}
