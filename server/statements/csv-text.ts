/**
 * A text as a cell of CSV (RFC 4180), safe in a spreadsheet: one that would be calculated has an apostrophe before it (OWASP, "CSV
 * injection"). What csv-stringify writes with `escape_formulas`, which test/server/statements/csv-text.test.ts holds it to; that takes 15
 * microseconds for a row of a statement, and all the rest of an export takes ten.
 */
const FORMULA = /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/;
const QUOTED = /[",\r\n]/;
/** Either of them: one look is enough for nearly all cells. */
const SPECIAL = /[",\r\n]|^[=+\-@\t\uFF0B\uFF0D\uFF1D\uFF20]/;

export function csvText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
