/** The letters on the keys (ITU-T E.161), so that 1-800-FLOWERS can be typed or pasted. */
export const KEY_LETTERS: Readonly<Record<string, string>> = {
  '1': '',
  '2': 'ABC',
  '3': 'DEF',
  '4': 'GHI',
  '5': 'JKL',
  '6': 'MNO',
  '7': 'PQRS',
  '8': 'TUV',
  '9': 'WXYZ',
  '*': '',
  '0': '+',
  '#': '',
};

/** The most characters a dial field keeps: the server takes no more. */
const MAX_DIALLED_CHARACTERS = 40;

/**
 * What a person typed or pasted, as digits, "*", "#" and at most one leading "+": "tel:+49 (0)151 234" -> "+49151234". The server
 * reads it by the office's country; this only leaves out what no number contains.
 */
export function dialledText(typed: string): string {
  const plain = typed
    .normalize('NFKD')
    // Marks that nobody sees stand around numbers that were copied from right-to-left pages and address books; before a "+" they hid it.
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/^\s*(?:tel|callto|sip):/i, '')
    .replace(/[;?].*$/, '')
    .trim();
  const isInternational = plain.startsWith('+');
  const digits = (isInternational ? plain.replace(/\(0\)/, '') : plain)
    .replace(/[a-z]/gi, keyOfLetter)
    .replace(/[^\d*#]/g, '');
  return `${isInternational ? '+' : ''}${digits}`.slice(0, MAX_DIALLED_CHARACTERS);
}

function keyOfLetter(letter: string): string {
  const upper = letter.toUpperCase();
  return Object.keys(KEY_LETTERS).find((key) => KEY_LETTERS[key]?.includes(upper)) ?? '';
}
