/**
 * Every text of the pages, in one place: what is said, apart from how it is laid out.
 * @module
 */

/** The texts in British English; figures come in written already. */
export const messages = {
  simulated: "Simulated",
  strap: "Synthetic voters, invented candidates: nobody was elected.",
  skip: "Skip to the results",
  reload: "Reload the page for newer figures.",
  none: "–",

  sentence: {
    opens: (at: string) => `Voting opens at ${at}.`,
    closes: (at: string) => `Voting is open and closes at ${at}.`,
    opened: (at: string) => `Voting opened at ${at}.`,
    closed: (at: string) => `Voting closed at ${at}.`,
    final: "This is the final result.",
    notFinal: (votes: string) => `Not final: ${votes} waiting.`,
    simulated: (sentence: string) => `Simulated: ${sentence}`,
    counting: (standing: string) => `Still counting. So far: ${standing}`,
    reading: (standing: string) => `Still reading the log. So far: ${standing}`,
    noCandidates: "No candidates are registered yet.",
    notBegun: (candidates: string, voters: string) =>
      `Voting has not begun; ${candidates} and ${voters} are registered.`,
    noneYet: (candidates: string, voters: string) =>
      `No votes have been counted yet; ${candidates} and ${voters} are registered.`,
    none: (candidates: string, voters: string) =>
      `No votes were counted; ${candidates} and ${voters} are registered.`,
    everyone: "every registered voter has voted",
    turnout: (turnout: string) => `turnout is ${turnout}`,
    candidate: (name: string, party: string) => `${name} (${party})`,
    tied: (who: string, votes: string, turnout: string) => `${who} are tied on ${votes} each; ${turnout}.`,
    endedTied: (who: string, votes: string, turnout: string) =>
      `${who} have tied on ${votes} each; ${turnout}.`,
    leads: (who: string, margin: string, turnout: string) => `${who} leads by ${margin}; ${turnout}.`,
    uncatchable: (who: string, margin: string, turnout: string) =>
      `${who} leads by ${margin} and, on the present register, can no longer be caught; ${turnout}.`,
    won: (who: string, margin: string, turnout: string) => `${who} has won by ${margin}; ${turnout}.`,
  },

  certainty: {
    tied: "Tied",
    decided: "Decided",
    notDecided: "Not decided",
    countingOn: "Voting is closed; counting goes on.",
    reading: "The log is still being read.",
    closed: "Voting is closed.",
    compared: (margin: string, sign: string, toCome: string) => `Lead ${margin} ${sign} ${toCome}`,
    waiting: (votes: string) => `${votes} waiting for accreditation; voting is closed.`,
    toCome: (voters: string) => `${voters} still to come, on the present register.`,
  },

  overview: {
    count: "The count",
    kicker: { tied: "Tied for first place", won: "Winner", leading: "Leading candidate" },
    each: "each",
    share: (share: string) => `${share} of those counted`,
    ahead: (margin: string) => `${margin} ahead`,
    turnout: "Turnout",
    haveVoted: "of registered voters have voted",
    everyone: "everyone registered has voted",
    votes: "Votes counted",
    voters: "Registered voters",
    perSecond: "Votes per second",
    perMinute: "Votes per minute",
    notes: (waiting: string, late: string, duplicates: string, rejected: string) =>
      `${waiting} waiting for accreditation · ${late} counted · ${duplicates} and ${rejected} not counted`,
  },

  bars: {
    empty: "The candidates appear here as soon as they are registered.",
    caption: "Votes per candidate",
    axis: (end: string) => `Bars run from 0 to ${end} of votes`,
    mark: { tied: "Tied", won: "Won", leading: "Leading" },
    candidate: "Candidate",
    votes: "Votes",
    share: "Share",
  },

  pages: {
    label: "Pages",
    "/": "Overview",
    "/race": "The race",
    "/regions": "Regions",
    "/candidates": "Candidates",
    "/quality": "Data quality",
    "/sql": "SQL",
  },

  control: {
    label: "How up to date",
    asOf: "As of",
    version: (version: string) => `version ${version}`,
    updated: (ago: string) => `Last updated ${ago}.`,
    every: "May change",
    live: "live",
    seconds: (seconds: string) => `every ${seconds} s`,
    secondsSpoken: (seconds: string) => `every ${seconds} seconds`,
    pause: "Pause",
    resume: "Resume",
    refresh: "Refresh",
  },

  standing: {
    lost: "Connection lost, trying again. These are the last figures received.",
    behind: (record: string) =>
      `The server is reading its log again, at record ${record}. These are the newest figures seen.`,
    opening: "The server is opening its log. These figures are from its last snapshot.",
    away: "The server can't reach its log, trying again. These are the last figures counted.",
    catchingUp: "These figures are not complete yet.",
    paused: "Paused.",
    live: "Votes show as soon as they are counted.",
    held: (seconds: string) => `Votes show every ${seconds} seconds.`,
  },

  strip: {
    label: "How the count is doing",
    latency: "Latency",
    lag: "Lag",
    late: "Late",
    duplicates: "Duplicates",
    rejected: "Rejected",
    milliseconds: (ms: string) => `${ms} ms`,
    unknown: "not known yet",
  },

  footer: {
    madeBy: "Counted by Teller.",
    json: "These results as JSON",
    embed: "On your own page",
    api: "The API",
  },

  regions: {
    heading: "Location of voters",
    introduction: "Votes, turnout and the leading candidate in every region.",
    caption: (from: string, to: string, matching: string, all: string) =>
      matching === all
        ? `Regions ${from} to ${to} of ${all}`
        : `Regions ${from} to ${to} of ${matching} found, ${all} in all`,
    nothing: (q: string) => `No region's name has “${q}” in it.`,
    empty: "The regions appear here as soon as voters are registered.",
    columns: {
      state: "Region",
      count: "Votes",
      voters: "Regis\u00adtered",
      turnout: "Turnout",
      leader: "Leader",
    },
    filter: "Find a region",
    filterAction: "Filter",
    clear: "Show all",
    sizes: "Regions on a page",
    pages: "Pages of the table",
    page: (page: string, pages: string) => `Page ${page} of ${pages}`,
    first: "First",
    previous: "Previous",
    next: "Next",
    last: "Last",
    ahead: (margin: string) => `${margin} ahead`,
    tied: (names: string) => `Tied: ${names}`,
    tiedMany: (n: string) => `Tied: ${n} candidates`,
    noVotes: "no votes yet",
    splitUnknown: "known once the log is open",
    version: (version: string) => `The table shows version ${version}.`,
  },

  region: {
    all: "All regions",
    notFound: "No voter is registered in a region of this name.",
    standing: (name: string, margin: string, turnout: string) =>
      `${name} leads here by ${margin}; turnout is ${turnout}.`,
    tied: (names: string, turnout: string) => `${names} are tied here; turnout is ${turnout}.`,
    none: "No votes have been counted here yet.",
    unknown: "How the votes split here is known once the log is open.",
    votes: "Votes counted",
    voters: "Registered voters",
    turnout: "Turnout",
    overall: (turnout: string) => `${turnout} overall`,
    caption: "Votes per candidate in this region",
    columns: {
      candidate: "Candidate",
      votes: "Votes",
      share: "Share here",
      overall: "Share overall",
      difference: "Difference, in points",
    },
  },

  candidates: {
    heading: "Candidates",
    empty: "The candidates appear here as soon as they are registered.",
    caption: (candidates: string) => `${candidates}, by votes`,
    columns: {
      place: "Place",
      candidate: "Candidate",
      party: "Party",
      votes: "Votes",
      share: "Share",
      biography: "Biography",
      platform: "Platform",
    },
  },

  candidate: {
    all: "All candidates",
    notFound: "Nobody who stands for election has this id.",
    standing: (place: string, of: string, votes: string, share: string) =>
      `In place ${place} of ${of}, with ${votes}, ${share} of those counted.`,
    biography: "Biography",
    platform: "Platform",
    nothing: "Nothing is on record.",
    atOpening: "On record once the log is open.",
    strongest: "Strongest regions",
    strongestNote: "By share of the votes counted there.",
    regionsUnknown: "Known once the log is open.",
    noRegions: "No votes have been counted for this candidate yet.",
    columns: { region: "Region", share: "Share there", votes: "Votes", place: "Place there" },
  },

  race: { heading: "The race", introduction: "How the candidates overtake each other, over time." },

  quality: {
    heading: "Data quality",
    introduction:
      "What is compared all the time, so that nobody has to take the count on trust. A finding changes nothing: what counts is decided by the log alone.",
    status: {
      ok: "All checks are as expected.",
      okSoFar: (unknown: string) => `All checks are as expected but ${unknown}, which can't be made now.`,
      findings: "Some checks need a look.",
      unknown: "The checks can't be made yet.",
    },
    checks: "The checks",
    checked: (time: string, ago: string, version: string) =>
      `Checked at ${time} (${ago}), at version ${version}.`,
    columns: { check: "Check", state: "State", value: "Found", expected: "Expected" },
    state: { ok: "As expected", finding: "Needs a look", unknown: "Can't be told now" },
    offenders: (n: string) => `Where: the first ${n}`,
    place: (topic: string, partition: string, offset: string) =>
      `${topic}, partition ${partition}, offset ${offset}`,
    partition: (topic: string, partition: string) => `${topic}, partition ${partition}`,
    table: (table: string) => `table ${table}`,
    elsewhere: "not to be named",
    rejected: "Rejected records",
    rejectedNote:
      "Records that are not well-formed never count; they are kept, with the reason, to be looked at.",
    noneRejected: "No record has been rejected.",
    rejectedColumns: {
      reason: "Reason",
      voters_topic: "Voters",
      candidates_topic: "Candidates",
      votes_topic: "Votes",
    },
    pace: "The pace of the count",
    lag: "Votes not read yet",
    median: "Latency, median",
    p99: "Latency, 99 in 100 are faster",
    late: "Late votes, counted",
    duplicates: "Duplicates, not counted",
    waiting: "Waiting for accreditation",
    latencyNote:
      "Latency is the time from reading a vote until results with it are made, which then go to every viewer.",
  },

  problem: { back: "To the results" },
} as const;

