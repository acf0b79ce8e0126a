/**
 * A statement as CSV (D-27): RFC 4180, one header row, lines end with CRLF. It begins with a byte order mark, without which Excel reads
 * UTF-8 as something else; readers of CSV skip it.
 *
 * First what people read, then what `ledger verify` needs.
 */
import { STATEMENT_COLUMNS } from '../ledger/statement-columns.ts';
import type { Store } from '../storage/store.ts';
import { csvText } from './csv-text.ts';
import { type ExportedRow, exportedLines } from './exported-lines.ts';
import { groupTitle } from './group-title.ts';
import type { LineWalk } from './line-query.ts';
import { type LocalDays, localDays } from './local-days.ts';
import { type OfficeNames, readOfficeNames } from './office-names.ts';
import { unitsText } from './units-text.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** In the order of `csvRow`. */
export const STATEMENT_CSV_COLUMNS: readonly string[] = [
  'date',
  'time',
  'type',
  'person',
  'department',
  'number_used',
  'other_number',
  'destination',
  'duration_seconds',
  'amount',
  'balance',
  STATEMENT_COLUMNS.currency,
  STATEMENT_COLUMNS.sequence,
  STATEMENT_COLUMNS.account,
  STATEMENT_COLUMNS.wallet,
  STATEMENT_COLUMNS.operation,
  STATEMENT_COLUMNS.atMs,
  STATEMENT_COLUMNS.kind,
  STATEMENT_COLUMNS.reference,
  STATEMENT_COLUMNS.otherAccount,
  STATEMENT_COLUMNS.amountMicros,
  STATEMENT_COLUMNS.balanceMicros,
  STATEMENT_COLUMNS.previousLink,
  STATEMENT_COLUMNS.link,
];

/** The beginning of every file. */
export const CSV_HEADER = BYTE_ORDER_MARK + STATEMENT_CSV_COLUMNS.join(',') + LINE_END;

export interface CsvPage {
  readonly text: string;
  /** Without the header row. */
  readonly rowCount: number;
}

interface CsvWorld {
  readonly days: LocalDays;
  /** Each of these texts once, as a cell: the same few stand in a million rows. */
  readonly department: (officeId: string) => string;
  readonly type: (groupKey: string) => string;
  readonly currency: string;
  /** Account and wallet. */
  readonly owner: string;
}

/** Page after page of the file; the first one is the header. Whoever stops reading stops the work. */
export async function* statementCsv(
  store: Pick<Store, 'db'>,
  walk: LineWalk,
): AsyncGenerator<CsvPage, void, undefined> {
  const names = await readOfficeNames(store, walk.view);
  const world = csvWorld(walk, names);
  yield { text: CSV_HEADER, rowCount: 0 };
  for await (const { rows, previousLinks } of exportedLines(store, walk)) {
    let text = '';
    rows.forEach((row, index) => {
      text += csvRow(row, { previousLink: previousLinks[index] ?? '', world });
    });
    yield { text, rowCount: rows.length };
  }
}

function csvWorld({ view }: LineWalk, names: OfficeNames): CsvWorld {
  return {
    days: localDays(view.mark.timeZone),
    department: remembered((officeId) => csvText(names.get(officeId) ?? officeId)),
    type: remembered((groupKey) => csvText(groupTitle(groupKey))),
    currency: csvText(view.office.account.currency),
    owner: `${csvText(view.mark.accountId)},${csvText(view.mark.walletId)}`,
  };
}

function remembered(make: (key: string) => string): (key: string) => string {
  const made = new Map<string, string>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const text = make(key);
    made.set(key, text);
    return text;
  };
}

/** Dates, numbers and links need no quotes. */
function csvRow(
  row: ExportedRow,
  { previousLink, world }: { readonly previousLink: string; readonly world: CsvWorld },
) {
  // What nobody in particular did was done for the office (L-21).
  const person = row.person_name === '' ? world.department(row.office_id) : csvText(row.person_name);
  const atMs = Number(row.at_ms);
  const people =
    `${world.days.dayOf(atMs)},${world.days.timeOf(atMs)},${world.type(row.group_key)},${person},` +
    `${world.department(row.office_id)},${csvText(row.number_used)},${csvText(row.other_number)},${csvText(row.destination)},` +
    `${row.duration_seconds || ''},${unitsText(row.amount_micros)},${unitsText(row.balance_micros)},${world.currency},`;
  return (
    `${people}${row.sequence_text},${world.owner},${csvText(row.operation_id)},${row.at_ms},` +
    `${csvText(row.entry_kind)},${csvText(row.reference)},${csvText(row.other_account)},${row.amount_micros},` +
    `${row.balance_micros},${previousLink},${row.link}${LINE_END}`
  );
}
