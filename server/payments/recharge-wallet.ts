/**
 * Auto-recharge. One in flight a wallet on all servers: the settings row names the payment, and both are written by one operation of the
 * ledger that takes nothing. A wallet whose book cannot be written is therefore never a reason to charge a card.
 */
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { Office } from '../accounts/office-directory.ts';
import { hasOpenDispute } from '../accounts/open-dispute.ts';
import { readWallet, type WalletAddress } from '../accounts/wallet.ts';
import type { AutoRechargeRow, PayerRow, PaymentRow } from '../storage/rows.ts';
import { mayCardPay } from './card-check-row.ts';
import { type RechargeReason, whyNoRecharge } from './decide-recharge.ts';
import { emptyPayment } from './empty-payment.ts';
import { readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { publishPayment } from './publish-payment.ts';
import { readRecharge } from './read-recharge.ts';
import { rechargedSoFar } from './recharge-month.ts';
import { sendPayment } from './send-payment.ts';
import { isTrial } from './trial.ts';
import { isUsageSinceCorrection } from './usage-since-correction.ts';

export type Recharged = { readonly payment: PaymentRow } | { readonly reason: RechargeReason | 'taken_by_another' };

/** `wasJustSaved`: the person who turned it on was told that it charges at once when the credit is low already. */
export async function rechargeWallet(
  room: PaymentRoom,
  { wallet, wasJustSaved }: { readonly wallet: WalletAddress; readonly wasJustSaved: boolean },
): Promise<Recharged> {
  const settings = await readRecharge(room.store, wallet);
  if (settings === null) return { reason: 'off' };
  const office = await room.offices.find(settings);
  const payer = await readPayer(room, wallet);
  if (!office || payer?.cardRef === null || payer === null) return { reason: 'no_card' };
  if (!(await mayCardPay(room.store, payer))) return { reason: 'no_card' };
  const { availableMicros } = await readWallet(room.store, wallet);
  const reason = whyNoRecharge({
    settings,
    comparison: room.policy.of(office.account).payments.autoRecharge.comparison,
    availableMicros,
    hasCard: true,
    isTrial: await isTrial(room, wallet.accountId),
    isDisputed: await hasOpenDispute(room, wallet),
    isUsage: wasJustSaved || (await isUsageSinceCorrection(room.store, wallet)),
    ...(await rechargedSoFar(room.store, { ...wallet, ...timeOf(room, office) })),
    nowMs: room.clock.nowMs(),
  });
  if (reason !== null) return { reason };
  const payment = newRecharge(room, { settings, payer, office, availableMicros });
  if (!(await reserve(room, { settings, payment }))) return { reason: 'taken_by_another' };
  publishPayment(room, payment);
  return { payment: (await sendPayment(room, payment)).row };
}

function timeOf(room: PaymentRoom, { office }: Office) {
  return { timeZone: office.timeZone, nowMs: room.clock.nowMs() };
}

function newRecharge(
  room: PaymentRoom,
  from: {
    readonly settings: AutoRechargeRow;
    readonly payer: PayerRow;
    readonly office: Office;
    readonly availableMicros: number;
  },
): PaymentRow {
  const { settings, payer, office, availableMicros } = from;
  return {
    ...emptyPayment(room, { payer, officeId: settings.officeId }),
    paymentId: room.newId(),
    kind: 'auto_recharge',
    amountMicros: settings.amountMicros,
    currency: office.account.currency,
    method: 'off_session',
    cardRef: payer.cardRef,
    card: payer.card,
    availableMicros: micros(availableMicros),
  };
}

/** False: another server was first, or the settings changed meanwhile. Throws when the wallet's book cannot be written. */
async function reserve(
  room: PaymentRoom,
  { settings, payment }: { readonly settings: AutoRechargeRow; readonly payment: PaymentRow },
): Promise<boolean> {
  const { accountId, walletId, paymentId } = payment;
  const row = { ...settings, inFlightPaymentId: paymentId, version: settings.version + 1 };
  const result = await room.ledger.submit({
    kind: 'charge',
    operationId: `recharge:${paymentId}`,
    accountId,
    walletId,
    atMs: room.clock.nowMs(),
    amountMicros: ZERO_MICROS,
    revenueAccount: 'auto_recharge',
    entryKind: 'auto_recharge',
    reference: paymentId,
    alongside: [
      { table: 'auto_recharge', mode: 'next_version', row },
      { table: 'payment', mode: 'insert', row: payment },
    ],
  });
  return result.applied && !result.isRepeat;
}
