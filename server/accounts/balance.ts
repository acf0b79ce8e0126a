/** The balance as every widget of an office sees it: what there is, what is held and by what, and what works with it. */
import type { Balance } from '../../src/protocol/account.ts';
import { type CreditLevel, creditLevel } from '../../src/protocol/credit-level.ts';
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { Policy } from '../policy/policy.ts';
import type { Store } from '../storage/store.ts';
import type { Office, OfficeAddress, OfficeDirectory } from './office-directory.ts';
import { readWallet, type Wallet, type WalletAddress } from './wallet.ts';

export interface BalanceRoom {
  readonly store: Store;
  readonly offices: OfficeDirectory;
  readonly policy: PolicyInForce;
}

export interface BalanceReader {
  /** Null when there is no such office. */
  read(address: OfficeAddress): Promise<Balance | null>;
}

/** The largest holds are listed; an office with more running calls sees the sum in `heldMicros`. */
const MAX_HELD_BY = 50;
/** Levels that were shown before, per wallet; only so that a level does not flicker around its line. */
const MAX_LEVELS = 10_000;

export function createBalanceReader(room: BalanceRoom): BalanceReader {
  const levels = new Map<string, CreditLevel>();
  return {
    read: async (address) => {
      const office = await room.offices.find(address);
      if (!office) return null;
      const wallet = await readWallet(room.store, office.office);
      const key = JSON.stringify([address.accountId, office.office.walletId]);
      const level = creditLevel(wallet.availableMicros, {
        thresholds: room.policy.of(office.account).credit,
        previous: levels.get(key) ?? null,
      });
      if (levels.size >= MAX_LEVELS) levels.clear();
      levels.set(key, level);
      return await balanceOf(room, { office, wallet, level });
    },
  };
}

async function balanceOf(
  room: BalanceRoom,
  now: { readonly office: Office; readonly wallet: Wallet; readonly level: CreditLevel },
): Promise<Balance> {
  const { office, account } = now.office;
  const [heldBy, usualMicros] = await Promise.all([
    holdersOf(room.store, office),
    usualPerMinuteMicros(room.store, office),
  ]);
  return {
    officeId: office.officeId,
    walletId: office.walletId,
    currency: account.currency,
    balanceMicros: now.wallet.balanceMicros,
    heldMicros: now.wallet.heldMicros,
    availableMicros: now.wallet.availableMicros,
    level: now.level,
    talkSeconds: usualMicros === null ? null : talkSeconds(now.wallet.availableMicros, usualMicros),
    heldBy,
    works: whatWorks(now.office, { wallet: now.wallet, policy: room.policy.of(account) }),
    pause:
      office.pausedAtMs === null ? null : { sinceMs: office.pausedAtMs, byName: office.pausedByName ?? 'an admin' },
    version: now.wallet.version,
  };
}

async function holdersOf(store: Store, wallet: WalletAddress): Promise<Balance['heldBy']> {
  const calls = await store.db
    .selectFrom('call')
    .select(['callId', 'personName', 'destination', 'heldMicros'])
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('dueAtMs', 'is not', null)
    .where('heldMicros', '>', 0)
    .orderBy('heldMicros', 'desc')
    .orderBy('callId')
    .limit(MAX_HELD_BY)
    .execute();
  return calls.map(({ callId, personName, destination, heldMicros }) => ({
    callId,
    agentName: personName,
    destination,
    heldMicros: micros(heldMicros),
  }));
}

/** Paid calls that the usual price is taken from. */
const USUAL_CALLS = 20;
const SECONDS_PER_MINUTE = 60;

/**
 * The office's usual price of a minute: the cost of its last 20 paid calls over their billed minutes, connection fees included. Null
 * until there is one: a made-up price would promise minutes that nobody gets.
 */
async function usualPerMinuteMicros(
  store: Store,
  office: { readonly accountId: string; readonly officeId: string },
): Promise<number | null> {
  const paid = await store.db
    .selectFrom('call')
    .select(['costMicros', 'billedSeconds'])
    .where('accountId', '=', office.accountId)
    .where('officeId', '=', office.officeId)
    // Literally: SQLite does not know from a parameter that its index of paid calls holds all of them.
    .where((is) => is('costMicros', '>', is.lit(0)))
    .orderBy('startedAtMs', 'desc')
    .limit(USUAL_CALLS)
    .execute();
  const seconds = paid.reduce((sum, call) => sum + call.billedSeconds, 0);
  const cost = paid.reduce((sum, call) => sum + call.costMicros, 0);
  return seconds === 0 ? null : (cost * SECONDS_PER_MINUTE) / seconds;
}

function talkSeconds(availableMicros: Micros, perMinuteMicros: number): number {
  return Math.max(0, Math.floor((availableMicros * SECONDS_PER_MINUTE) / perMinuteMicros));
}

/** "What works now" (complaint 27). Free calls always work; this is about what costs. */
function whatWorks(
  { account, office }: Office,
  now: { readonly wallet: Wallet; readonly policy: Policy },
): Balance['works'] {
  const { availableMicros } = now.wallet;
  const isEnabled = account.isPhoneEnabled;
  const hasCallCredit = availableMicros > 0 && availableMicros >= now.policy.credit.callFloorMicros;
  return {
    callingOut: isEnabled && office.pausedAtMs === null && hasCallCredit,
    receiving: isEnabled && (now.policy.inboundAtZero !== 'block' || hasCallCredit),
    buyingNumbers: isEnabled && availableMicros > 0 && availableMicros >= now.policy.credit.numberFloorMicros,
  };
}
