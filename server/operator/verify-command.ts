/** ledger verify: a statement that somebody has been given, checked without the data of any server. */
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import {
  MAX_LISTED_FAULTS,
  type StatementFault,
  type StatementReport,
  type WalletStatement,
} from '../ledger/statement-check.ts';
import { STATEMENT_COLUMNS } from '../ledger/statement-columns.ts';
import { NoStatementError, verifyStatement } from '../ledger/verify-statement.ts';
import { fileWords } from './file-words.ts';
import type { OperatorContext } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { createProgress, grouped } from './operator-progress.ts';

/** Wallets that are listed one by one; an export across accounts may have very many. */
const MAX_LISTED_WALLETS = 50;
/** Of a cell that is shown. */
const MAX_CELL_LENGTH = 100;

export interface VerifyWishes {
  readonly file: string;
  /** The whole book of its wallets is asked for: from the first entry on, nothing left out. */
  readonly complete?: boolean;
}

/** Exit code 1 when something is wrong with a row, or missing. Throws OperatorError when the file is no statement. */
export async function verifyFile(
  context: Pick<OperatorContext, 'print' | 'setExitCode'>,
  { file, complete = false }: VerifyWishes,
): Promise<void> {
  const report = await verified(file);
  for (const line of verdictLines(report)) context.print(line);
  const isPart = complete && (report.rows === 0 || report.wallets.some(isIncomplete));
  if (isPart) context.print('It is not complete: entries are left out, or it does not begin with the first one.');
  if (report.faultCount > 0 || isPart) context.setExitCode(1);
}

function isIncomplete({ firstSequence, gaps }: WalletStatement): boolean {
  return firstSequence > 1 || gaps > 0;
}

async function verified(file: string): Promise<StatementReport> {
  const progress = createProgress({ what: 'verifying', unit: 'bytes' });
  try {
    return await verifyStatement(file, { onProgress: progress.update });
  } catch (reason) {
    if (reason instanceof NoStatementError) throw new OperatorError(`The file ${file} ${reason.message}.`);
    if (reason instanceof Error && 'code' in reason) {
      throw new OperatorError(`The file ${file} cannot be read: ${fileWords(reason)}.`);
    }
    throw reason;
  } finally {
    progress.stop();
  }
}

function verdictLines({ rows, wallets, faultCount, faults }: StatementReport): readonly string[] {
  if (rows === 0) return ['0 rows: a statement without entries, there is nothing to check.'];
  const left = faultCount - MAX_LISTED_FAULTS;
  const others = wallets.length - MAX_LISTED_WALLETS;
  return [
    ...faults.map(faultLine),
    ...(left > 0 ? [`and ${grouped(left)} more`] : []),
    ...wallets.slice(0, MAX_LISTED_WALLETS).flatMap(walletLines),
    ...(others > 0 ? [`and ${grouped(others)} more wallets`] : []),
    faultCount === 0
      ? `${grouped(rows)} rows: every link, every sequence and every balance is right.`
      : `${grouped(rows)} rows: ${grouped(faultCount)} of them are wrong. This is not what was written.`,
  ];
}

const COLUMN_NAMES = {
  ...{ date: 'date', time: 'time', amount: 'amount', balance: 'balance' },
  ...STATEMENT_COLUMNS,
} as const satisfies Record<StatementFault['column'], string>;

function faultLine({ line, sequence, column, expected, found }: StatementFault): string {
  const entry = sequence === null ? '' : `, entry ${sequence}`;
  return `line ${line}${entry}, column ${COLUMN_NAMES[column]}: expected ${expected}, found ${shown(found)}`;
}

function walletLines(wallet: WalletStatement): readonly string[] {
  const { accountId, walletId, currency, rows, firstSequence, lastSequence, gaps } = wallet;
  return [
    `account ${shown(accountId)}, wallet ${shown(walletId)}: ${grouped(rows)} rows, entries ${firstSequence} to ${lastSequence}`,
    `  opening balance ${decimal(wallet.openingMicros)} ${shown(currency)}, closing balance ${decimal(wallet.closingMicros)} ${shown(currency)}`,
    ...(firstSequence > 1 ? [`  goes on from entry ${firstSequence - 1}, whose link was ${wallet.openingLink}`] : []),
    ...(gaps > 0
      ? [
          `  filtered: entries are left out in ${grouped(gaps)} places, so its rows do not sum to the difference of the balances`,
        ]
      : []),
    `  the last link is ${wallet.closingLink}: a later statement goes on from it`,
  ];
}

function decimal(amount: number): string {
  return Number.isSafeInteger(amount) ? decimalFromMicros(micros(amount)) : `${amount} micros`;
}

/** What a stranger wrote into a file must not write on the operator's terminal. */
function shown(text: string): string {
  const plain = text.replace(/\p{C}/gu, '\uFFFD');
  return plain.length > MAX_CELL_LENGTH ? `${plain.slice(0, MAX_CELL_LENGTH)}...` : plain;
}
