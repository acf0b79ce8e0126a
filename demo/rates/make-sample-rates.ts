/**
 * Writes demo/sample-rates.csv: `node demo/rates/make-sample-rates.ts > demo/sample-rates.csv`. Prefixes come from libphonenumber's
 * numbering plans, prices are made up by region: plausible, but nobody's offer.
 */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { EMERGENCY_NUMBERS } from '../../server/rates/emergency-numbers.ts';
import type { RateKind } from '../../src/protocol/rate.ts';
import { countryPrefixes } from './numbering-plan.ts';
import { samplePrices } from './sample-prices.ts';

interface Row {
  readonly prefix: string;
  readonly destination: string;
  readonly kind: RateKind;
  readonly direction?: 'outbound' | 'inbound';
  readonly price: string;
  readonly increments: string;
  readonly connectionFee?: string;
  readonly licence?: string;
}

const HEADER = `# Sample rates of the demo. Made up: plausible, not the offer of any carrier. Prices are USD a minute.
# Written by demo/rates/make-sample-rates.ts. "=600" is a short number; "1 204,226" is 1204 and 1226.
prefix,destination,kind,direction,price,increments,connection_fee,licence,currency`;

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });
const TOLL_FREE_PRICE = '0.02';
const PREMIUM_PRICE = '1.90';

/** Services of the embedded phone network; dear enough that a demo credit is seen to run. */
const SERVICES: readonly Row[] = [
  { prefix: '=600', destination: 'Echo test', kind: 'local', price: '0.60', increments: '1/1', connectionFee: '0.05' },
  { prefix: '=601', destination: 'Melody', kind: 'local', price: '0.30', increments: '6/6' },
  { prefix: '=602', destination: 'Always busy', kind: 'local', price: '0.10', increments: '60/60' },
  { prefix: '=603', destination: 'Never answers', kind: 'local', price: '0.10', increments: '60/60' },
  { prefix: '=604', destination: 'Declines', kind: 'local', price: '0.10', increments: '60/60' },
  { prefix: '=605', destination: 'Rings, then answers', kind: 'local', price: '0.12', increments: '30/6' },
  { prefix: '=606', destination: 'Hangs up after 20 s', kind: 'local', price: '0.24', increments: '60/60' },
  { prefix: '=607', destination: 'Calls you back', kind: 'local', price: '0.06', increments: '60/60' },
  { prefix: '=609', destination: 'Premium line', kind: 'premium', price: PREMIUM_PRICE, increments: '60/60' },
];

/** Country codes that belong to no country (ITU-T E.164 list). */
const GLOBAL: readonly Row[] = [
  {
    prefix: '800',
    destination: 'International freephone',
    kind: 'toll_free',
    price: TOLL_FREE_PRICE,
    increments: '60/60',
  },
  {
    prefix: '808',
    destination: 'International shared cost',
    kind: 'international',
    price: '0.35',
    increments: '60/60',
  },
  { prefix: '870', destination: 'Inmarsat, satellite', kind: 'premium', price: '6.50', increments: '60/60' },
  {
    prefix: '878',
    destination: 'Universal personal numbers',
    kind: 'international',
    price: '0.95',
    increments: '60/60',
  },
  { prefix: '881', destination: 'Mobile satellite', kind: 'premium', price: '7.20', increments: '60/60' },
  { prefix: '882,883', destination: 'International networks', kind: 'premium', price: '3.60', increments: '60/60' },
  { prefix: '888', destination: 'Disaster relief', kind: 'international', price: '0.95', increments: '60/60' },
  { prefix: '979', destination: 'International premium rate', kind: 'premium', price: '2.90', increments: '60/60' },
];

/** Licences that pay for local calls too (D-28); everybody else has the country's own rate. */
const LICENCES: readonly Row[] = ['contact_centre', 'sales'].flatMap((licence) => [
  { prefix: '1', destination: 'United States', kind: 'local' as const, price: '0.02', increments: '60/60', licence },
  {
    prefix: '1',
    destination: 'United States, received',
    kind: 'local' as const,
    direction: 'inbound' as const,
    price: '0.01',
    increments: '60/60',
    licence,
  },
]);

function emergencyRows(): Row[] {
  return EMERGENCY_NUMBERS.map((number) => ({
    prefix: `=${number}`,
    destination: 'Emergency',
    kind: 'emergency',
    price: '0',
    increments: '1/1',
  }));
}

function countryRows(): Row[] {
  return getCountries().flatMap((country) => {
    const name = countryNames.of(country) ?? country;
    const code = getCountryCallingCode(country);
    const { fixed, mobile } = samplePrices(country);
    const prefixes = countryPrefixes(country);
    const cell = (areas: readonly string[]) =>
      areas.length === 1 && areas[0] === '' ? code : `${code} ${areas.join(',')}`;
    const row = (areas: readonly string[], rest: Omit<Row, 'prefix'>): Row[] =>
      areas.length === 0 ? [] : [{ prefix: cell(areas), ...rest }];
    const kind = country === 'US' ? 'domestic' : 'international';
    const tollFree = {
      destination: `${name}, toll-free`,
      kind: 'toll_free',
      price: TOLL_FREE_PRICE,
      increments: '60/60',
    } as const;
    return [
      ...row(prefixes.fixed, { destination: name, kind, price: fixed, increments: fixedIncrements(country) }),
      ...row(prefixes.mobile, { destination: `${name}, mobile`, kind: 'mobile', price: mobile, increments: '60/60' }),
      ...row(prefixes.tollFree, tollFree),
      ...row(prefixes.tollFree, {
        ...tollFree,
        destination: `${tollFree.destination}, received`,
        direction: 'inbound',
      }),
      ...row(prefixes.premium, {
        destination: `${name}, premium`,
        kind: 'premium',
        price: PREMIUM_PRICE,
        increments: '60/60',
      }),
    ];
  });
}

/** As on carriers' sheets: Mexico by the minute, North America by six seconds, most others by the second after half a minute. */
function fixedIncrements(country: string): string {
  if (country === 'MX') return '60/60';
  return getCountryCallingCode(country as Parameters<typeof getCountryCallingCode>[0]) === '1' ? '6/6' : '30/6';
}

const RECEIVED: Row = {
  prefix: '1,2,3,4,5,6,7,8,9',
  destination: 'Received on a local number',
  kind: 'local',
  direction: 'inbound',
  price: '0',
  increments: '1/1',
};

function csvLine(row: Row): string {
  const {
    prefix,
    destination,
    kind,
    direction = 'outbound',
    price,
    increments,
    connectionFee = '',
    licence = '',
  } = row;
  return [prefix, destination, kind, direction, price, increments, connectionFee, licence, 'USD'].map(quoted).join(',');
}

function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const rows = [...SERVICES, ...emergencyRows(), ...GLOBAL, ...LICENCES, RECEIVED, ...countryRows()];
process.stdout.write(`${HEADER}\n${rows.map(csvLine).join('\n')}\n`);
