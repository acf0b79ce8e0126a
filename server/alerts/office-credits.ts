/** The credit of offices as the latch needs it: one query for many, so that looking at a page of them costs as much as looking at one. */
import type { OfficeAddress } from '../accounts/office-directory.ts';
import type { Store } from '../storage/store.ts';

export interface OfficeCredit extends OfficeAddress {
  readonly walletId: string;
  readonly profile: string;
  readonly currency: string;
  readonly balanceMicros: number;
  readonly heldMicros: number;
  /** JSON of CreditLatch; null: never looked at. */
  readonly latch: string | null;
  readonly latchVersion: number | null;
  readonly latchDueAtMs: number | null;
  readonly isRechargeOn: boolean | null;
  readonly rechargePause: string | null;
  readonly trialEndsAtMs: number | null;
}

/** Those of the given offices that have a wallet. */
export function creditsOf(store: Pick<Store, 'db'>, offices: readonly OfficeAddress[]): Promise<OfficeCredit[]> {
  if (offices.length === 0) return Promise.resolve([]);
  return credits(store)
    .where('office.accountId', 'in', [...new Set(offices.map(({ accountId }) => accountId))])
    .where('office.officeId', 'in', [...new Set(offices.map(({ officeId }) => officeId))])
    .execute();
}

/** The offices that come after the given one, by account and id; null: from the first. */
export function creditsAfter(
  store: Pick<Store, 'db'>,
  { last, limit }: { readonly last: OfficeAddress | null; readonly limit: number },
): Promise<OfficeCredit[]> {
  let query = credits(store);
  if (last !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('office.accountId', 'office.officeId'), '>', tuple(last.accountId, last.officeId)),
    );
  }
  return query.orderBy('office.accountId').orderBy('office.officeId').limit(limit).execute();
}

/** Whose cool-down has ended. */
export function creditsDue(
  store: Pick<Store, 'db'>,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<OfficeCredit[]> {
  return credits(store)
    .where('credit_latch.dueAtMs', 'is not', null)
    .where('credit_latch.dueAtMs', '<=', nowMs)
    .orderBy('credit_latch.dueAtMs')
    .limit(limit)
    .execute();
}

function credits(store: Pick<Store, 'db'>) {
  return store.db
    .selectFrom('office')
    .innerJoin('account', 'account.accountId', 'office.accountId')
    .innerJoin('wallet', (join) =>
      join.onRef('wallet.accountId', '=', 'office.accountId').onRef('wallet.walletId', '=', 'office.walletId'),
    )
    .leftJoin('credit_latch', (join) =>
      join
        .onRef('credit_latch.accountId', '=', 'office.accountId')
        .onRef('credit_latch.officeId', '=', 'office.officeId'),
    )
    .leftJoin('auto_recharge', (join) =>
      join
        .onRef('auto_recharge.accountId', '=', 'office.accountId')
        .onRef('auto_recharge.walletId', '=', 'office.walletId'),
    )
    .leftJoin('trial', 'trial.accountId', 'office.accountId')
    .select([
      'office.accountId',
      'office.officeId',
      'office.walletId',
      'account.profile',
      'wallet.currency',
      'wallet.balanceMicros',
      'wallet.heldMicros',
      'credit_latch.latch',
      'credit_latch.version as latchVersion',
      'credit_latch.dueAtMs as latchDueAtMs',
      'auto_recharge.isOn as isRechargeOn',
      'auto_recharge.pause as rechargePause',
      'trial.endsAtMs as trialEndsAtMs',
    ]);
}
