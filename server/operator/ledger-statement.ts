/** `ledger show`: the newest entries of an office's wallet with the balance after each, as one reads an account. */
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { WALLET_LEDGER_ACCOUNT } from '../ledger/operation.ts';
import type { OfficeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** Rows that one statement shows at most. */
export const MAX_STATEMENT_ROWS = 10_000;

/** One line an entry, oldest first; the last balance is the wallet's own. */
export async function ledgerStatement(
  store: Store,
  wanted: { readonly office: OfficeRow; readonly rows: number },
): Promise<readonly string[]> {
  const { accountId, walletId } = wanted.office;
  const wallet = await store.db
    .selectFrom('wallet')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    .executeTakeFirstOrThrow();
  const entries = await store.db
    .selectFrom('entry')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    .where('ledgerAccount', '=', WALLET_LEDGER_ACCOUNT)
    .orderBy('sequence', 'desc')
    .limit(wanted.rows)
    .execute();
  // From the newest backwards: the balance before an entry is the balance after it without its amount.
  let balance = wallet.balanceMicros;
  const lines = entries.map((entry) => {
    const line = statementLine({ ...entry, balanceMicros: balance });
    balance -= entry.amountMicros;
    return line;
  });
  const head = columns({ time: 'time (UTC)', amount: 'amount', balance: 'balance', what: 'what and for what' });
  const held = `held now ${decimalFromMicros(micros(wallet.heldMicros))} ${wallet.currency}`;
  return [head, ...lines.reverse(), held];
}

function statementLine(entry: {
  readonly atMs: number;
  readonly amountMicros: number;
  readonly balanceMicros: number;
  readonly entryKind: string;
  readonly reference: string;
}): string {
  return columns({
    time: new Date(entry.atMs).toISOString().slice(0, 19).replace('T', ' '),
    amount: decimalFromMicros(micros(entry.amountMicros)),
    balance: decimalFromMicros(micros(entry.balanceMicros)),
    what: `${entry.entryKind}  ${entry.reference}`,
  });
}

function columns(cells: {
  readonly time: string;
  readonly amount: string;
  readonly balance: string;
  readonly what: string;
}): string {
  return `${cells.time.padEnd(19)}  ${cells.amount.padStart(14)}  ${cells.balance.padStart(14)}  ${cells.what}`;
}
