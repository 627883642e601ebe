/**
 * The texts of the charts; the other part of the catalogue is `messages.ts`.
 * @module
 */

/** The texts in British English; figures come in written already. */
export const chartMessages = {
  heading: "The charts",
  none: "The charts appear with the first snapshot of the count, a few seconds after its start.",
  asOf: "Charts as of",
  version: (version: string) => `version ${version}`,
  numbers: "The numbers",
  votesFile: "Votes per candidate",
  shareFile: "Share of votes",
  svg: "SVG",
  csv: "CSV",
  all: "All votes",
  overtakings: "Changes of the lead",
  noOvertaking: "The lead has not changed hands.",
  firstLead: "first in the lead",
  tookLead: "took the lead",
  by: (margin: string) => `by ${margin}`,
  changesNote: "Times are UTC; the lead is in votes.",
  raceChoice: "What the race shows",
  tileNote: "Each tile: leading candidate, lead in votes, turnout. Tiles have one size, areas have not.",
  tied: "Tied",
  noVotes: "No votes yet",
  columns: {
    area: "Area",
    state: "County",
    age_band: "Age",
    gender: "Gender",
    voters: "Registered",
    votes: "Votes",
    turnout: "Turnout",
    leader: "Leading",
    margin: "Lead",
    candidate_name: "Candidate",
    party_affiliation: "Party",
    total_votes: "Votes",
    share: "Share",
    window_end: "Until (UTC)",
  },
} as const;
