/**
 * The demo's parties, what they want, and what kind of person stands for them; all invented.
 * @module
 */

/** A party with the words for its candidate. */
export interface Party {
  name: string;
  /** The candidate's life; {name}, {town} and {years} are filled in. */
  biography: string;
  platform: string;
}

/** In the order in which candidates are given one. */
export const PARTIES: readonly Party[] = [
  {
    name: "Management Party",
    biography: "{name} ran hospitals in {town} for {years} years and is known for short meetings.",
    platform:
      "Run the country like a good hospital: plan ahead, publish every cost, and answer letters in a week.",
  },
  {
    name: "Savior Party",
    biography: "{name} led the lifeboat and flood rescue teams around {town} for {years} years.",
    platform: "Nobody is left behind: warm homes in winter, a doctor within two days, and help at the door.",
  },
  {
    name: "Tech Republic Party",
    biography:
      "{name} taught computing in {town} and spent {years} years building software for local libraries.",
    platform:
      "Every public service online and simple, open data by default, and fast internet in every village.",
  },
  {
    name: "Harbour Alliance",
    biography:
      "{name} grew up on a trawler and has been harbour master for {years} years, lately near {town}.",
    platform: "Repair the sea walls, bring freight back to the coast, and keep fishing fair.",
  },
  {
    name: "Orchard Party",
    biography: "{name} has grown apples outside {town} for {years} years and chairs the county show.",
    platform: "Plant a tree for every child, buy school meals from farms nearby, and keep the hedgerows.",
  },
  {
    name: "Railway Union",
    biography: "{name} drove trains out of {town} for {years} years and still knows the timetable by heart.",
    platform: "Reopen the branch lines, one ticket for train and bus, and night trains to every city.",
  },
  {
    name: "Quiet Party",
    biography:
      "{name} is a piano tuner from {town} who has campaigned against needless noise for {years} years.",
    platform: "Quiet hours in every town, fewer rules that say more, and silence in the quiet coach.",
  },
  {
    name: "Workshop Party",
    biography: "{name} has trained apprentices in a machine shop in {town} for {years} years.",
    platform: "An apprenticeship for everyone who wants one, and the right to repair whatever you own.",
  },
  {
    name: "Neighbours First",
    biography: "{name} has kept the corner shop open in {town} for {years} years, Sundays included.",
    platform:
      "Give parishes their own budgets, let high streets live, and count loneliness as a matter of health.",
  },
  {
    name: "Lighthouse Democrats",
    biography: "{name} was a judge for {years} years and now edits a weekly paper in {town}.",
    platform: "Open government: minutes of every meeting, reasons for every decision, and courts on time.",
  },
  {
    name: "Green Commons",
    biography: "{name} is a botanist who has restored meadows around {town} for {years} years.",
    platform:
      "Clean rivers within ten years, common land kept common, and insulation before new power stations.",
  },
  {
    name: "Steady Hand Party",
    biography: "{name} kept the accounts of {town} for {years} years without losing a penny.",
    platform: "Balance the budget over each parliament and change taxes only once, with a year's notice.",
  },
  {
    name: "Open Border Traders",
    biography: "{name} imported tea and spices through {town} for {years} years.",
    platform: "Simpler customs, honest labels, and trade with everybody who keeps the rules.",
  },
  {
    name: "Teachers' League",
    biography: "{name} taught mathematics in {town} for {years} years and was head of two schools.",
    platform: "Smaller classes, a library in every school, and no reform without a trial first.",
  },
  {
    name: "Silver Party",
    biography: "{name} founded the pensioners' choir of {town} and has visited care homes for {years} years.",
    platform: "Care that is paid for, benches at every bus stop, and bank counters with people behind them.",
  },
  {
    name: "Young Voices",
    biography: "{name} ran the youth parliament of {town} and has worked with students for {years} years.",
    platform: "Votes at sixteen, rents that a first wage can pay, and free evening classes.",
  },
  {
    name: "Cyclists' Front",
    biography: "{name} has repaired bicycles in {town} for {years} years and rides to every debate.",
    platform:
      "Safe lanes to every school, potholes filled within a week, and slow streets where people live.",
  },
  {
    name: "Free Inventors",
    biography: "{name} holds patents for kitchen tools and has had a workshop in {town} for {years} years.",
    platform: "A public laboratory in each region, cheaper patents, and prizes for what turns out useful.",
  },
  {
    name: "Village Pact",
    biography: "{name} has been a vet in the country around {town} for {years} years.",
    platform:
      "A bus an hour for every village, a post office within five miles, and surgeries open on Saturdays.",
  },
  {
    name: "Arts and Crafts Party",
    biography: "{name} is a stage carpenter who has kept the theatre of {town} alive for {years} years.",
    platform: "A music teacher in every school, museums free of charge, and studios in empty shops.",
  },
  {
    name: "Homes for All",
    biography: "{name} has laid bricks in {town} for {years} years, most of them straight.",
    platform: "Build half a million council homes, tax empty ones, and make good insulation the law.",
  },
  {
    name: "Fair Wage Party",
    biography: "{name} was a shop steward in {town} for {years} years and settled most disputes over tea.",
    platform: "Equal pay that is checked, a week's notice of every shift, and no unpaid trials.",
  },
  {
    name: "Weather Watch",
    biography: "{name} forecast the weather from a station near {town} for {years} years.",
    platform: "Prepare for the floods we can see coming, with honest maps and shared insurance.",
  },
  {
    name: "Sunday Party",
    biography: "{name} has run the football league of {town} for {years} years.",
    platform:
      "One more public holiday, swimming baths that stay open, and a pitch within a mile of every home.",
  },
  {
    name: "Reason and Evidence",
    biography: "{name} is a statistician who has checked other people's sums in {town} for {years} years.",
    platform: "Test policies before rolling them out, publish what failed, and stop what does not work.",
  },
  {
    name: "Northern Star",
    biography: "{name} has brewed beer in {town} for {years} years and never moved south.",
    platform: "Move three ministries north, finish the railway across the hills, and share the taxes fairly.",
  },
];

/** As many candidates as there are parties. */
export const MAX_CANDIDATES = PARTIES.length;
