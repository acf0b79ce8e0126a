/** A statement as an export writes it, from the entries of a store. */
import { stringify } from 'csv-stringify/sync';
import { walletLink } from '../../server/ledger/entry-link.ts';
import { STATEMENT_COLUMNS } from '../../server/ledger/statement-columns.ts';
import type { Store } from '../../server/storage/store.ts';

export type StatementRecord = Record<(typeof STATEMENT_COLUMNS)[keyof typeof STATEMENT_COLUMNS], string | number>;

/** All entries of all wallets, wallet by wallet. */
export async function statementRecords({ db }: Pick<Store, 'db'>): Promise<StatementRecord[]> {
  const wallets = await db.selectFrom('wallet').selectAll().orderBy('walletId').execute();
  const entries = await db.selectFrom('entry').selectAll().orderBy('sequence').orderBy('line').execute();
  return wallets.flatMap((wallet) => {
    let previousLink = walletLink(wallet);
    const ofWallet = entries.filter(
      (entry) => entry.walletId === wallet.walletId && entry.accountId === wallet.accountId,
    );
    return ofWallet.flatMap((entry, index) => {
      if (entry.link === null) return [];
      const record: StatementRecord = {
        account: entry.accountId,
        wallet: entry.walletId,
        currency: wallet.currency,
        sequence: entry.sequence,
        operation: entry.operationId,
        at_ms: entry.atMs,
        kind: entry.entryKind,
        reference: entry.reference,
        other_account: ofWallet[index + 1]?.ledgerAccount ?? '',
        amount_micros: entry.amountMicros,
        balance_micros: Number(entry.balanceMicros),
        previous_link: previousLink,
        link: entry.link,
      };
      previousLink = entry.link;
      return [record];
    });
  });
}

/** RFC 4180, spreadsheet-safe. */
export function statementCsv(
  records: readonly Readonly<Record<string, string | number>>[],
  columns: readonly string[] = Object.values(STATEMENT_COLUMNS),
): string {
  return stringify([...records], {
    ...{ header: true, columns: [...columns], bom: true, record_delimiter: 'windows' },
    ...{ escape_formulas: true },
  });
}
