/**
 * May this call begin? Rate first, rules second, credit third (DESIGN.md section 6). A yes holds connection fee and first block, with the
 * rest of the first lease where the wallet can pay for it, and gives a grant for the SIP edge. Doing it twice is doing it once.
 */
import type { AuthorizeRequest, CallAuthorization } from '../../src/protocol/call.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { granted, type Outcome, type Refusal, refusal, refused } from '../../src/protocol/problem.ts';
import { callerNumbersOf } from '../accounts/caller-numbers.ts';
import { readWallet, type Wallet, walletOf } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { isRunning, leaseOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';
import { extensionOf } from './find-colleague.ts';
import { callFloorMicros, holdCall } from './hold-call.ts';
import { policyRefusal } from './policy-refusal.ts';
import { limitsOf, type QuotedCall, quoteOf } from './quote-call.ts';
import { resolveDestination } from './resolve-destination.ts';

export interface AuthorizeCall extends AuthorizeRequest {
  readonly identity: Identity;
  readonly callId: string;
}

/** A grant that is used at its last moment must still find its call. */
const RELEASE_AFTER_GRANT_MS = 1_000;

export async function authorizeCall(room: CallRoom, request: AuthorizeCall): Promise<Outcome<CallAuthorization>> {
  const { identity } = request;
  const atMs = room.clock.nowMs();
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const resolved = await resolveDestination(room, { identity, office, to: request.to, atMs });
  if (!resolved.ok) return resolved;
  const call: QuotedCall = { identity, office, destination: resolved.value, atMs };
  const forbidden =
    callerRefusal({ request, call }) ?? policyRefusal({ ...call, policy: room.policy.of(office.account) });
  if (forbidden) return (await repeated(room, { request, call })) ?? refused(forbidden);
  return await holdAndGrant(room, { request, call });
}

interface Authorization {
  readonly request: AuthorizeCall;
  readonly call: QuotedCall;
}

async function holdAndGrant(room: CallRoom, { request, call }: Authorization): Promise<Outcome<CallAuthorization>> {
  const held = await holdCall(room, {
    row: plannedRow(room, { request, call, callerNumber: await callerNumberOf(room, { request, call }) }),
    rate: call.destination.rate,
    floorMicros: callFloorMicros(room, { office: call.office, isCharged: call.destination.isCharged }),
    limits: limitsOf(room, call),
  });
  switch (held.outcome) {
    case 'held':
      room.notices.callChanged(held.row);
      if (held.row.heldMicros > 0) room.notices.walletChanged(held.row);
      return granted(await authorizationOf(room, { row: held.row, call, wallet: walletOf(held.wallet) }));
    case 'exists':
      return (await repeated(room, { request, call })) ?? refused(refusal('id_reused'));
    case 'refused':
      return (await repeated(room, { request, call })) ?? refused(held.refusal);
  }
}

function plannedRow(
  room: CallRoom,
  { request, call, callerNumber }: Authorization & { readonly callerNumber: string | null },
): CallRow {
  const { identity, office, destination, atMs } = call;
  return {
    accountId: identity.accountId,
    callId: request.callId,
    officeId: identity.officeId,
    walletId: office.office.walletId,
    personId: identity.personId,
    personName: identity.name,
    direction: 'outbound',
    number: destination.number,
    callerNumber,
    destination: destination.destination,
    kind: destination.rate.kind,
    status: 'authorized',
    currency: office.account.currency,
    rate: JSON.stringify(destination.rate),
    startedAtMs: atMs,
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
    dueAtMs: atMs + room.policy.ofServer().calls.grantSeconds * MILLISECONDS_PER_SECOND + RELEASE_AFTER_GRANT_MS,
    edgeId: null,
    sipCallId: null,
    refusal: null,
    version: 1,
  };
}

/** Only numbers of the office that are assigned to nobody else may be shown: anything else would be somebody else's. */
function callerRefusal({ request, call }: Authorization): Refusal | null {
  const { callerNumber } = request;
  if (callerNumber === null || callerNumbersOf(call.office, call.identity.personId).includes(callerNumber)) return null;
  return refusal('caller_number_forbidden');
}

/** The one that was chosen, or the first there is. In the house it is the extension. */
async function callerNumberOf(room: CallRoom, { request, call }: Authorization): Promise<string | null> {
  if (call.destination.calledPersonId !== null) return await extensionOf(room.store, call.identity);
  return request.callerNumber ?? callerNumbersOf(call.office, call.identity.personId)[0] ?? null;
}

/** The answer to a call id that was seen before; null when it was not. A call that is over is not begun again. */
async function repeated(room: CallRoom, { request, call }: Authorization): Promise<Outcome<CallAuthorization> | null> {
  const row = await readCall(room.store, { accountId: request.identity.accountId, callId: request.callId });
  if (!row) return null;
  const isSame = row.personId === request.identity.personId && row.number === call.destination.number;
  if (!isSame || row.direction !== 'outbound') return refused(refusal('id_reused'));
  if (!isRunning(row) || grantSecondsLeft(room, row) <= 0) return refused(refusal('call_ended'));
  return granted(await authorizationOf(room, { row, call, wallet: await readWallet(room.store, row) }));
}

async function authorizationOf(
  room: CallRoom,
  { row, call, wallet }: { readonly row: CallRow; readonly call: QuotedCall; readonly wallet: Wallet },
): Promise<CallAuthorization> {
  const validSeconds = grantSecondsLeft(room, row);
  return {
    callId: row.callId,
    quote: quoteOf(room, { ...call, wallet, refusal: null }),
    lease: leaseOf(row),
    grant: await room.grants.sign(row, { nowMs: room.clock.nowMs(), validSeconds }),
    grantExpiresInSeconds: validSeconds,
  };
}

/** The grant dies with the call that nobody made: a repeat does not lengthen it. */
function grantSecondsLeft(room: CallRoom, row: CallRow): number {
  const endsAtMs = row.startedAtMs + room.policy.ofServer().calls.grantSeconds * MILLISECONDS_PER_SECOND;
  return Math.floor((endsAtMs - room.clock.nowMs()) / MILLISECONDS_PER_SECOND);
}
