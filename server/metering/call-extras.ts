/**
 * Extras of a call (F-07): recording, transfer, conference leg, barge, a SIP phone's leg. Each is a charge of its own that names the call.
 * An edge asks before one begins (asked-extra.ts) and tells with the end of the call what was used. What it did not ask for and tells all
 * the same has happened, so it is not refused: the ledger takes what there is, and what is missing is written down as short.
 *
 *   hold as much as there is + row ──► settle + row. Whoever finds a charge between the two does both again: the hold's repeat tells what
 *   it got.
 */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { isSubscription } from '../../src/protocol/subscription.ts';
import { agreedRate } from '../calls/agreed-rate.ts';
import type { CallExtra, CallExtras, ExtraLine } from '../calls/call-extras.ts';
import type { CallRow, ServiceChargeRow } from '../storage/rows.ts';
import { askExtra, releaseUnused, settleAsked } from './asked-extra.ts';
import { extraId, unitsInAll } from './extra-units.ts';
import type { MeteringRoom } from './metering-room.ts';
import { newCharge } from './new-charge.ts';
import { payerOf, priceOfUnits, rateOf, termsOf } from './price-service.ts';
import { holdOperation } from './service-operation.ts';
import { readCharge } from './service-row.ts';
import { end, settledRow } from './settle-service.ts';

/** A charge that a crash left between hold and settle is looked at after so long. */
const LOOK_AGAIN_MS = 5_000;

export function createCallExtras(room: MeteringRoom): CallExtras {
  return {
    ask: (call, extra) => askExtra(room, { call, extra }),
    charge: async (call, extras) => {
      for (const extra of byKind(extras)) await chargeExtra(room, { call, extra });
      await releaseUnused(room, call);
    },
    linesOf: (call) => linesOf(room, call),
  };
}

/** One line a kind, so that a report that is repeated is the same charge. */
function byKind(extras: readonly CallExtra[]): readonly (readonly CallExtra[])[] {
  return [...Map.groupBy(extras, ({ kind }) => kind).values()];
}

async function chargeExtra(
  room: MeteringRoom,
  { call, extra }: { readonly call: CallRow; readonly extra: readonly CallExtra[] },
): Promise<void> {
  const kind = extra[0]?.kind ?? '';
  const known = await readCharge(room.store, { accountId: call.accountId, chargeId: extraId(call, kind) });
  if (known?.origin === 'asked') return await settleAsked(room, { row: known, units: unitsInAll(extra, known) });
  const row = known ?? (await plannedExtra(room, { call, kind, extra }));
  if (row?.status === 'authorized') await finishExtra(room, row);
}

async function plannedExtra(
  room: MeteringRoom,
  { call, kind, extra }: { readonly call: CallRow; readonly kind: string; readonly extra: readonly CallExtra[] },
): Promise<ServiceChargeRow | null> {
  const office = await room.offices.find(call);
  const terms = office && termsOf(room.policy.of(office.account).services.kinds, kind);
  if (!office || !terms || terms.payBy === 'off' || isSubscription(kind)) return ignored(room, { call, kind });
  const question = { office, number: null, atMs: room.clock.nowMs(), terms, request: { kind } };
  const rate = rateOf(room, question);
  if (rate === null) return ignored(room, { call, kind });
  const units = unitsInAll(extra, terms);
  const person = { personId: call.personId, name: call.personName };
  const request = { chargeId: extraId(call, kind), kind, units, person, callId: call.callId };
  const paidBy = payerOf(terms, rate);
  return newCharge({ ...question, request, rate, paidBy, origin: 'call', validMs: LOOK_AGAIN_MS });
}

/** An edge that counts more than this server sells must not fail for it: the operator hears of it. */
function ignored(room: MeteringRoom, { call, kind }: { readonly call: CallRow; readonly kind: string }): null {
  room.log('an extra of a call has no price or is switched off', { callId: call.callId, kind });
  return null;
}

/** Also for a charge that somebody else began and did not end. */
export async function finishExtra(room: MeteringRoom, row: ServiceChargeRow): Promise<void> {
  const heldMicros = row.paidBy === 'credit' ? await holdWhatThereIs(room, row) : await written(room, row);
  await end(room, settledRow(row, { units: row.authorizedUnits, heldMicros, atMs: room.clock.nowMs() }));
}

/** A row that is there already is fine: whoever wrote it wrote the same. */
async function written(room: MeteringRoom, row: ServiceChargeRow): Promise<Micros> {
  await room.store.writeRows([{ table: 'service_charge', mode: 'insert', row }]);
  return ZERO_MICROS;
}

async function holdWhatThereIs(room: MeteringRoom, row: ServiceChargeRow): Promise<Micros> {
  const amountMicros = priceOfUnits(agreedRate(row), row.authorizedUnits);
  const wish = { amountMicros, minimumMicros: ZERO_MICROS, floorMicros: ZERO_MICROS, limits: [] };
  const result = await room.ledger.submit(holdOperation(row, wish));
  if (!result.applied) throw new Error(`The extra ${row.chargeId} could not be held: ${result.refusal.code}`);
  return result.heldMicros;
}

async function linesOf(
  room: MeteringRoom,
  { accountId, callId }: Pick<CallRow, 'accountId' | 'callId'>,
): Promise<readonly ExtraLine[]> {
  const rows = await room.store.db
    .selectFrom('service_charge')
    .select(['kind', 'unit', 'units', 'costMicros', 'paidBy'])
    .where('accountId', '=', accountId)
    .where('callId', '=', callId)
    .where('status', '=', 'settled')
    .orderBy('createdAtMs')
    .orderBy('chargeId')
    .execute();
  return rows.map(({ kind, unit, units, costMicros, paidBy }) => ({
    kind,
    unit,
    units,
    costMicros: paidBy === 'credit' ? micros(costMicros) : ZERO_MICROS,
  }));
}
