/**
 * Follows the wallets of a statement from row to row: sequence, running balance and links. Knows no file and no store: what is right
 * here was linked so by whoever wrote the links.
 */
import { entryLink, walletLink } from './entry-link.ts';
import type { StatementColumn } from './statement-columns.ts';
import type { BadRepeat, RepeatingColumn } from './statement-repeats.ts';
import type { BadCell, StatementRow } from './statement-row.ts';

export interface StatementFault {
  /** Of the file, from 1; a row over several lines is named by its last one. */
  readonly line: number;
  /** null: the row could not be read so far. */
  readonly sequence: number | null;
  readonly column: StatementColumn | RepeatingColumn;
  readonly expected: string;
  readonly found: string;
}

export interface WalletStatement {
  readonly accountId: string;
  readonly walletId: string;
  readonly currency: string;
  readonly rows: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Before the first row. */
  readonly openingMicros: number;
  /** After the last row. */
  readonly closingMicros: number;
  /** What the first row goes on from; of the wallet's very first entry, walletLink(). */
  readonly openingLink: string;
  /** A later statement goes on from it. */
  readonly closingLink: string;
  /** How often rows are left out between two others: more than 0 in a statement that was filtered. */
  readonly gaps: number;
}

export interface StatementReport {
  readonly rows: number;
  readonly wallets: readonly WalletStatement[];
  readonly faultCount: number;
  /** The first MAX_LISTED_FAULTS. */
  readonly faults: readonly StatementFault[];
}

export const MAX_LISTED_FAULTS = 20;
/** Of one file: a bound for the memory. */
export const MAX_WALLETS = 200_000;

type Changing<Row> = { -readonly [Name in keyof Row]: Row[Name] };

export class StatementCheck {
  readonly #wallets = new Map<string, Changing<WalletStatement>>();
  readonly #faults: StatementFault[] = [];
  #rows = 0;
  #faultCount = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Throws RangeError when there are more than MAX_WALLETS wallets. */
  add(line: number, row: StatementRow | BadCell): void {
    this.#rows += 1;
    if ('column' in row) {
      this.#report({ line, sequence: null, ...row });
      return;
    }
    const [entry] = row.readings;
    const wallet = this.#walletOf(row);
    const bad = wallet.rows === 0 ? badStart(wallet, row) : badNext(wallet, row);
    const fault: BadCell | BadRepeat | null = bad ?? badLink(row) ?? row.badRepeat;
    if (fault) this.#report({ line, sequence: entry.sequence, ...fault });
    // Whatever is wrong with it: what comes next is compared with this row, and so on.
    wallet.rows += 1;
    wallet.lastSequence = entry.sequence;
    wallet.closingMicros = entry.balanceMicros;
    wallet.closingLink = row.link;
  }

  report(): StatementReport {
    const wallets = [...this.#wallets.values()];
    return { rows: this.#rows, wallets, faultCount: this.#faultCount, faults: this.#faults };
  }

  #walletOf({ readings: [entry], currency, previousLink }: StatementRow): Changing<WalletStatement> {
    const { accountId, walletId, sequence } = entry;
    const key = JSON.stringify([accountId, walletId]);
    const known = this.#wallets.get(key);
    if (known) return known;
    if (this.#wallets.size >= MAX_WALLETS) throw new RangeError(`more than ${MAX_WALLETS} wallets in one file`);
    const openingMicros = entry.balanceMicros - entry.amountMicros;
    const wallet = {
      ...{ accountId, walletId, currency, rows: 0, gaps: 0 },
      ...{ firstSequence: sequence, lastSequence: sequence - 1 },
      ...{ openingMicros, closingMicros: openingMicros },
      ...{ openingLink: previousLink, closingLink: previousLink },
    };
    this.#wallets.set(key, wallet);
    return wallet;
  }

  #report(fault: StatementFault): void {
    this.#faultCount += 1;
    if (this.#faults.length < MAX_LISTED_FAULTS) this.#faults.push(fault);
  }
}

/** A wallet begins with nothing, and with a link that anybody can make; what a later entry goes on from is taken at its word. */
function badStart({ currency }: WalletStatement, { readings, previousLink }: StatementRow): BadCell | null {
  const [{ sequence, amountMicros, balanceMicros }] = readings;
  if (sequence > 1) return null;
  const links = readings.map(({ accountId, walletId }) => walletLink({ accountId, walletId, currency }));
  return (
    oneOf('previousLink', links, previousLink) ?? badCell('balanceMicros', String(amountMicros), String(balanceMicros))
  );
}

function badNext(wallet: Changing<WalletStatement>, row: StatementRow): BadCell | null {
  const [{ sequence, amountMicros, balanceMicros }] = row.readings;
  const next = wallet.lastSequence + 1;
  const wrongCurrency = badCell('currency', wallet.currency, row.currency);
  if (wrongCurrency) return wrongCurrency;
  if (sequence < next) return { column: 'sequence', expected: `${next} or more`, found: String(sequence) };
  if (sequence > next) {
    wallet.gaps += 1;
    return null;
  }
  return (
    badCell('previousLink', wallet.closingLink, row.previousLink) ??
    badCell('balanceMicros', String(wallet.closingMicros + amountMicros), String(balanceMicros))
  );
}

function badLink({ readings, previousLink, link }: StatementRow): BadCell | null {
  return oneOf(
    'link',
    readings.map((entry) => entryLink(previousLink, entry)),
    link,
  );
}

function oneOf(column: StatementColumn, expected: readonly string[], found: string): BadCell | null {
  return expected.includes(found) ? null : { column, expected: expected[0] ?? '', found };
}

function badCell(column: StatementColumn, expected: string, found: string): BadCell | null {
  return expected === found ? null : { column, expected, found };
}
