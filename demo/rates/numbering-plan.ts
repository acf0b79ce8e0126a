/**
 * Which prefixes of a country are mobile, toll-free or premium, read from libphonenumber's patterns. A pattern is turned into one that
 * also accepts the beginnings of what it matches; the tree of digits is then walked until every number below a branch is of one type.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/max';

/** National prefixes without the country code; [''] is the country code itself. */
export interface CountryPrefixes {
  readonly fixed: readonly string[];
  readonly mobile: readonly string[];
  readonly tollFree: readonly string[];
  readonly premium: readonly string[];
}
type Type = keyof CountryPrefixes;

/** Deeper than this a branch with several types is taken for its dearest one. */
const MAX_DEPTH = 4;
const MAX_SHARED_DEPTH = 5;
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const DEAREST_FIRST: readonly Type[] = ['premium', 'mobile', 'tollFree', 'fixed'];

/** The layout of the package's compact metadata: position 11 holds the types, each a list that begins with its pattern. */
const TYPES_AT = 11;
const TYPE_POSITIONS: Readonly<Record<Type, readonly number[]>> = {
  fixed: [0, 5, 6, 8],
  mobile: [1],
  tollFree: [2],
  premium: [3, 9],
};

interface Metadata {
  readonly countries: Readonly<Record<string, readonly unknown[]>>;
}
const metadataFile = createRequire(import.meta.url).resolve('libphonenumber-js/metadata.max.json');
// The file belongs to the package whose version is pinned; the test of the deck fails when its layout changes.
const metadata = JSON.parse(readFileSync(metadataFile, 'utf8')) as Metadata;

type Matcher = (beginning: string) => boolean;

/** What all numbers below a branch are: of one type, none at all, or another country's. */
type Branch = Type | 'none' | 'foreign' | 'mixed';

export function countryPrefixes(country: CountryCode): CountryPrefixes {
  const found: Record<Type, string[]> = { fixed: [], mobile: [], tollFree: [], premium: [] };
  const isMain = isMainCountry(country);
  if (isMain) found.fixed.push('');
  const keep = (beginning: string, branch: Branch): void => {
    // The fixed lines of the main country are found by the bare country code.
    const isKept = branch !== 'none' && branch !== 'foreign' && branch !== 'mixed' && !(isMain && branch === 'fixed');
    if (isKept) found[branch].push(beginning);
  };
  const branchOf = createLeafReader(country);
  const walk = (beginning: string): Branch => {
    const own = branchOf(beginning);
    if (own !== 'mixed') return own;
    const children = DIGITS.map((digit) => ({ at: `${beginning}${digit}`, branch: walk(`${beginning}${digit}`) }));
    const kinds = new Set(children.map(({ branch }) => branch).filter((branch) => branch !== 'none'));
    const [only = 'none'] = kinds;
    if (kinds.size <= 1 && only !== 'mixed' && beginning !== '') return only;
    for (const { at, branch } of children) keep(at, branch);
    return 'mixed';
  };
  walk('');
  return found;
}

/**
 * Reads one branch without looking below it. A country that shares its calling code with a bigger one gets only what is its own
 * alone; the bigger one need not care, because the longer prefixes of the smaller one win.
 */
function createLeafReader(country: CountryCode): (beginning: string) => Branch {
  const types = typesOf(country);
  const isMain = isMainCountry(country);
  const others = isMain ? [] : sharers(country).map(typesOf);
  return (beginning) => {
    const own = DEAREST_FIRST.filter((type) => types[type](beginning));
    const isForeign = others.some((other) => DEAREST_FIRST.some((type) => other[type](beginning)));
    const isLeaf = beginning.length >= (isMain ? MAX_DEPTH : MAX_SHARED_DEPTH);
    const [dearest] = own;
    if (dearest === undefined) return isForeign ? 'foreign' : 'none';
    if (isForeign) return isLeaf ? 'foreign' : 'mixed';
    if (own.length === 1 && beginning !== '') return dearest;
    if (own.length === 2 && isWithoutMobilePrefixes(country) && own.includes('mobile') && own.includes('fixed')) {
      return beginning === '' ? 'mixed' : 'fixed';
    }
    return isLeaf ? dearest : 'mixed';
  };
}

function sharers(country: CountryCode): CountryCode[] {
  const code = getCountryCallingCode(country);
  return getCountries().filter((other) => other !== country && getCountryCallingCode(other) === code);
}

/** In North America and Mexico mobile numbers cannot be told from fixed ones. */
function isWithoutMobilePrefixes(country: CountryCode): boolean {
  return country === 'MX' || getCountryCallingCode(country) === '1';
}

/** The first country of a calling code in the metadata is the one that the bare code stands for. */
function isMainCountry(country: CountryCode): boolean {
  const code = getCountryCallingCode(country);
  const main: Readonly<Record<string, CountryCode>> = {
    '1': 'US',
    '7': 'RU',
    '39': 'IT',
    '44': 'GB',
    '47': 'NO',
    '61': 'AU',
    '212': 'MA',
    '262': 'RE',
    '290': 'SH',
    '358': 'FI',
    '590': 'GP',
    '599': 'CW',
  };
  return (main[code] ?? country) === country;
}

const matchers = new Map<CountryCode, Readonly<Record<Type, Matcher>>>();

function typesOf(country: CountryCode): Readonly<Record<Type, Matcher>> {
  const known = matchers.get(country);
  if (known) return known;
  const types = metadata.countries[country]?.[TYPES_AT];
  const patternsAt = (positions: readonly number[]) =>
    positions.flatMap((position) => {
      const entry: unknown = Array.isArray(types) ? types[position] : undefined;
      const pattern: unknown = Array.isArray(entry) ? entry[0] : undefined;
      return typeof pattern === 'string' ? [beginningOf(pattern)] : [];
    });
  const general = metadata.countries[country]?.[2];
  const matcherOf = (type: Type): Matcher => {
    const patterns = patternsAt(TYPE_POSITIONS[type]);
    return (beginning) => patterns.some((pattern) => pattern.test(beginning));
  };
  // Small countries have one pattern for everything: they have fixed lines only as far as a price is concerned.
  const fallback = typeof general === 'string' ? beginningOf(general) : /^$/;
  const matcher = Array.isArray(types)
    ? {
        fixed: matcherOf('fixed'),
        mobile: matcherOf('mobile'),
        tollFree: matcherOf('tollFree'),
        premium: matcherOf('premium'),
      }
    : {
        fixed: (text: string) => fallback.test(text),
        mobile: () => false,
        tollFree: () => false,
        premium: () => false,
      };
  matchers.set(country, matcher);
  return matcher;
}

/** Every digit of the pattern may also be the end of the text: "12[34]" accepts "", "1", "12", "123". */
function beginningOf(pattern: string): RegExp {
  const open = pattern.replace(/\{[\d,]+\}|\\d|\[[^\]]*\]|\d/g, (atom) =>
    atom.startsWith('{') ? atom : `(?:${atom}|$)`,
  );
  return new RegExp(`^(?:${open})$`);
}
