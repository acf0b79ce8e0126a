/** The day that a spend limit counts for: the calendar day where the office is. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** "2026-11-21" in an IANA time zone. */
export function spendDay(atMs: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    // en-CA writes ISO 8601 dates.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(atMs);
}
