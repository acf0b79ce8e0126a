/**
 * Texts of one direction between texts of the other (Unicode Standard Annex 9): an amount in Arabic, a number or a name inside an English
 * sentence, an English sentence on an Arabic page. Isolated, each is laid out by itself, as <bdi> does it, and takes its place as a whole.
 */
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';
const RIGHT_TO_LEFT_MARK = '\u200f';
/** ISO 15924. */
const RIGHT_TO_LEFT_SCRIPTS = /Adlm|Arab|Hebr|Nkoo|Rohg|Syrc|Thaa/;
/** The first letter that is not part of a {name} decides, as it does for the browser. */
const RIGHT_TO_LEFT_START =
  /^(?:\{\w+\}|\P{L})*[\p{sc=Adlm}\p{sc=Arab}\p{sc=Hebr}\p{sc=Nkoo}\p{sc=Rohg}\p{sc=Syrc}\p{sc=Thaa}]/u;

export function isolated(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${text}${POP_DIRECTIONAL_ISOLATE}`;
}

/** @param locale a usable language tag (BCP 47) */
export function isRightToLeft(locale: string): boolean {
  return RIGHT_TO_LEFT_SCRIPTS.test(new Intl.Locale(locale).maximize().script ?? '');
}

/** @param text of the catalogue, its {names} not filled in */
export function isRightToLeftText(text: string): boolean {
  return RIGHT_TO_LEFT_START.test(text);
}

/** An amount with its currency as one word: right to left, the bare "US$" of some languages reads "$US". */
export function amountText(amount: number, format: Intl.NumberFormat): string {
  const text = format.format(amount);
  if (!text.startsWith(RIGHT_TO_LEFT_MARK)) return text;
  const parts = format.formatToParts(amount);
  return parts.map(({ type, value }) => (type === 'currency' ? isolated(value) : value)).join('');
}
