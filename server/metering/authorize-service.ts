/**
 * A charge begins: asked once, however often it is sent.
 *
 *   authorize   row "authorized" + hold ──► the host settles or releases it, or it expires
 *   charge      the same, and settled at once. A crash between the two leaves a hold that the repeat settles, or that expires.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import { granted, refusal, refused } from '../../src/protocol/problem.ts';
import type { AuthorizeService, ChargeService, ServiceCharge } from '../../src/protocol/service.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { HostIdentity } from '../services.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';
import { holdService } from './hold-service.ts';
import type { MeteringRoom } from './metering-room.ts';
import { newCharge, type ServiceOrigin } from './new-charge.ts';
import { priceService } from './price-service.ts';
import { readCharge, serviceChargeOf } from './service-row.ts';
import { settleService } from './settle-service.ts';

export async function authorizeService(
  room: MeteringRoom,
  { identity, ...request }: AuthorizeService & { readonly identity: HostIdentity },
): Promise<OfficeOutcome<ServiceCharge>> {
  const begun = await begin(room, { identity, request, origin: 'authorize', validSeconds: request.validSeconds });
  return begun.ok ? granted(serviceChargeOf(begun.value)) : begun;
}

export async function chargeService(
  room: MeteringRoom,
  { identity, ...request }: ChargeService & { readonly identity: HostIdentity },
): Promise<OfficeOutcome<ServiceCharge>> {
  const begun = await begin(room, { identity, request, origin: 'one_step', validSeconds: ONE_STEP_SECONDS });
  if (!begun.ok) return begun;
  const { chargeId, units } = request;
  return await settleService(room, { identity, chargeId, units });
}

/** Longer than any request takes: a repeat after a crash still finds its hold. */
const ONE_STEP_SECONDS = 60;

interface Beginning {
  readonly identity: HostIdentity;
  readonly request: ChargeService;
  readonly origin: ServiceOrigin;
  readonly validSeconds: number | undefined;
}

async function begin(room: MeteringRoom, beginning: Beginning): Promise<OfficeOutcome<ServiceChargeRow>> {
  const { identity, request } = beginning;
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const number = request.to ? room.readNumber(request.to, { country: office.office.country }) : null;
  if (request.to && number === null) return refused(refusal('number_invalid'));
  const wished = { ...beginning, number };
  const known = await repeated(room, wished);
  if (known) return known;
  const made = await make(room, { ...wished, office });
  if (!made.ok) return made;
  const held = await holdService(room, { row: made.value, office });
  if (held.outcome === 'refused') return refused(held.refusal);
  if (held.outcome === 'exists') return (await repeated(room, wished)) ?? refused(refusal('id_reused'));
  if (made.value.heldMicros > 0) room.notices.walletChanged(made.value);
  return granted(made.value);
}

type Wished = Beginning & { readonly number: DialableNumber | null };

async function make(
  room: MeteringRoom,
  { request, number, office, origin, validSeconds }: Wished & { readonly office: Office },
): Promise<OfficeOutcome<ServiceChargeRow>> {
  const question = { office, request, number, atMs: room.clock.nowMs() };
  const pricing = await priceService(room, question);
  if ('refusal' in pricing) return { ok: false, refusal: pricing.refusal };
  const seconds = validSeconds ?? room.policy.of(office.account).services.authorizationSeconds;
  const validMs = seconds * MILLISECONDS_PER_SECOND;
  return granted(newCharge({ ...question, ...pricing.priced, request, origin, validMs }));
}

/** The answer to an id that was seen before; null when it was not. What is over does not begin again. */
async function repeated(room: MeteringRoom, wished: Wished): Promise<OfficeOutcome<ServiceChargeRow> | null> {
  const { identity, request, origin } = wished;
  const row = await readCharge(room.store, { accountId: identity.accountId, chargeId: request.chargeId });
  if (row === null) return null;
  if (!isSame(row, wished)) return refused(refusal('id_reused'));
  const isOver = row.status === 'released' || (row.status === 'settled' && origin !== 'one_step');
  if (isOver) return { ok: false, refusal: officeRefusal('service_closed') };
  const hasExpired = row.status === 'expired' || (row.status === 'authorized' && row.expiresAtMs <= room.clock.nowMs());
  return hasExpired ? { ok: false, refusal: officeRefusal('service_expired') } : granted(row);
}

function isSame(row: ServiceChargeRow, { identity, request, number, origin }: Wished): boolean {
  return (
    row.officeId === identity.officeId &&
    row.origin === origin &&
    row.kind === request.kind &&
    row.authorizedUnits === request.units &&
    row.number === number &&
    row.personId === (request.person?.personId ?? null) &&
    row.callId === (request.callId ?? null)
  );
}
