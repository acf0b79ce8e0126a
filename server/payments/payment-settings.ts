/** All that the billing panel shows apart from the balance. */
import { mostInMonthMicros } from '../../src/protocol/auto-recharge.ts';
import { addMicros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import {
  type AutoRecharge,
  type PaymentSettings,
  RECHARGE_PAUSES,
  type RechargePause,
} from '../../src/protocol/payment.ts';
import { refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { hasOpenDispute } from '../accounts/open-dispute.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import { rentAhead } from '../rent/rent-ahead.ts';
import type { Identity } from '../services.ts';
import type { AutoRechargeRow } from '../storage/rows.ts';
import { readTerms } from './billing-terms.ts';
import { cardChecksOf, mayCardPay } from './card-check-row.ts';
import { readDebt } from './debt.ts';
import { nextInvoiceDateMs } from './invoice-date.ts';
import { stepMicros } from './minor-units.ts';
import { readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom } from './payment-row.ts';
import { readRecharge } from './read-recharge.ts';
import { rechargedSoFar } from './recharge-month.ts';
import { cannotTurnOn } from './save-recharge.ts';
import { lastSucceeded } from './start-payment.ts';

/** `provider` null: this server takes no payments. */
export type SettingsRoom = Omit<PaymentRoom, 'provider'> & { readonly provider: PaymentRoom['provider'] | null };

export async function showPaymentSettings(
  room: SettingsRoom,
  identity: Identity,
): Promise<OfficeOutcome<PaymentSettings>> {
  const found = await room.offices.find(identity);
  const balance = await room.balance.read(identity);
  if (!found || !balance) return { ok: false, refusal: refusal('office_forbidden') };
  const { office, account } = found;
  const { topUp } = room.policy.of(account).payments;
  const payer = room.provider && (await readPayer({ ...room, provider: room.provider }, office));
  return {
    ok: true,
    value: {
      officeId: office.officeId,
      currency: account.currency,
      provider: room.provider?.client ?? null,
      topUp: {
        presetsMicros: topUp.presetsMicros,
        isOtherAmountAllowed: topUp.isOtherAmountAllowed,
        isList: topUp.isList,
        isChoiceNeeded: topUp.isChoiceNeeded,
        bounds: { leastMicros: topUp.leastMicros, mostMicros: topUp.mostMicros },
        stepMicros: stepMicros(account.currency),
      },
      card: cardFrom(payer?.card ?? null),
      autoRecharge: await autoRechargeOf(room, found),
      comingMicros: await comingMicros(room, office),
      owedMicros: micros((await readDebt(room, office))?.owedMicros ?? 0),
      ...(await rentOf(room, found)),
      works: balance.works,
      ...(await onAccountOf(room, found)),
      ...(await confirmationOf(room, { office, cardRef: payer?.cardRef ?? null })),
      isDisputed: await hasOpenDispute(room, office),
      lastPaymentId: (await lastSucceeded(room, office))?.paymentId ?? null,
    },
  };
}

/** Before somebody adds credit: how much of it pays rent that is overdue, and what comes next (complaint 26). */
async function rentOf(room: SettingsRoom, { account, office }: Office): Promise<Pick<PaymentSettings, 'rent'>> {
  const { currency, timeZone } = account;
  const rent = await rentAhead(room.store, { ...office, currency, timeZone, nowMs: room.clock.nowMs() });
  return rent.overdueMicros + rent.setAsideMicros === 0 && rent.next === null ? {} : { rent };
}

async function onAccountOf(
  room: SettingsRoom,
  { account, office }: Office,
): Promise<Pick<PaymentSettings, 'onAccount' | 'onInvoice'>> {
  const terms = await readTerms(room.store, office);
  if (terms === null) return {};
  const openMicros = micros(terms.openMicros);
  const invoicedAtMs = nextInvoiceDateMs(room.clock.nowMs(), account.timeZone);
  if (terms.isInvoiced) return { onAccount: { openMicros, ceilingMicros: micros(terms.ceilingMicros), invoicedAtMs } };
  return openMicros === 0 ? {} : { onInvoice: { openMicros, invoicedAtMs } };
}

/** Said without a card, too: the first one has to be confirmed as well. */
async function confirmationOf(
  room: SettingsRoom,
  { office, cardRef }: { readonly office: WalletAddress; readonly cardRef: string | null },
): Promise<Pick<PaymentSettings, 'isCardUnconfirmed' | 'cardCheckId'>> {
  if (await mayCardPay(room.store, { accountId: office.accountId, walletId: office.walletId, cardRef })) return {};
  if (cardRef === null) return { isCardUnconfirmed: true, cardCheckId: null };
  const checks = await cardChecksOf(room.store, office);
  const cardCheckId = checks.find((check) => check.cardRef === cardRef)?.checkId ?? null;
  return { isCardUnconfirmed: true, cardCheckId };
}

async function autoRechargeOf(room: SettingsRoom, found: Office): Promise<AutoRecharge> {
  const policy = room.policy.of(found.account).payments.autoRecharge;
  const row = await readRecharge(room.store, found.office);
  const set = amountsOf(row) ?? policy;
  const { timeZone } = found.office;
  const nowMs = room.clock.nowMs();
  const { month } = await rechargedSoFar(room.store, { ...found.office, timeZone, nowMs });
  const cannot = room.provider ? await cannotTurnOn({ ...room, provider: room.provider }, found) : 'payments_off';
  return {
    isOn: row?.isOn ?? false,
    thresholdMicros: set.thresholdMicros,
    amountMicros: set.amountMicros,
    monthlyLimitMicros: set.monthlyLimitMicros,
    comparison: policy.comparison,
    thresholdBounds: { leastMicros: policy.thresholdLeastMicros, mostMicros: policy.thresholdMostMicros },
    amountBounds: { leastMicros: policy.amountLeastMicros, mostMicros: policy.amountMostMicros },
    mostInMonthMicros: mostInMonthMicros(set),
    takenThisMonthMicros: micros(month.takenMicros),
    cannotTurnOn: cannot,
    isCardAskedFor: policy.isCardAskedFor,
    pause: pauseOf(row),
    nextTryAtMs: row && row.failures > 0 && row.pause === null ? row.notBeforeMs : null,
    consent:
      row?.consentByName != null && row.consentAtMs !== null
        ? { byName: row.consentByName, atMs: row.consentAtMs }
        : null,
  };
}

function amountsOf(row: AutoRechargeRow | null) {
  return (
    row && {
      thresholdMicros: micros(row.thresholdMicros),
      amountMicros: micros(row.amountMicros),
      monthlyLimitMicros: micros(row.monthlyLimitMicros),
    }
  );
}

function pauseOf(row: AutoRechargeRow | null): RechargePause | null {
  return RECHARGE_PAUSES.find((pause) => pause === row?.pause) ?? null;
}

/** Under way and not waiting for a person: the bank works on it. */
async function comingMicros(room: SettingsRoom, wallet: WalletAddress) {
  const pending = await room.store.db
    .selectFrom('payment')
    .select('amountMicros')
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('status', '=', 'pending')
    .execute();
  return addMicros(ZERO_MICROS, ...pending.map(({ amountMicros }) => micros(amountMicros)));
}
