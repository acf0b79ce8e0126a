/**
 * Emergency numbers by country, which the sample deck has to make free. 112 and 911 reach help from any mobile network
 * (3GPP TS 22.101), so they count everywhere.
 */
const EVERYWHERE = ['112', '911'];

/** General, police, fire and ambulance numbers where others than 112 and 911 are in use. */
const NUMBERS: readonly (readonly [number: string, countries: string])[] = [
  ['000', 'AU CC CX NF'],
  ['08', 'MX'],
  ['100', 'IN IL GR BE AR NP LK PE UY'],
  ['101', 'IN IL BE AR BD BY AM AZ UA UZ RU KZ KG TJ TM MD GE'],
  ['102', 'IN IL BY AM AZ UA UZ RU KZ KG TJ TM NP MN'],
  ['103', 'BY AM AZ UA UZ RU KZ KG TJ TM MN'],
  ['104', 'RU UA BY KZ'],
  ['108', 'IN'],
  ['110', 'DE CN JP TW ID BO EG SA NO LK GT'],
  ['111', 'NZ BR'],
  ['113', 'NO IT VN ID LV BE'],
  ['114', 'VN MU'],
  ['115', 'IT VN IR MU MG PK'],
  ['117', 'CH LI PH KH'],
  ['118', 'CH LI ID IT KH'],
  ['119', 'JP KR TW CN LK MV JM KH AF'],
  ['120', 'CN'],
  ['122', 'AT CN EG GT'],
  ['123', 'EG CO GT'],
  ['127', 'AL'],
  ['128', 'AL'],
  ['129', 'AL'],
  ['131', 'CL'],
  ['132', 'CL'],
  ['133', 'AT CL'],
  ['141', 'AT'],
  ['144', 'AT CH LI'],
  ['15', 'FR MC GP GF MQ RE YT BL MF PM NC PF PK MA'],
  ['150', 'CZ SK MA'],
  ['155', 'CZ SK TR'],
  ['158', 'CZ SK'],
  ['166', 'GR'],
  ['17', 'FR MC GP GF MQ RE YT BL MF PM NC PF SN ML NE BF CI GA DJ'],
  ['18', 'FR MC GP GF MQ RE YT BL MF PM NC PF SN ML NE BF CI GA DJ'],
  ['19', 'MA'],
  ['190', 'BR TN'],
  ['191', 'TH'],
  ['192', 'BR'],
  ['193', 'BR'],
  ['194', 'BR'],
  ['197', 'TN'],
  ['198', 'TN'],
  ['199', 'GR TH MM'],
  ['995', 'SG'],
  ['997', 'PL SA'],
  ['998', 'PL SA AE'],
  ['999', 'GB GG IM JE IE HK MO SG MY KE BD BH BW GH GI MT MU MW QA SA AE SC SZ TT TZ UG ZM ZW PL FJ CY LK'],
];

/** Every number that is an emergency number somewhere; a rate deck should give each of them a free rate. */
export const EMERGENCY_NUMBERS: readonly string[] = [...EVERYWHERE, ...NUMBERS.map(([number]) => number)].sort();
