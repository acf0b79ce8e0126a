/** The settings of auto-recharge. Turning it on needs a card, a paid plan and somebody who agreed. */
import { MOST_RECHARGES_IN_DAY } from '../../src/protocol/auto-recharge.ts';
import { micros } from '../../src/protocol/money.ts';
import { type OfficeOutcome, type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { AmountBounds, SaveAutoRecharge } from '../../src/protocol/payment.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { hasOpenDispute } from '../accounts/open-dispute.ts';
import type { Policy } from '../policy/policy.ts';
import type { Identity } from '../services.ts';
import type { AutoRechargeRow } from '../storage/rows.ts';
import { boundsRefusal } from './amount-refusal.ts';
import { mayCardPay } from './card-check-row.ts';
import { readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readRecharge } from './read-recharge.ts';
import { rechargeWallet } from './recharge-wallet.ts';
import { isTrial } from './trial.ts';

const MAX_ROUNDS = 10;
const LONGEST_MONTH_DAYS = 31;

export interface SaveRecharge extends SaveAutoRecharge {
  readonly identity: Identity;
}

export async function saveRecharge(room: PaymentRoom, wish: SaveRecharge): Promise<OfficeOutcome<null>> {
  const found = await room.offices.find(wish.identity);
  if (!found) return no(refusal('office_forbidden'));
  const wrong = wrongAmount(wish, { policy: room.policy.of(found.account), currency: found.account.currency });
  if (wrong) return no(wrong);
  const why = wish.isOn ? await whyNotOn(room, { wish, office: found }) : null;
  if (why) return no(why);
  const { accountId, walletId } = found.office;
  await room.store.openWallet({ accountId, walletId, currency: found.account.currency });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const known = await readRecharge(room.store, found.office);
    const row = rowAfter(room, { wish, known, office: found });
    const mode = known ? 'next_version' : 'insert';
    if (!(await room.store.writeRows([{ table: 'auto_recharge', mode, row }])).applied) continue;
    if (wish.isOn) chargeSoon(room, row);
    return { ok: true, value: null };
  }
  return no(refusal('unavailable'));
}

function wrongAmount(
  wish: SaveRecharge,
  { policy, currency }: { readonly policy: Policy; readonly currency: string },
): OfficeRefusal | null {
  const { autoRecharge } = policy.payments;
  const rule = { currency };
  const threshold = { leastMicros: autoRecharge.thresholdLeastMicros, mostMicros: autoRecharge.thresholdMostMicros };
  const amount = { leastMicros: autoRecharge.amountLeastMicros, mostMicros: autoRecharge.amountMostMicros };
  return (
    boundsRefusal(wish.thresholdMicros, { ...rule, field: '/thresholdMicros', bounds: threshold }) ??
    boundsRefusal(wish.amountMicros, { ...rule, field: '/amountMicros', bounds: amount }) ??
    boundsRefusal(wish.monthlyLimitMicros, { ...rule, field: '/monthlyLimitMicros', bounds: monthBounds(wish) })
  );
}

/** Only for an amount that is one: many times a nonsensical one is more than can be counted. */
function monthBounds({ amountMicros }: Pick<SaveRecharge, 'amountMicros'>): AmountBounds {
  return {
    leastMicros: amountMicros,
    mostMicros: micros(MOST_RECHARGES_IN_DAY * LONGEST_MONTH_DAYS * amountMicros),
  };
}

async function whyNotOn(
  room: PaymentRoom,
  { wish, office }: { readonly wish: SaveRecharge; readonly office: Office },
): Promise<OfficeRefusal | null> {
  const reason = await cannotTurnOn(room, office);
  if (reason === 'trial') return officeRefusal('trial_account');
  if (reason === 'disputed') return officeRefusal('payments_frozen');
  if (reason === 'card_missing') return officeRefusal('card_missing');
  if (reason === 'card_unconfirmed') return officeRefusal('card_unconfirmed');
  return wish.hasConsented
    ? null
    : officeRefusal('consent_missing', { errors: [{ field: '/hasConsented', reason: 'must be true to turn it on' }] });
}

export async function cannotTurnOn(
  room: PaymentRoom,
  { office }: Office,
): Promise<'trial' | 'disputed' | 'card_missing' | 'card_unconfirmed' | null> {
  if (await isTrial(room, office.accountId)) return 'trial';
  if (await hasOpenDispute(room, office)) return 'disputed';
  const payer = await readPayer(room, office);
  if (!payer?.cardRef) return 'card_missing';
  return (await mayCardPay(room.store, payer)) ? null : 'card_unconfirmed';
}

function rowAfter(
  room: PaymentRoom,
  {
    wish,
    known,
    office,
  }: { readonly wish: SaveRecharge; readonly known: AutoRechargeRow | null; readonly office: Office },
): AutoRechargeRow {
  const { accountId, officeId, walletId } = office.office;
  const fresh = { failures: 0, pause: null, notBeforeMs: 0, inFlightPaymentId: null, version: 0 };
  const noConsent = { consentPersonId: null, consentByName: null, consentAtMs: null };
  const consent = {
    consentPersonId: wish.identity.personId,
    consentByName: wish.identity.name,
    consentAtMs: room.clock.nowMs(),
  };
  const before = known ?? { ...fresh, ...noConsent };
  return {
    ...before,
    accountId,
    walletId,
    officeId,
    isOn: wish.isOn,
    thresholdMicros: wish.thresholdMicros,
    amountMicros: wish.amountMicros,
    monthlyLimitMicros: wish.monthlyLimitMicros,
    ...(wish.isOn ? consent : {}),
    // Whoever saves it has looked.
    pause: wish.isOn && before.pause === 'unusual_spend' ? null : before.pause,
    version: before.version + 1,
  };
}

/** "Credit is already below $5, so $25 is charged as soon as you save." Nobody waits for the bank. */
function chargeSoon(room: PaymentRoom, wallet: AutoRechargeRow): void {
  rechargeWallet(room, { wallet, wasJustSaved: true }).catch((cause: unknown) => {
    room.log('an auto-recharge could not be made', { walletId: wallet.walletId, cause: String(cause) });
  });
}

function no(reason: Refusal | OfficeRefusal): { readonly ok: false; readonly refusal: Refusal | OfficeRefusal } {
  return { ok: false, refusal: reason };
}