/** What a data-quality check looks for, by its id; a check without a text here speaks for itself. */
export const CHECKS: Readonly<Record<string, string>> = {
  votes_without_voter: "Every vote is of a registered voter",
  votes_without_candidate: "Every vote is for a registered candidate",
  duplicate_voters: "No voter is registered twice with different details",
  duplicate_candidates: "No candidate is registered twice with different details",
  duplicate_votes: "No voter has voted again for somebody else",
  rejected_votes: "Every vote that came in could be read",
  rejected_voters: "Every voter's registration could be read",
  rejected_candidates: "Every candidate's registration could be read",
  replaced_times: "Every vote says when it was cast",
  cube: "The votes in all groups add up to the voters who have voted",
  totals: "The sums by candidate, region, age, gender and city agree",
  offsets: "Every record of the log is accounted for",
  turnout: "No region has more votes than voters",
  log_settings: "The log keeps every record for ever",
  aggregated_topics: "The sums published for other programs are the count's",
  postgres_votes: "The database holds every vote",
  postgres_choices: "The database has each candidate's votes as the log has them",
  postgres_voters: "The database holds every voter",
  postgres_candidates: "The database holds every candidate",
  postgres_missing: "Nothing has disappeared from the database",
  postgres_added: "Nothing has been added to the database by others",
};

/** Why a record was rejected, in words. */
export const REJECTIONS: Readonly<Record<string, string>> = {
  tombstone: "Empty: it asks for something to be deleted",
  too_large: "Too long",
  no_key: "Without a key",
  bad_json: "Not readable as JSON",
  no_voter_id: "Without a voter's id",
  no_candidate_id: "Without a candidate's id",
  wrong_type: "An id that is no text, or a vote that is not 1",
  key_mismatch: "Its key is not its id",
  wrong_partition: "In another partition than its key belongs to",
  not_open: "Outside the opening hours",
};

/** What is counted, as one and as several. */
export const NOUNS = {
  "area": "areas",
  "candidate": "candidates",
  "duplicate": "duplicates",
  "hour": "hours",
  "late vote": "late votes",
  "minute": "minutes",
  "rejected record": "rejected records",
  "row": "rows",
  "second": "seconds",
  "time": "times",
  "vote": "votes",
  "voter": "voters",
} as const;
