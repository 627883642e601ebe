/**
 * The twelve areas of the United Kingdom as a grid of tiles, and which county lies in which.
 *
 * England's regions are the statistical ones (ITL 1); a ceremonial county that they cut counts where most of its
 * people live: Lincolnshire in the East Midlands, North Yorkshire in Yorkshire and the Humber.
 * @module
 */

/** One tile: its place in the grid, and the counties in it by the names that voters' addresses have. */
export interface Area {
  name: string;
  /** For the tile itself. */
  short: string;
  /** From 0, west to east. */
  column: number;
  /** From 0, north to south. */
  row: number;
  counties: readonly string[];
}

/** What a state that is in no area belongs to. */
export const ELSEWHERE = "Elsewhere";

const area = (name: string, short: string, column: number, row: number, counties: string): Area => ({
  name,
  short,
  column,
  row,
  counties: counties.split(", "),
});

/** North to south, then west to east. */
export const AREAS: readonly Area[] = [
  area(
    "Scotland",
    "Scotland",
    1,
    0,
    "Aberdeen City, Aberdeenshire, Angus, Argyll and Bute, City of Edinburgh, Clackmannanshire, " +
      "Dumfries and Galloway, Dundee City, East Ayrshire, East Dunbartonshire, East Lothian, East Renfrewshire, " +
      "Falkirk, Fife, Glasgow City, Highland, Inverclyde, Midlothian, Moray, Na h-Eileanan Siar, North Ayrshire, " +
      "North Lanarkshire, Orkney Islands, Perth and Kinross, Renfrewshire, Scottish Borders, Shetland Islands, " +
      "South Ayrshire, South Lanarkshire, Stirling, West Dunbartonshire, West Lothian",
  ),
  area(
    "Northern Ireland",
    "N Ireland",
    0,
    1,
    "County Antrim, County Armagh, County Down, County Fermanagh, County Londonderry, County Tyrone",
  ),
  area("North East", "North East", 2, 1, "Durham, Northumberland, Tyne and Wear"),
  area("North West", "North West", 1, 2, "Cheshire, Cumbria, Greater Manchester, Lancashire, Merseyside"),
  area(
    "Yorkshire and the Humber",
    "Yorkshire",
    2,
    2,
    "East Riding of Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire",
  ),
  area(
    "Wales",
    "Wales",
    0,
    3,
    "Clwyd, Dyfed, Gwent, Gwynedd, Mid Glamorgan, Powys, South Glamorgan, West Glamorgan",
  ),
  area(
    "West Midlands",
    "W Midlands",
    1,
    3,
    "Herefordshire, Shropshire, Staffordshire, Warwickshire, West Midlands, Worcestershire",
  ),
  area(
    "East Midlands",
    "E Midlands",
    2,
    3,
    "Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire, Rutland",
  ),
  area(
    "East of England",
    "East",
    3,
    3,
    "Bedfordshire, Cambridgeshire, Essex, Hertfordshire, Norfolk, Suffolk",
  ),
  area(
    "South West",
    "South West",
    1,
    4,
    "Bristol, Cornwall, Devon, Dorset, Gloucestershire, Somerset, Wiltshire",
  ),
  area(
    "South East",
    "South East",
    2,
    4,
    "Berkshire, Buckinghamshire, East Sussex, Hampshire, Isle of Wight, Kent, Oxfordshire, Surrey, West Sussex",
  ),
  area("London", "London", 3, 4, "City of London, Greater London"),
];

const areaOfCounty = new Map(AREAS.flatMap(({ name, counties }) => counties.map((county) => [county, name])));

/** The name of the area that a state lies in, or ELSEWHERE. */
export function areaOf(state: string): string {
  return areaOfCounty.get(state) ?? ELSEWHERE;
}
