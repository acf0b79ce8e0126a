/** Written as people write them. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['sms', 'mms', 'ai', 'sip']);

/** A kind by its own words, for whoever has no text for it: "sip_phone" is "SIP Phone". The same on statements and invoices. */
export function kindWords(kind: string): string {
  return kind
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(capital)
    .join(' ');
}

export function capital(word: string): string {
  if (ABBREVIATIONS.has(word)) return word.toUpperCase();
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
