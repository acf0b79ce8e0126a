/**
 * A statement as CSV (D-27): RFC 4180, one header row, lines end with CRLF. It begins with a byte order mark, without which Excel reads
 * UTF-8 as something else; readers of CSV skip it. A text that a spreadsheet would take for a formula has an apostrophe before it
 * (OWASP, "CSV injection"); amounts are numbers and are not touched.
 *
 * First what people read, then what `ledger verify` needs.
 */
import { stringify } from 'csv-stringify/sync';
import { MICROS_PER_UNIT } from '../../src/protocol/money.ts';
import { STATEMENT_COLUMNS } from '../ledger/statement-columns.ts';
import type { Store } from '../storage/store.ts';
import { type ExportedLine, exportedLines } from './exported-lines.ts';
import { groupTitle } from './group-title.ts';
import type { LineWalk } from './line-query.ts';
import { type LocalDays, localDays } from './local-days.ts';
import { type OfficeNames, readOfficeNames } from './office-names.ts';

const BYTE_ORDER_MARK = '\uFEFF';

interface CsvWorld {
  readonly days: LocalDays;
  readonly names: OfficeNames;
  readonly currency: string;
}

type Cell = string | number;

/** Heading and cell of each column, in order. */
const COLUMNS: readonly (readonly [heading: string, cell: (line: ExportedLine, world: CsvWorld) => Cell])[] = [
  ['date', ({ atMs }, { days }) => days.dayOf(atMs)],
  ['time', ({ atMs }, { days }) => days.timeOf(atMs)],
  ['type', ({ groupKey }) => groupTitle(groupKey)],
  ['person', ({ personName }) => personName],
  ['department', ({ officeId }, { names }) => names.get(officeId) ?? officeId],
  ['number_used', ({ numberUsed }) => numberUsed],
  ['other_number', ({ otherNumber }) => otherNumber],
  ['destination', ({ destination }) => destination],
  ['duration_seconds', ({ durationSeconds }) => durationSeconds || ''],
  ['amount', ({ amountMicros }) => units(amountMicros)],
  ['balance', ({ balanceMicros }) => units(balanceMicros)],
  [STATEMENT_COLUMNS.currency, (_line, { currency }) => currency],
  [STATEMENT_COLUMNS.sequence, ({ sequence }) => sequence],
  [STATEMENT_COLUMNS.account, ({ accountId }) => accountId],
  [STATEMENT_COLUMNS.wallet, ({ walletId }) => walletId],
  [STATEMENT_COLUMNS.operation, ({ operationId }) => operationId],
  [STATEMENT_COLUMNS.atMs, ({ atMs }) => atMs],
  [STATEMENT_COLUMNS.kind, ({ entryKind }) => entryKind],
  [STATEMENT_COLUMNS.reference, ({ reference }) => reference],
  [STATEMENT_COLUMNS.otherAccount, ({ otherAccount }) => otherAccount],
  [STATEMENT_COLUMNS.amountMicros, ({ amountMicros }) => amountMicros],
  [STATEMENT_COLUMNS.balanceMicros, ({ balanceMicros }) => balanceMicros],
  [STATEMENT_COLUMNS.previousLink, ({ previousLink }) => previousLink],
  [STATEMENT_COLUMNS.link, ({ link }) => link],
];

export const STATEMENT_CSV_COLUMNS: readonly string[] = COLUMNS.map(([heading]) => heading);

/** The beginning of every file. */
export const CSV_HEADER = BYTE_ORDER_MARK + csvRows([STATEMENT_CSV_COLUMNS]);

export interface CsvPage {
  readonly text: string;
  /** Without the header row. */
  readonly rowCount: number;
}

/** Page after page of the file; the first one is the header. Whoever stops reading stops the work. */
export async function* statementCsv(
  store: Pick<Store, 'db'>,
  walk: LineWalk,
): AsyncGenerator<CsvPage, void, undefined> {
  const world: CsvWorld = {
    days: localDays(walk.view.mark.timeZone),
    names: await readOfficeNames(store, walk.view),
    currency: walk.view.office.account.currency,
  };
  yield { text: CSV_HEADER, rowCount: 0 };
  for await (const lines of exportedLines(store, walk)) {
    const text = csvRows(lines.map((line) => COLUMNS.map(([, cell]) => cell(line, world))));
    yield { text, rowCount: lines.length };
  }
}

function csvRows(rows: readonly (readonly Cell[])[]): string {
  return stringify([...rows], { record_delimiter: 'windows', escape_formulas: true });
}

/** Of at most 15 digits, which a number holds and writes exactly: 55_000 is 0.055. */
function units(amountMicros: number): number {
  return amountMicros / MICROS_PER_UNIT;
}
