/** A widget's INVITE: the server is asked before anything else happens, then the number decides what the call becomes. */
import { type Invitation, SessionState } from 'sip.js';
import type { Admission } from '../../../server/edge/edge-contract.ts';
import { GRANT_HEADER, REFUSAL_HEADER } from '../../../src/protocol/call.ts';
import type { AllowedAdmission } from '../metering/edge-gate.ts';
import { lineText } from '../metering/ending-on-the-line.ts';
import type { SipEndpoint } from '../signalling/sip-endpoint.ts';
import { bridgeCall } from './bridge-call.ts';
import { programOf } from './dial-plan.ts';
import { ServiceCall } from './service-call.ts';
import { tieSession } from './session-end.ts';
import { carryDialog, type Switchboard } from './switchboard.ts';

const MAX_NUMBER_LENGTH = 64;
const MAX_GRANT_LENGTH = 4_096;

export interface PlacedCall {
  readonly endpoint: SipEndpoint;
  readonly invitation: Invitation;
  /** The authenticated user of the connection, null before REGISTER. */
  readonly user: string | null;
}

interface SipRefusal {
  readonly sipStatus: number;
  readonly code: string;
  readonly reasonPhrase: string;
}

const UNAVAILABLE: SipRefusal = {
  sipStatus: 503,
  code: 'unavailable',
  reasonPhrase: "The credit can't be checked right now",
};
const USED: SipRefusal = { sipStatus: 402, code: 'grant_used', reasonPhrase: 'This call grant was used already' };
const UNREGISTERED: SipRefusal = { sipStatus: 403, code: 'token_missing', reasonPhrase: 'Register before calling' };
const IMPERSONATION: SipRefusal = { sipStatus: 403, code: 'token_invalid', reasonPhrase: 'This is not your address' };

export async function placeCall(switchboard: Switchboard, { endpoint, invitation, user }: PlacedCall): Promise<void> {
  if (user === null) return refuse(invitation, UNREGISTERED);
  if (invitation.request.from.uri.user !== user) return refuse(invitation, IMPERSONATION);
  const admission = await askAdmission(switchboard, { invitation, user });
  if (admission === null) return refuse(invitation, UNAVAILABLE);
  if (admission.decision === 'refuse') {
    return refuse(invitation, { ...admission, code: admission.refusal.code });
  }
  await begin(switchboard, { endpoint, invitation, user, admission });
}

async function begin(
  switchboard: Switchboard,
  {
    endpoint,
    invitation,
    user,
    admission,
  }: PlacedCall & { readonly user: string; readonly admission: AllowedAdmission },
): Promise<void> {
  const call = switchboard.calls.begin(admission);
  if (!call) return refuse(invitation, USED);
  if (invitation.state === SessionState.Terminated) {
    // CANCEL came while the server was asked.
    call.end({ reason: 'cancelled', text: 'cancelled' });
    return;
  }
  carryDialog(switchboard, { endpoint, call, user, sipCallId: invitation.request.callId });
  if (admission.routeToUser !== null) {
    await bridgeCall(switchboard, { call, endpoint, invitation, callerUser: user, calledUser: admission.routeToUser });
    return;
  }
  const service = new ServiceCall({ switchboard, endpoint, invitation, call, user });
  tieSession(invitation, { call, onKey: (key) => service.takeKey(key), onProblem: switchboard.onProblem });
  await programOf(calledNumber(invitation))(service);
}

/** Null when the server cannot be asked. */
function askAdmission(
  { gate, edgeId }: Switchboard,
  { invitation, user }: { readonly invitation: Invitation; readonly user: string },
): Promise<Admission | null> {
  const { request } = invitation;
  return gate.admit({
    direction: 'outbound',
    edgeId,
    sipCallId: request.callId.slice(0, 256),
    callerUser: user,
    calledNumber: calledNumber(invitation),
    grant: request.getHeader(GRANT_HEADER)?.slice(0, MAX_GRANT_LENGTH) ?? null,
  });
}

function calledNumber({ request }: Invitation): string {
  return (request.ruri?.user ?? '').slice(0, MAX_NUMBER_LENGTH);
}

/** 402 and its kin: the phrase for people, X-Refusal for the widget. */
async function refuse(invitation: Invitation, { sipStatus, code, reasonPhrase }: SipRefusal): Promise<void> {
  if (invitation.state !== SessionState.Initial) return;
  const phrase = lineText(reasonPhrase) || 'Refused';
  const statusCode = sipStatus >= 400 && sipStatus <= 699 ? sipStatus : 403;
  await invitation.reject({
    statusCode,
    reasonPhrase: phrase,
    extraHeaders: [`${REFUSAL_HEADER}: ${code}`, `Reason: SIP;cause=${statusCode};text="${phrase}"`],
  });
}
