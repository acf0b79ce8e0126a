/** When what was added on account is invoiced: as the first day of the next month begins where the account is (REQUIREMENTS D-15). */

const STEP_MS = 15 * 60_000;
/** Clocks are at most so far ahead of UTC; and all of them are a whole number of quarters of an hour from it. */
const FURTHEST_AHEAD_MS = 14 * 3_600_000;

export function nextInvoiceDateMs(nowMs: number, timeZone: string): number {
  const format = calendarOf(timeZone);
  const [year = 0, month = 0] = format.format(nowMs).split('-').map(Number);
  const inUtc = Date.UTC(year, month, 1);
  const wanted = new Date(inUtc).toISOString().slice(0, 10);
  let atMs = inUtc - FURTHEST_AHEAD_MS;
  while (format.format(atMs) < wanted) atMs += STEP_MS;
  return atMs;
}

/** Whose invoice something of that moment stands on: "2026-01". */
export function invoicedMonth(atMs: number, timeZone: string): string {
  return calendarOf(timeZone).format(atMs).slice(0, 7);
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/** "2026-01-31": Sweden writes dates as ISO 8601 does. Made once for each time zone: making one takes longer than all else here. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone);
  if (known) return known;
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(timeZone, calendar);
  return calendar;
}
