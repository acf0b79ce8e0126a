/** Saving a card without paying, and forgetting it. A set-up is a payment of nothing: same row, same funnel, same sweep. */

import { type OfficeOutcome, type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { CardSetup } from '../../src/protocol/payment.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { hasOpenDispute } from '../accounts/open-dispute.ts';
import type { Identity } from '../services.ts';
import type { PayerRow, PaymentRow, RowWrite } from '../storage/rows.ts';
import { emptyPayment } from './empty-payment.ts';
import { lookAtPayment, stepOf } from './look-at-payment.ts';
import { ensurePayer, readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom, failureOf, readPayment, statusOf } from './payment-row.ts';
import { readRecharge } from './read-recharge.ts';
import { withPause } from './recharge-row.ts';
import { type SentPayment, sendPayment } from './send-payment.ts';

const MAX_ROUNDS = 10;

interface OneSetup {
  readonly identity: Identity;
  readonly setupId: string;
}

export async function startCardSetup(room: PaymentRoom, asked: OneSetup): Promise<OfficeOutcome<CardSetup>> {
  const { identity, setupId } = asked;
  const office = await room.offices.find(identity);
  if (!office) return no(refusal('office_forbidden'));
  const known = await readPayment(room.store, { accountId: identity.accountId, paymentId: setupId });
  if (known && (known.kind !== 'card_setup' || known.officeId !== identity.officeId)) return no(refusal('id_reused'));
  if (known) return { ok: true, value: await setupOf(room, await lookAtPayment(room, known)) };
  if (await hasOpenDispute(room, office.office)) return no(officeRefusal('payments_frozen'));
  const payer = await ensurePayer(room, office);
  if (payer.outcome !== 'answered') return no(officeRefusal('provider_unavailable'));
  const row = await begin(room, { ...asked, office });
  if (row === null) return no(officeRefusal('provider_unavailable'));
  const sent = await sendPayment(room, row);
  if (sent.clientSecret === null) return no(officeRefusal('provider_unavailable'));
  return { ok: true, value: await setupOf(room, sent) };
}

/** Null: others were always first. */
async function begin(
  room: PaymentRoom,
  { identity, setupId, office }: OneSetup & { readonly office: Office },
): Promise<PaymentRow | null> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const payer = await readPayer(room, office.office);
    if (payer === null) return null;
    const lastGeneration = payer.lastGeneration + 1;
    const row: PaymentRow = {
      ...emptyPayment(room, { payer, officeId: office.office.officeId }),
      paymentId: setupId,
      kind: 'card_setup',
      amountMicros: 0,
      currency: office.account.currency,
      personId: identity.personId,
      personName: identity.name,
      method: 'new_card',
      isCardKept: true,
      cardGeneration: lastGeneration,
    };
    const { applied } = await room.store.writeRows([
      { table: 'payer', mode: 'next_version', row: { ...payer, lastGeneration, version: payer.version + 1 } },
      { table: 'payment', mode: 'insert', row },
    ]);
    if (applied) return row;
    const known = await readPayment(room.store, row);
    if (known) return known;
  }
  return null;
}

export async function finishCardSetup(room: PaymentRoom, asked: OneSetup): Promise<OfficeOutcome<CardSetup>> {
  const { identity, setupId } = asked;
  const row = await readPayment(room.store, { accountId: identity.accountId, paymentId: setupId });
  if (row?.kind !== 'card_setup' || row.officeId !== identity.officeId) {
    return no(officeRefusal('card_setup_unknown'));
  }
  return { ok: true, value: await setupOf(room, await lookAtPayment(room, row)) };
}

/** Forgets the saved card here first, so that nothing is charged to it from then on, then at the provider. */
export async function removeCard(room: PaymentRoom, identity: Identity): Promise<OfficeOutcome<null>> {
  const office = await room.offices.find(identity);
  if (!office) return no(refusal('office_forbidden'));
  if (await hasOpenDispute(room, office.office)) return no(officeRefusal('payments_frozen'));
  const payer = await readPayer(room, office.office);
  if (payer?.cardRef) {
    const { cardRef } = payer;
    await forgetSavedCard(room, { payer, cardRef });
    await room.provider.forgetCard(cardRef);
  }
  return { ok: true, value: null };
}

/** The card is gone: auto-recharge pauses until there is another. Does nothing when another card is saved by now. */
export async function forgetSavedCard(
  room: PaymentRoom,
  { payer, cardRef }: { readonly payer: PayerRow; readonly cardRef: string },
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const now = await readPayer(room, payer);
    if (now?.cardRef !== cardRef) return;
    const recharge = await readRecharge(room.store, payer);
    const paused = recharge && withPause(recharge, recharge.pause === 'disputed' ? 'disputed' : 'card_missing');
    const writes: RowWrite[] = [
      { table: 'payer', mode: 'next_version', row: { ...now, cardRef: null, card: null, version: now.version + 1 } },
    ];
    if (paused && paused !== recharge) writes.push({ table: 'auto_recharge', mode: 'next_version', row: paused });
    if ((await room.store.writeRows(writes)).applied) return;
  }
}

async function setupOf(room: PaymentRoom, { row, clientSecret }: SentPayment): Promise<CardSetup> {
  const payer = await readPayer(room, row);
  const kind = stepOf(row);
  const status = statusOf(row);
  return {
    setupId: row.paymentId,
    status: status === 'canceled' ? 'failed' : status,
    step: kind === null || clientSecret === null ? null : { kind, clientSecret },
    card: cardFrom(payer?.card ?? null),
    failure: failureOf(row),
  };
}

function no(reason: Refusal | OfficeRefusal): { readonly ok: false; readonly refusal: Refusal | OfficeRefusal } {
  return { ok: false, refusal: reason };
}
