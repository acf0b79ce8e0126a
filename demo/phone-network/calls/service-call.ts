/** A call from a widget to the network itself, as the programs of the dial plan see it. */
import { type Invitation, SessionState } from 'sip.js';
import { LegDescriptionHandler } from '../media/leg-description-handler.ts';
import { reasonOfStatus } from '../metering/ending-on-the-line.ts';
import type { MeteredCall } from '../metering/metered-call.ts';
import type { SipEndpoint } from '../signalling/sip-endpoint.ts';
import { codecFor, entertain, type Sound } from '../sound/entertain.ts';
import { callUser } from './call-user.ts';
import type { Switchboard } from './switchboard.ts';

export interface ServiceCallOptions {
  readonly switchboard: Switchboard;
  readonly endpoint: SipEndpoint;
  readonly invitation: Invitation;
  readonly call: MeteredCall;
  readonly user: string;
}

export class ServiceCall {
  readonly #options: ServiceCallOptions;

  constructor(options: ServiceCallOptions) {
    this.#options = options;
  }

  async ring(): Promise<void> {
    const { invitation, call } = this.#options;
    if (invitation.state !== SessionState.Initial) return;
    call.ring();
    await invitation.progress({ statusCode: 180 });
  }

  /** Answers and starts the sound. The meter starts as the 200 leaves. */
  async answer(sound: Sound): Promise<void> {
    const { switchboard, endpoint, invitation, call } = this.#options;
    if (invitation.state !== SessionState.Initial) return;
    const leg = switchboard.media.createLeg({ codec: codecFor(sound) });
    call.onEnded(() => leg.close());
    endpoint.describe(invitation, new LegDescriptionHandler(leg));
    await invitation.accept();
    call.answer();
    const onKey = (key: string) => switchboard.onKey(call.callId, key);
    const stop = entertain(leg, { sound, onKey });
    call.onEnded(stop);
  }

  /** Does not answer: busy, declined, not there. */
  refuse({ statusCode, text }: { readonly statusCode: number; readonly text: string }): void {
    const reason = statusCode === 503 ? 'unreachable' : reasonOfStatus(statusCode);
    this.#options.call.end({ reason, text, statusCode });
  }

  /** The network hangs up. */
  hangUp(): void {
    this.#options.call.end({ reason: 'far_end_hung_up', text: 'the other side hung up' });
  }

  /** Waits; true if the call is still there then. */
  wait(delayMs: number): Promise<boolean> {
    const { switchboard, call } = this.#options;
    return new Promise((resolve) => {
      const cancel = switchboard.clock.after(delayMs, () => resolve(call.ending === null));
      call.onEnded(() => {
        cancel();
        resolve(false);
      });
    });
  }

  /** Calls the widget back, whether or not this call is still there. */
  callBack({ from, afterMs, sound }: { readonly from: string; readonly afterMs: number; readonly sound: Sound }): void {
    const { switchboard, user } = this.#options;
    switchboard.clock.after(afterMs, () => {
      void callUser(switchboard, { user, from, fromName: null, calledNumber: null, sound });
    });
  }
}
