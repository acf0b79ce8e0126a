/**
 * May this INVITE pass? It must carry a grant of ours, for this caller and this number, not yet used and not expired. Nothing in a
 * browser is believed: caller and number are those that the edge has seen.
 */

import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { refusal } from '../../src/protocol/problem.ts';
import type { GrantedCall } from '../edge/call-grant.ts';
import type { Admission, AdmissionRequest } from '../edge/edge-contract.ts';
import { personOfSipUser, sipUserOf } from '../edge/sip-user.ts';
import type { CallRow } from '../storage/rows.ts';
import { refusedAdmission } from './admission-refusal.ts';
import { admittedDueAtMs, allowedAdmission } from './admitted-call.ts';
import { agreedRate } from './agreed-rate.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, readCall, untilWritten, writeNextVersion } from './call-rows.ts';
import { findColleague } from './find-colleague.ts';
import { isInHouse } from './resolve-destination.ts';

export type OutboundRequest = Extract<AdmissionRequest, { direction: 'outbound' }>;

export async function admitOutbound(room: CallRoom, request: OutboundRequest): Promise<Admission> {
  if (request.grant === null || request.grant === '') return refusedAdmission(refusal('grant_missing'));
  const checked = await room.grants.check(request.grant, { nowMs: room.clock.nowMs() });
  if (!checked.isOurs) return refusedAdmission(refusal('grant_invalid'));
  if (!isFor(checked.call, request)) return refusedAdmission(refusal('grant_mismatch'));
  return await useGrant(room, { request, call: checked.call, isExpired: checked.isExpired });
}

function isFor(call: GrantedCall, request: OutboundRequest): boolean {
  const caller = personOfSipUser(request.callerUser);
  const isCaller = caller?.accountId === call.accountId && caller.personId === call.personId;
  return isCaller && call.number === request.calledNumber;
}

interface Use {
  readonly request: OutboundRequest;
  readonly call: GrantedCall;
  readonly isExpired: boolean;
}

/** The first SIP Call-ID that comes with the grant has it; the same one again gets the same answer, even after the grant's end. */
async function useGrant(room: CallRoom, { request, call, isExpired }: Use): Promise<Admission> {
  return await untilWritten<Admission>(async () => {
    const row = await readCall(room.store, call);
    if (!row || row.personId !== call.personId) return refusedAdmission(refusal('call_unknown'));
    if (row.sipCallId !== null && !isSameInvite(row, request)) return refusedAdmission(refusal('grant_used'));
    if (!isRunning(row)) return refusedAdmission(refusal(isExpired ? 'grant_expired' : 'call_ended'));
    if (row.sipCallId === null && isExpired) return refusedAdmission(refusal('grant_expired'));
    const route = await routeOf(room, row);
    if (route === null) return refusedAdmission(refusal('number_unknown'));
    if (row.sipCallId !== null) return allowedAdmission(room, { row, ...route });
    const admitted = nextVersion(row, {
      edgeId: request.edgeId,
      sipCallId: request.sipCallId,
      dueAtMs: admittedDueAtMs(room),
    });
    if (!(await writeNextVersion(room.store, admitted))) return 'conflict';
    return allowedAdmission(room, { row: admitted, ...route });
  });
}

function isSameInvite(row: CallRow, request: OutboundRequest): boolean {
  return row.sipCallId === request.sipCallId && row.edgeId === request.edgeId;
}

/**
 * To a colleague, or into the network (no user). Null when it was a call in the house, which is free, and nobody there has the number any
 * more: the network would carry it for nothing.
 */
async function routeOf(room: CallRoom, row: CallRow): Promise<{ readonly routeToUser: string | null } | null> {
  const number = dialableNumber(row.number);
  if (!isInHouse(agreedRate(row)) || number === null) return { routeToUser: null };
  const colleague = await findColleague(room.store, { accountId: row.accountId, number, callerId: row.personId });
  return colleague && { routeToUser: sipUserOf(colleague) };
}
