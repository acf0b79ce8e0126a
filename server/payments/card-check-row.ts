/** A card check between its row and the contract. Nothing in here lets the amount out. */

import { CARD_CHECK_STATUSES, type CardCheck } from '../../src/protocol/card-check.ts';
import { micros } from '../../src/protocol/money.ts';
import type { PaymentFailure } from '../../src/protocol/payment.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { CardCheckRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { readTerms } from './billing-terms.ts';
import { stepMicros } from './minor-units.ts';
import { readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom } from './payment-row.ts';

/** 1.01 to 1.99: networks watch for amounts below one unit that are given back at once. In steps of the currency's smallest amount. */
export const LEAST_STEPS = 101;
export const MOST_STEPS = 199;

export async function readCardCheck(
  store: Pick<Store, 'db'>,
  { accountId, checkId }: { readonly accountId: string; readonly checkId: string },
): Promise<CardCheckRow | null> {
  const row = await store.db
    .selectFrom('card_check')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('checkId', '=', checkId)
    .executeTakeFirst();
  return row ?? null;
}

/** Of the wallet, the newest first. */
export async function cardChecksOf(store: Pick<Store, 'db'>, wallet: WalletAddress): Promise<readonly CardCheckRow[]> {
  return await store.db
    .selectFrom('card_check')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .orderBy('day', 'desc')
    .orderBy('numberOfDay', 'desc')
    .limit(MAX_LOOKED_AT)
    .execute();
}

const MAX_LOOKED_AT = 100;

/** True when the account need not confirm cards, or this very card is confirmed. */
export async function mayCardPay(
  store: Pick<Store, 'db'>,
  card: WalletAddress & { readonly cardRef: string | null },
): Promise<boolean> {
  if (!(await readTerms(store, card))?.isConfirmationNeeded) return true;
  if (card.cardRef === null) return false;
  const confirmed = await store.db
    .selectFrom('card_check')
    .select('checkId')
    .where('accountId', '=', card.accountId)
    .where('walletId', '=', card.walletId)
    .where('cardRef', '=', card.cardRef)
    .where('status', '=', 'confirmed')
    .limit(1)
    .executeTakeFirst();
  return confirmed !== undefined;
}

export interface ShownCheck {
  readonly row: CardCheckRow;
  readonly clientSecret?: string | null;
  readonly failure?: PaymentFailure | null;
}

export async function cardCheckOf(room: PaymentRoom, { row, clientSecret, failure }: ShownCheck): Promise<CardCheck> {
  const status = CARD_CHECK_STATUSES.find((known) => known === row.status);
  if (status === undefined) throw new Error(`The store holds a card check in status "${row.status}"`);
  const payer = await readPayer(room, row);
  const isAsked = status === 'requires_action' && clientSecret != null;
  return {
    checkId: row.checkId,
    status,
    triesLeft: row.triesLeft,
    card: payer?.cardRef === row.cardRef ? cardFrom(payer.card) : null,
    step: isAsked ? { kind: 'authenticate', clientSecret } : null,
    failure: failure ?? null,
    leastMicros: micros(LEAST_STEPS * stepMicros(row.currency)),
    mostMicros: micros(MOST_STEPS * stepMicros(row.currency)),
    currency: row.currency,
  };
}
