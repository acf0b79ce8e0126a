/** "1 December": a day of a calendar ("2026-12-01"), which is the same day wherever it is read. */
export function calendarDayText(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' });
  return format.format(Date.parse(`${day}T00:00:00Z`));
}
