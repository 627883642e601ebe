/**
 * Every text of the widget, in one place. Where the pages say the same, a test holds these to their words.
 * @module
 */

/** The texts in British English; figures come in written already. */
export const words = {
  simulated: "Simulated",
  waiting: "Waiting for results…",
  unreachable: "The results can't be reached at the moment.",
  notKept: "Nothing is kept of that time.",
  noRegion: "No voter is registered in a region of this name.",
  splitUnknown: "How the votes split here is known once the log is open.",
  noCandidates: "The candidates appear here as soon as they are registered.",
  noVotes: "No votes yet",
  noVoters: "No voters",

  votesPerCandidate: "Votes per candidate",
  candidate: "Candidate",
  candidates: "candidates",
  party: "Party",
  votes: "Votes",
  share: "Share",

  leading: "Leading",
  tied: "Tied",
  won: "Won",
  leadingCandidate: "Leading candidate",
  tiedForFirst: "Tied for first place",
  winner: "Winner",
  each: "each",
  ahead: (margin: string) => `${margin} ahead`,

  counted: (votes: string) => `${votes} counted`,
  turnout: (turnout: string) => `Turnout ${turnout}`,
  others: (n: string, votes: string) => `${n} more with ${votes}`,
  vote: (n: string) => `${n} vote`,
  votesOf: (n: string) => `${n} votes`,

  raceLabel: (standing: string) => `Votes over time. ${standing}`,
  map: "Who leads where",
  mapNote: "Each tile: leading candidate, lead in votes, turnout. Tiles have one size, areas have not.",

  asOf: "As of",
  lost: "Connection lost, trying again. These are the last figures received.",
  catchingUp: "These figures are not complete yet.",
  behind: (record: string) =>
    `The server is reading its log again, at record ${record}. These are the newest figures seen.`,
  finalResult: "This is the final result.",
  fullResults: "Full results",

  leads: (name: string, margin: string) => `${name} leads by ${margin}.`,
  nowTied: (names: string) => `Tied for first place: ${names}.`,
} as const;
