/** The ledger check as commands show it: with progress while it runs, in sentences when it is through. */
import { auditLedger, type CheckOptions, checkLedger } from '../ledger/check-ledger.ts';
import { describeDifference, type LedgerReport } from '../ledger/ledger-audit.ts';
import type { Store } from '../storage/store.ts';
import { createProgress, grouped } from './operator-progress.ts';

export function checkBooks(
  store: Pick<Store, 'db'>,
  options: Pick<CheckOptions, 'accountId'> = {},
): Promise<LedgerReport> {
  return watched((onProgress) => checkLedger(store, { ...options, onProgress }));
}

/** Inside the transaction of a copy, before it is committed. */
export function checkBooksWithin({ db }: Pick<Store, 'db'>): Promise<LedgerReport> {
  return watched((onProgress) => auditLedger(db, { onProgress }));
}

export function checkLines({ wallets, entries, holds, differenceCount, differences }: LedgerReport): readonly string[] {
  const left = differenceCount - differences.length;
  return [
    ...differences.map(describeDifference),
    ...(left > 0 ? [`and ${grouped(left)} more`] : []),
    `${grouped(wallets)} wallets, ${grouped(entries)} entries, ${grouped(holds)} holds: ${grouped(differenceCount)} differences`,
  ];
}

async function watched(
  check: (onProgress: NonNullable<CheckOptions['onProgress']>) => Promise<LedgerReport>,
): Promise<LedgerReport> {
  const progress = createProgress({ what: 'checking', unit: 'rows' });
  try {
    return await check(progress.update);
  } finally {
    progress.stop();
  }
}
