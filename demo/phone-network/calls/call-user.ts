/** A call from the network to a widget (somebody out there dials the office): admitted by the server first, then it rings. */
import { randomUUID } from 'node:crypto';
import { type Inviter, SessionState } from 'sip.js';
import type { Refusal } from '../../../src/protocol/problem.ts';
import { LegDescriptionHandler } from '../media/leg-description-handler.ts';
import type { MediaLeg } from '../media/media-leg.ts';
import { codecFor, entertain, type Sound } from '../sound/entertain.ts';
import { ringUser } from './ring-user.ts';
import type { OnProblem } from './session-end.ts';
import type { Switchboard } from './switchboard.ts';

export interface UserCall {
  readonly user: string;
  /** The number that is shown; E.164 or a short number. */
  readonly from: string;
  readonly fromName: string | null;
  /** The office's own number that was dialled; null for the extension. */
  readonly calledNumber: string | null;
  readonly sound: Sound;
}

/** The caller only learns that it does not work; why is between the office and its server. */
export type UserCallOutcome =
  | { readonly outcome: 'ringing'; readonly callId: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'not_registered' }
  | { readonly outcome: 'unavailable' };

export async function callUser(switchboard: Switchboard, userCall: UserCall): Promise<UserCallOutcome> {
  const { gate, edgeId, registrar, clock, calls } = switchboard;
  const { user, from, calledNumber } = userCall;
  // A number may be assigned to somebody else, which the server knows.
  const isHere = registrar.bindingsOf(user, clock.monotonicMs()).length > 0;
  if (!isHere && calledNumber === null) return { outcome: 'not_registered' };
  const admission = await gate.admit({
    direction: 'inbound',
    edgeId,
    sipCallId: randomUUID(),
    callerNumber: from,
    calledUser: user,
    calledNumber,
  });
  if (admission === null) return { outcome: 'unavailable' };
  if (admission.decision === 'refuse') return { outcome: 'refused', refusal: admission.refusal };
  const call = calls.begin(admission);
  if (!call) return { outcome: 'unavailable' };
  const ringing = admission.routeToUser ?? user;
  const bindings = registrar.bindingsOf(ringing, clock.monotonicMs());
  const legs = new Map<unknown, MediaLeg>();
  call.onEnded(() => {
    for (const leg of legs.values()) leg.close();
  });
  ringUser(switchboard, {
    call,
    user: ringing,
    bindings,
    fromNumber: admission.callerNumber ?? from,
    fromName: admission.callerName ?? userCall.fromName,
    describe: (inviter) => {
      const leg = switchboard.media.createLeg({ codec: codecFor(userCall.sound) });
      legs.set(inviter, leg);
      offerAgainWhenLost(inviter, { leg, onProblem: switchboard.onProblem });
      return new LegDescriptionHandler(leg);
    },
    onRinging: () => undefined,
    onAnswered: (inviter) => {
      const leg = legs.get(inviter);
      if (!leg) return;
      const onKey = (key: string) => switchboard.onKey(call.callId, key);
      call.onEnded(entertain(leg, { sound: userCall.sound, onKey }).stop);
    },
  });
  if (bindings.length > 0) return { outcome: 'ringing', callId: call.callId };
  call.end({ reason: 'unreachable', text: 'nobody is registered' });
  return { outcome: 'not_registered' };
}

const MAX_NEW_OFFERS = 3;

/** Audio that broke while it was made gets another offer by re-INVITE, which is an ICE restart for the browser. */
function offerAgainWhenLost(
  inviter: Inviter,
  { leg, onProblem }: { readonly leg: MediaLeg; readonly onProblem: OnProblem },
): void {
  let offersLeft = MAX_NEW_OFFERS;
  let isLost = false;
  const offerAgain = () => {
    isLost = true;
    if (inviter.state !== SessionState.Established || offersLeft === 0) return;
    isLost = false;
    offersLeft -= 1;
    inviter.invite().catch((error: unknown) => onProblem({ what: 'a new offer', cause: String(error) }));
  };
  leg.onFailed = () => setImmediate(offerAgain);
  inviter.stateChange.addListener((state) => {
    // The first answer is acknowledged before the next offer leaves.
    if (state === SessionState.Established && isLost) setImmediate(offerAgain);
  });
}
