/** A charge as it begins: all that is known of it before any credit is held. */
import type { ChargeService } from '../../src/protocol/service.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';
import { type PricedService, priceOfUnits, type ServiceQuestion } from './price-service.ts';

/** authorize, one_step: by the host. asked: an extra that an edge asked for. call: one that it reported only with the end of the call. */
export type ServiceOrigin = 'authorize' | 'one_step' | 'asked' | 'call';

/** Pure: a charge as it begins. */
export function newCharge(
  made: Omit<ServiceQuestion, 'request'> &
    PricedService & {
      readonly request: Pick<ChargeService, 'chargeId' | 'kind' | 'units' | 'person' | 'callId'>;
      readonly origin: ServiceOrigin;
      readonly validMs: number;
    },
): ServiceChargeRow {
  const { office, request, number, terms, rate, atMs } = made;
  const expiresAtMs = atMs + made.validMs;
  return {
    accountId: office.office.accountId,
    chargeId: request.chargeId,
    officeId: office.office.officeId,
    walletId: office.office.walletId,
    personId: request.person?.personId ?? null,
    personName: request.person?.name ?? null,
    callId: request.callId ?? null,
    kind: request.kind,
    unit: terms.unit,
    number,
    destination: rate.destination,
    origin: made.origin,
    paidBy: made.paidBy,
    status: 'authorized',
    authorizedUnits: request.units,
    units: 0,
    currency: office.account.currency,
    rate: JSON.stringify(rate),
    heldMicros: made.paidBy === 'credit' ? priceOfUnits(rate, request.units) : 0,
    costMicros: 0,
    shortMicros: 0,
    createdAtMs: atMs,
    expiresAtMs,
    endedAtMs: null,
    dueAtMs: expiresAtMs,
    version: 1,
    invoiceTaskId: null,
  };
}
