/**
 * May this inbound call ring a widget? The call id is made here, from edge and SIP Call-ID, so that a repeated INVITE is the same call.
 * A refused call is kept and told: "missed while there was no credit" (F-10).
 */
import { createHash } from 'node:crypto';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { isFree } from '../../src/protocol/price.ts';
import { type Refusal, refusal, refusalSchema } from '../../src/protocol/problem.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet } from '../accounts/wallet.ts';
import type { Admission, AdmissionRequest } from '../edge/edge-contract.ts';
import { personOfSipUser, sipUserOf } from '../edge/sip-user.ts';
import type { CallRow, PersonRow } from '../storage/rows.ts';
import { refusedAdmission } from './admission-refusal.ts';
import { admittedDueAtMs, allowedAdmission } from './admitted-call.ts';
import { withoutPrice } from './agreed-rate.ts';
import { answeringPerson } from './answering-person.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { holdingCallsOf, readCall } from './call-rows.ts';
import { findColleague } from './find-colleague.ts';
import { callFloorMicros, holdCall } from './hold-call.ts';
import { inboundRate, inboundRefusal } from './inbound-terms.ts';

export type InboundRequest = Extract<AdmissionRequest, { direction: 'inbound' }>;

interface Ring {
  readonly request: InboundRequest;
  readonly person: PersonRow;
  readonly office: Office;
  readonly rate: Rate;
  readonly row: CallRow;
}

export async function admitInbound(room: CallRoom, request: InboundRequest): Promise<Admission> {
  const named = await calledPerson(room, request);
  if (!named) return refusedAdmission(refusal('number_unknown'));
  const known = await readCall(room.store, { accountId: named.accountId, callId: inboundCallId(request) });
  if (known) return again(room, known);
  const answering = await answeringPerson(room.store, { person: named, calledNumber: request.calledNumber });
  // A number that does not work refuses for whom it would have rung, who sees that the call was missed.
  const person = answering.ok ? answering.value : named;
  const office = await room.offices.find(person);
  if (!office) return refusedAdmission(refusal('number_unknown'));
  const atMs = room.clock.nowMs();
  const { calledNumber, callerNumber } = request;
  const call = { office, calledNumber, callerNumber, licence: person.licence, atMs };
  const rate = withCaller(await inboundRate(room, call), await callingColleague(room, { person, request }));
  const ring: Ring = { request, person, office, rate, row: ringingRow(room, { request, person, office, rate, atMs }) };
  if (!answering.ok) return await missed(room, { ring, reason: answering.refusal });
  const forbidden = inboundRefusal(call, {
    policy: room.policy.of(office.account),
    wallet: await readWallet(room.store, office.office),
    rate,
    holdingCalls: await holdingCallsOf(room.store, office.office),
  });
  return forbidden ? await missed(room, { ring, reason: forbidden }) : await hold(room, ring);
}

async function calledPerson(room: CallRoom, request: InboundRequest): Promise<PersonRow | null> {
  const called = personOfSipUser(request.calledUser);
  if (called === null) return null;
  const person = await room.store.db
    .selectFrom('person')
    .selectAll()
    .where('accountId', '=', called.accountId)
    .where('personId', '=', called.personId)
    .executeTakeFirst();
  return person ?? null;
}

/** Who calls from inside the house; null for everybody else. */
async function callingColleague(
  room: CallRoom,
  { person, request }: Pick<Ring, 'person' | 'request'>,
): Promise<PersonRow | null> {
  const number = request.calledNumber === null ? dialableNumber(request.callerNumber) : null;
  if (number === null) return null;
  return await findColleague(room.store, { accountId: person.accountId, number, callerId: person.personId });
}

function withCaller(rate: Rate, colleague: PersonRow | null): Rate {
  return colleague ? { ...rate, destination: colleague.name } : rate;
}

function inboundCallId(request: Pick<InboundRequest, 'edgeId' | 'sipCallId' | 'calledUser'>): string {
  const hash = createHash('sha256').update(JSON.stringify([request.edgeId, request.sipCallId, request.calledUser]));
  return `in-${hash.digest('hex').slice(0, 40)}`;
}

function ringingRow(
  room: CallRoom,
  call: Pick<Ring, 'request' | 'person' | 'office' | 'rate'> & { readonly atMs: number },
): CallRow {
  const { request, person, office, rate } = call;
  return {
    accountId: person.accountId,
    callId: inboundCallId(request),
    officeId: person.officeId,
    walletId: office.office.walletId,
    personId: person.personId,
    personName: person.name,
    direction: 'inbound',
    number: request.callerNumber,
    callerNumber: request.calledNumber,
    destination: rate.destination,
    kind: rate.kind,
    status: 'authorized',
    currency: office.account.currency,
    rate: JSON.stringify(rate),
    startedAtMs: call.atMs,
    answeredAtMs: null,
    endedAtMs: null,
    endReason: null,
    durationSeconds: 0,
    billedSeconds: 0,
    costMicros: 0,
    heldMicros: 0,
    leaseSeconds: 0,
    renewalIndex: 0,
    isLeaseFinal: false,
    dueAtMs: admittedDueAtMs(room),
    edgeId: request.edgeId,
    sipCallId: request.sipCallId,
    refusal: null,
    version: 1,
  };
}

/** What costs is held for, as for calls out; where the policy lets calls in without credit, what cannot be held is not charged. */
async function hold(room: CallRoom, ring: Ring): Promise<Admission> {
  const floorMicros = callFloorMicros(room, { office: ring.office, isCharged: !isFree(ring.rate) });
  const held = await holdCall(room, { row: ring.row, rate: ring.rate, floorMicros, limits: [] });
  switch (held.outcome) {
    case 'held':
      room.notices.callChanged(held.row);
      if (held.row.heldMicros > 0) room.notices.walletChanged(held.row);
      return allowedAdmission(room, { row: held.row, routeToUser: sipUserOf(ring.person) });
    case 'exists':
      return await admitInbound(room, ring.request);
    case 'refused':
      return room.policy.of(ring.office.account).inboundAtZero === 'allow'
        ? await holdNothing(room, ring)
        : await missed(room, { ring, reason: held.refusal });
  }
}

async function holdNothing(room: CallRoom, ring: Ring): Promise<Admission> {
  const rate = withoutPrice(ring.rate);
  return await hold(room, { ...ring, rate, row: { ...ring.row, rate: JSON.stringify(rate) } });
}

async function missed(
  room: CallRoom,
  { ring, reason }: { readonly ring: Ring; readonly reason: Refusal },
): Promise<Admission> {
  const row: CallRow = {
    ...ring.row,
    status: 'refused',
    endedAtMs: ring.row.startedAtMs,
    endReason: 'refused',
    refusal: JSON.stringify(reason),
    dueAtMs: null,
  };
  const written = await room.store.writeRows([{ table: 'call', mode: 'insert', row }]);
  if (written.applied) room.notices.missed(row);
  return refusedAdmission(reason);
}

/** The same INVITE once more: the same answer. */
function again(room: CallRoom, row: CallRow): Admission {
  if (row.refusal !== null) return refusedAdmission(refusalSchema.parse(JSON.parse(row.refusal)));
  if (!isRunning(row)) return refusedAdmission(refusal('call_ended'));
  return allowedAdmission(room, { row, routeToUser: sipUserOf(row) });
}
