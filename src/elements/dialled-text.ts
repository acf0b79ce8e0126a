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
export const MAX_DIALLED_CHARACTERS = 40;

/**
 * What a person typed or pasted, as digits, "*", "#" and at most one leading "+": "tel:+49 (0)151 234" -> "+49151234". The server
 * reads it by the office's country; this only leaves out what no number contains.
 */
export function dialledText(typed: string): string {
  const plain = typed
    .replace(/^\s*(?:tel|callto|sip):/i, '')
    .replace(/[;?].*$/, '')
    .trim();
  const isInternational = plain.startsWith('+');
  const digits = (isInternational ? plain.replace(/\(0\)/, '') : plain)
    .normalize('NFKD')
    .replace(/[a-z]/gi, keyOfLetter)
    .replace(/[^\d*#]/g, '');
  return `${isInternational ? '+' : ''}${digits}`.slice(0, MAX_DIALLED_CHARACTERS);
}

function keyOfLetter(letter: string): string {
  const upper = letter.toUpperCase();
  return Object.keys(KEY_LETTERS).find((key) => KEY_LETTERS[key]?.includes(upper)) ?? '';
}
