/** Made-up prices a minute by region, in USD. */
export interface SamplePrices {
  readonly fixed: string;
  readonly mobile: string;
}

const REGIONS: readonly (readonly [countries: string, prices: SamplePrices])[] = [
  ['US CA', { fixed: '0.014', mobile: '0.014' }],
  [
    'DE AT CH FR GB IE NL BE LU IT ES PT DK SE NO FI IS GR CY MT AU NZ JP KR SG HK TW IL',
    { fixed: '0.02', mobile: '0.06' },
  ],
  ['PL CZ SK HU SI HR RO BG EE LV LT CN IN BR MX AR CL CO PE MY TH ZA TR', { fixed: '0.03', mobile: '0.08' }],
  ['PR VI GU MP AS GG JE IM', { fixed: '0.03', mobile: '0.03' }],
  [
    'UA RU KZ GE AM AZ MD RS ME MK AL BA XK BY VN PH ID UY PY BO EC VE CR PA GT SV HN NI DO BH AE SA QA KW OM JO EG MA',
    { fixed: '0.09', mobile: '0.16' },
  ],
  ['AX SJ VA SM MC AD LI GI FO GL', { fixed: '0.07', mobile: '0.19' }],
  ['CU AC SH TA IO FK TK NU WF CK KI TV NR SB VU PG TO WS KP SO', { fixed: '0.85', mobile: '0.95' }],
];
const ELSEWHERE: SamplePrices = { fixed: '0.21', mobile: '0.29' };

/** `country` is ISO 3166-1 alpha-2. */
export function samplePrices(country: string): SamplePrices {
  return REGIONS.find(([countries]) => countries.split(' ').includes(country))?.[1] ?? ELSEWHERE;
}
