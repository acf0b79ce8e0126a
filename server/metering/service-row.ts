/** Reading and writing charges, and how the contract shows one. Whoever writes names the version that it has seen. */
import { micros } from '../../src/protocol/money.ts';
import { SERVICE_PAYERS, SERVICE_STATUSES, type ServiceCharge } from '../../src/protocol/service.ts';
import { agreedRate } from '../calls/agreed-rate.ts';
import { tariffOf } from '../calls/call-record.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface ChargeAddress {
  readonly accountId: string;
  readonly chargeId: string;
}

export async function readCharge(
  store: Store,
  { accountId, chargeId }: ChargeAddress,
): Promise<ServiceChargeRow | null> {
  const row = await store.db
    .selectFrom('service_charge')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('chargeId', '=', chargeId)
    .executeTakeFirst();
  return row ?? null;
}

export function nextVersion(row: ServiceChargeRow, change: Partial<ServiceChargeRow>): ServiceChargeRow {
  return { ...row, ...change, version: row.version + 1 };
}

export function serviceChargeOf(row: ServiceChargeRow): ServiceCharge {
  const rate = agreedRate(row);
  return {
    chargeId: row.chargeId,
    officeId: row.officeId,
    kind: row.kind,
    unit: row.unit,
    status: oneOf(SERVICE_STATUSES, row.status),
    paidBy: oneOf(SERVICE_PAYERS, row.paidBy),
    to: row.number,
    destination: row.destination,
    person: row.personId === null ? null : { personId: row.personId, name: row.personName ?? row.personId },
    callId: row.callId,
    authorizedUnits: row.authorizedUnits,
    units: row.units,
    currency: row.currency,
    heldMicros: micros(row.heldMicros),
    costMicros: micros(row.costMicros),
    shortMicros: micros(row.shortMicros),
    rateId: rate.rateId,
    tariff: tariffOf(rate),
    createdAtMs: row.createdAtMs,
    expiresAtMs: row.expiresAtMs,
    endedAtMs: row.endedAtMs,
  };
}

/** The store keeps text; a text that is none of ours is a bug, not a value. */
function oneOf<const Value extends string>(values: readonly Value[], text: string): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Error(`The store holds "${text}" where only ${values.join(', ')} belong`);
  return found;
}
