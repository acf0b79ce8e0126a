/** The day that a spend limit counts for: the calendar day where the office is. */
interface DayFormat {
  readonly format: Intl.DateTimeFormat;
  minute: number;
  day: string;
}

const MINUTE_MS = 60_000;
const formats = new Map<string, DayFormat>();

/** "2026-11-21" in an IANA time zone. Days begin at whole minutes everywhere, so each minute is looked up once. */
export function spendDay(atMs: number, timeZone: string): string {
  const known = formats.get(timeZone) ?? newFormat(timeZone);
  const minute = Math.floor(atMs / MINUTE_MS);
  if (known.minute !== minute) {
    known.day = known.format.format(atMs);
    known.minute = minute;
  }
  return known.day;
}

function newFormat(timeZone: string): DayFormat {
  // en-CA writes ISO 8601 dates.
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const made = { format, minute: Number.NaN, day: '' };
  formats.set(timeZone, made);
  return made;
}
