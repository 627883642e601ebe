/**
 * Where the demo's voters live: some 300 British towns and cities with the area they belong to.
 *
 * Areas are England's ceremonial counties, Scotland's council areas, Wales' preserved counties and Northern
 * Ireland's counties. Populations are rounded and only serve as weights.
 * @module
 */

/** A town in which voters live. */
export interface Town {
  city: string;
  /** The voter's `state`: a county or area. */
  state: string;
  /** The letters that its postcodes begin with. */
  postcodeArea: string;
  /** Inhabitants in thousands, roughly. */
  weight: number;
}

/** By area: each town as `Name POSTCODE-AREA thousands`. */
const TOWNS_BY_STATE: Record<string, string> = {
  // England
  Bedfordshire: "Luton LU 225, Bedford MK 106, Leighton Buzzard LU 45, Dunstable LU 40",
  Berkshire: "Reading RG 174, Slough SL 158, Bracknell RG 85, Maidenhead SL 70",
  Bristol: "Bristol BS 472",
  Buckinghamshire: "Milton Keynes MK 264, High Wycombe HP 128, Aylesbury HP 84, Amersham HP 23",
  Cambridgeshire: "Peterborough PE 216, Cambridge CB 146, Wisbech PE 33, St Neots PE 33",
  Cheshire: "Warrington WA 175, Chester CH 93, Crewe CW 76, Widnes WA 62",
  Cornwall: "Falmouth TR 33, St Austell PL 26, Newquay TR 24, Truro TR 23",
  Cumbria: "Carlisle CA 75, Barrow-in-Furness LA 56, Kendal LA 30, Workington CA 25",
  Derbyshire: "Derby DE 261, Chesterfield S 90, Ilkeston DE 41, Long Eaton NG 40",
  Devon: "Plymouth PL 265, Exeter EX 131, Torquay TQ 52, Paignton TQ 49",
  Dorset: "Bournemouth BH 197, Poole BH 155, Weymouth DT 53, Christchurch BH 31",
  Durham: "Darlington DL 93, Hartlepool TS 88, Stockton-on-Tees TS 84, Durham DH 50",
  "East Riding of Yorkshire": "Kingston upon Hull HU 267, Bridlington YO 35, Beverley HU 31, Goole DN 20",
  "East Sussex": "Brighton BN 230, Eastbourne BN 102, Hove BN 92, Hastings TN 91",
  Essex: "Southend-on-Sea SS 181, Colchester CO 130, Chelmsford CM 116, Basildon SS 115, Harlow CM 93, " +
    "Grays RM 75, Brentwood CM 55, Clacton-on-Sea CO 53",
  Gloucestershire: "Gloucester GL 132, Cheltenham GL 119, Stroud GL 33, Yate BS 28",
  "Greater London": "London SE 5200, Croydon CR 390, Enfield EN 330, Bromley BR 330, Ilford IG 300, " +
    "Harrow HA 260, Romford RM 240, Sutton SM 205",
  "Greater Manchester": "Manchester M 552, Bolton BL 184, Salford M 130, Stockport SK 117, Oldham OL 111, " +
    "Rochdale OL 111, Wigan WN 107, Bury BL 81",
  Hampshire: "Southampton SO 249, Portsmouth PO 208, Basingstoke RG 117, Gosport PO 82",
  Herefordshire: "Hereford HR 61, Leominster HR 12, Ross-on-Wye HR 11",
  Hertfordshire: "Watford WD 131, Hemel Hempstead HP 96, Stevenage SG 94, St Albans AL 75",
  "Isle of Wight": "Ryde PO 24, Cowes PO 15",
  Kent:
    "Maidstone ME 110, Gillingham ME 108, Ashford TN 83, Canterbury CT 55, Margate CT 63, Dartford DA 60, " +
    "Gravesend DA 59, Royal Tunbridge Wells TN 57",
  Lancashire: "Preston PR 147, Blackpool FY 141, Blackburn BB 124, Burnley BB 78, Lancaster LA 53, " +
    "Lytham St Annes FY 42, Chorley PR 38, Accrington BB 36",
  Leicestershire: "Leicester LE 369, Loughborough LE 65, Hinckley LE 50, Coalville LE 34",
  Lincolnshire: "Lincoln LN 104, Grimsby DN 86, Scunthorpe DN 82, Boston PE 46",
  Merseyside: "Liverpool L 486, Birkenhead CH 143, St Helens WA 103, Southport PR 95",
  Norfolk: "Norwich NR 144, Great Yarmouth NR 70, King's Lynn PE 48, Thetford IP 27",
  "North Yorkshire": "Middlesbrough TS 148, York YO 142, Harrogate HG 75, Scarborough YO 60",
  Northamptonshire: "Northampton NN 245, Corby NN 69, Kettering NN 63, Wellingborough NN 54",
  Northumberland: "Blyth NE 39, Cramlington NE 28, Ashington NE 28, Morpeth NE 15",
  Nottinghamshire: "Nottingham NG 323, Mansfield NG 88, Worksop S 45, Arnold NG 38",
  Oxfordshire: "Oxford OX 162, Banbury OX 54, Abingdon OX 37, Bicester OX 37",
  Rutland: "Oakham LE 12, Uppingham LE 5",
  Shropshire: "Telford TF 156, Shrewsbury SY 77, Oswestry SY 18, Bridgnorth WV 13",
  Somerset: "Bath BA 94, Weston-super-Mare BS 82, Taunton TA 65, Yeovil BA 49",
  "South Yorkshire": "Sheffield S 556, Doncaster DN 113, Rotherham S 110, Barnsley S 71",
  Staffordshire: "Stoke-on-Trent ST 258, Tamworth B 79, Newcastle-under-Lyme ST 76, Burton upon Trent DE 76",
  Suffolk: "Ipswich IP 151, Lowestoft NR 71, Bury St Edmunds IP 41, Haverhill CB 27",
  Surrey: "Woking GU 105, Guildford GU 78, Redhill RH 36, Epsom KT 34",
  "Tyne and Wear": "Newcastle upon Tyne NE 286, Sunderland SR 168, Gateshead NE 78, South Shields NE 75",
  Warwickshire: "Nuneaton CV 88, Rugby CV 79, Leamington Spa CV 51, Warwick CV 37",
  "West Midlands": "Birmingham B 1145, Coventry CV 345, Wolverhampton WV 264, Solihull B 126, " +
    "Sutton Coldfield B 109, West Bromwich B 103, Dudley DY 80, Walsall WS 71",
  "West Sussex": "Crawley RH 118, Worthing BN 111, Bognor Regis PO 63, Littlehampton BN 56",
  "West Yorkshire": "Leeds LS 536, Bradford BD 333, Huddersfield HD 141, Wakefield WF 110, Halifax HX 88, " +
    "Dewsbury WF 63, Keighley BD 50, Castleford WF 45",
  Wiltshire: "Swindon SN 183, Salisbury SP 41, Trowbridge BA 37, Chippenham SN 36",
  Worcestershire: "Worcester WR 103, Redditch B 81, Kidderminster DY 57, Bromsgrove B 34",
  // Scotland
  "Aberdeen City": "Aberdeen AB 198",
  Aberdeenshire: "Peterhead AB 19, Inverurie AB 15, Fraserburgh AB 13, Stonehaven AB 11",
  Angus: "Arbroath DD 24, Forfar DD 14, Montrose DD 12",
  "Argyll and Bute": "Helensburgh G 15, Dunoon PA 9, Oban PA 8",
  "City of Edinburgh": "Edinburgh EH 506",
  Clackmannanshire: "Alloa FK 20",
  "Dumfries and Galloway": "Dumfries DG 33, Stranraer DG 10",
  "Dundee City": "Dundee DD 148",
  "East Ayrshire": "Kilmarnock KA 47, Cumnock KA 13",
  "East Dunbartonshire": "Bearsden G 28, Bishopbriggs G 24, Kirkintilloch G 22",
  "East Lothian": "Musselburgh EH 21, Haddington EH 10",
  "East Renfrewshire": "Newton Mearns G 28, Barrhead G 18",
  Falkirk: "Falkirk FK 36, Grangemouth FK 17",
  Fife: "Dunfermline KY 56, Kirkcaldy KY 50, Glenrothes KY 39, St Andrews KY 18",
  "Glasgow City": "Glasgow G 626",
  Highland: "Inverness IV 48, Fort William PH 10, Nairn IV 10, Thurso KW 8",
  Inverclyde: "Greenock PA 41, Port Glasgow PA 15",
  Midlothian: "Bonnyrigg EH 18, Penicuik EH 16, Dalkeith EH 13",
  Moray: "Elgin IV 25, Forres IV 10",
  "Na h-Eileanan Siar": "Stornoway HS 7",
  "North Ayrshire": "Irvine KA 34, Kilwinning KA 16",
  "North Lanarkshire": "Cumbernauld G 50, Coatbridge ML 44, Airdrie ML 37, Motherwell ML 33",
  "Orkney Islands": "Kirkwall KW 10",
  "Perth and Kinross": "Perth PH 47, Blairgowrie PH 9",
  Renfrewshire: "Paisley PA 77, Renfrew PA 24, Johnstone PA 16",
  "Scottish Borders": "Galashiels TD 15, Hawick TD 14",
  "Shetland Islands": "Lerwick ZE 7",
  "South Ayrshire": "Ayr KA 46, Troon KA 15",
  "South Lanarkshire": "East Kilbride G 75, Hamilton ML 54, Lanark ML 9",
  Stirling: "Stirling FK 37",
  "West Dunbartonshire": "Clydebank G 26, Dumbarton G 20",
  "West Lothian": "Livingston EH 57, Bathgate EH 24",
  // Wales
  Clwyd: "Wrexham LL 65, Colwyn Bay LL 30, Rhyl LL 27, Llandudno LL 21",
  Dyfed: "Llanelli SA 43, Carmarthen SA 16, Aberystwyth SY 15, Haverfordwest SA 15",
  Gwent: "Newport NP 145, Cwmbran NP 48, Caerphilly CF 42, Ebbw Vale NP 19",
  Gwynedd: "Bangor LL 17, Holyhead LL 12, Caernarfon LL 10",
  "Mid Glamorgan": "Bridgend CF 50, Merthyr Tydfil CF 44, Aberdare CF 32, Pontypridd CF 31",
  Powys: "Newtown SY 12, Brecon LD 8",
  "South Glamorgan": "Cardiff CF 362, Barry CF 56, Penarth CF 28",
  "West Glamorgan": "Swansea SA 170, Neath SA 51, Port Talbot SA 32",
  // Northern Ireland
  "County Antrim": "Belfast BT 345, Newtownabbey BT 67, Lisburn BT 51, Ballymena BT 31",
  "County Armagh": "Craigavon BT 72, Armagh BT 16",
  "County Down": "Newtownards BT 29, Newry BT 28",
  "County Fermanagh": "Enniskillen BT 14",
  "County Londonderry": "Londonderry BT 85, Coleraine BT 25",
  "County Tyrone": "Omagh BT 20, Dungannon BT 16, Strabane BT 14",
};

/** Every town, grouped by state. Its place here is part of what a seed means: a new town changes people. */
export const TOWNS: readonly Town[] = Object.entries(TOWNS_BY_STATE).flatMap(([state, towns]) =>
  towns.split(", ").map((town) => {
    const [, city, postcodeArea, weight] = /^(.+) ([A-Z]{1,2}) (\d+)$/.exec(town)!;
    return { city, state, postcodeArea, weight: Number(weight) };
  })
);

/** The areas in which there are towns. */
export const STATES: readonly string[] = Object.keys(TOWNS_BY_STATE);
