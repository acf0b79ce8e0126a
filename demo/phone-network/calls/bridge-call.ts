/**
 * A call between two widgets of the same account. Two metered calls, one per side, each with its own admission; descriptions pass
 * through and the audio goes from browser to browser. Whatever ends one side ends the other.
 */
import { randomUUID } from 'node:crypto';
import { type Info, type Invitation, type Session, SessionState } from 'sip.js';
import type { EndReason } from '../../../src/protocol/call.ts';
import { BridgeDescriptionHandler } from '../media/bridge-description-handler.ts';
import type { CallEnding, MeteredCall } from '../metering/metered-call.ts';
import type { SipEndpoint } from '../signalling/sip-endpoint.ts';
import { ringUser } from './ring-user.ts';
import { tieSession } from './session-end.ts';
import type { Switchboard } from './switchboard.ts';

const NOT_THERE: CallEnding = { reason: 'no_answer', text: 'not available' };

export interface Bridge {
  /** The caller's side. */
  readonly call: MeteredCall;
  readonly endpoint: SipEndpoint;
  readonly invitation: Invitation;
  readonly callerUser: string;
  readonly calledUser: string;
}

export async function bridgeCall(switchboard: Switchboard, bridge: Bridge): Promise<void> {
  const { call, invitation, calledUser } = bridge;
  const sides = new BridgedSides(invitation);
  const { onProblem } = switchboard;
  const onKey = (key: string) => switchboard.onKey(call.callId, key);
  tieSession(invitation, { call, onKey, onProblem, onInfo: (info) => sides.relayToCallee(info) });
  const calleeCall = await admitCallee(switchboard, bridge);
  const bindings = switchboard.registrar.bindingsOf(calledUser, switchboard.clock.monotonicMs());
  if (!calleeCall || bindings.length === 0) {
    // Refused or away: the caller hears the same, the callee's credit is nobody's business.
    call.end(NOT_THERE);
    calleeCall?.end(NOT_THERE);
    return;
  }
  call.onEnded((ending) => calleeCall.end(asTheOtherSide(ending)));
  calleeCall.onEnded((ending) => call.end(asTheOtherSide(ending)));
  if (call.ending) return;
  bridge.endpoint.describe(invitation, sides.callerHandler);
  ringUser(switchboard, {
    call: calleeCall,
    user: calledUser,
    bindings,
    fromNumber: call.admission.callerNumber ?? bridge.callerUser,
    fromName: call.admission.callerName,
    describe: (inviter) => sides.createCalleeHandler(inviter),
    onInfo: (info) => sides.relayToCaller(info),
    onRinging: () => {
      if (invitation.state !== SessionState.Initial) return;
      call.ring();
      invitation.progress({ statusCode: 180 }).catch(() => undefined);
    },
    onAnswered: (inviter, response) => {
      sides.join(inviter, response.message.body);
      invitation.accept().then(
        () => call.answer(),
        () => call.end({ reason: 'failed', text: 'the answer could not be passed on' }),
      );
    },
  });
}

/** A call to an extension is an inbound call of the one who is called: asked for, metered and refused as such. */
async function admitCallee(
  { gate, edgeId, calls }: Switchboard,
  { call, callerUser, calledUser }: Bridge,
): Promise<MeteredCall | null> {
  const admission = await gate.admit({
    direction: 'inbound',
    edgeId,
    sipCallId: randomUUID(),
    callerNumber: call.admission.callerNumber ?? callerUser,
    calledUser,
    calledNumber: null,
  });
  return admission?.decision === 'allow' ? calls.begin(admission) : null;
}

const MIRRORED: Partial<Record<EndReason, EndReason>> = {
  hung_up: 'far_end_hung_up',
  lease_expired: 'far_end_hung_up',
  credit_exhausted: 'far_end_hung_up',
  line_lost: 'far_end_hung_up',
  paused: 'far_end_hung_up',
};

function asTheOtherSide({ reason, text }: CallEnding): CallEnding {
  return { reason: MIRRORED[reason] ?? reason, text };
}

/** The description handlers of both sides, and the messages that pass between them. */
class BridgedSides {
  readonly callerHandler = new BridgeDescriptionHandler();
  readonly #invitation: Invitation;
  readonly #calleeHandlers = new Map<Session, BridgeDescriptionHandler>();
  #callee: Session | null = null;

  constructor(invitation: Invitation) {
    this.#invitation = invitation;
  }

  createCalleeHandler(session: Session): BridgeDescriptionHandler {
    const handler = new BridgeDescriptionHandler();
    handler.handOut(this.#invitation.request.body);
    this.#calleeHandlers.set(session, handler);
    return handler;
  }

  /** This tab answered: from here on the two sides ask each other. */
  join(callee: Session, answer: string): void {
    const handler = this.#calleeHandlers.get(callee);
    if (!handler) return;
    this.#callee = callee;
    this.callerHandler.connect({ session: callee, handler });
    handler.connect({ session: this.#invitation, handler: this.callerHandler });
    this.callerHandler.handOut(answer);
  }

  relayToCallee(info: Info): void {
    relay(info, this.#callee);
  }

  relayToCaller(info: Info): void {
    relay(info, this.#invitation);
  }
}

const MAX_INFO_LENGTH = 1_000;

function relay(info: Info, target: Session | null): void {
  const { body } = info.request;
  const contentType = info.request.getHeader('content-type') ?? 'application/dtmf-relay';
  info.accept().catch(() => undefined);
  if (target?.state !== SessionState.Established || body.length > MAX_INFO_LENGTH) return;
  const content = { contentDisposition: 'render', contentType, content: body };
  target.info({ requestOptions: { body: content } }).catch(() => undefined);
}
