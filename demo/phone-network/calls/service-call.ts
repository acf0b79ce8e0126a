/** A call from a widget to the network itself, as the programs of the dial plan see it. */
import { type Invitation, SessionState } from 'sip.js';
import { LegDescriptionHandler } from '../media/leg-description-handler.ts';
import { reasonOfStatus } from '../metering/ending-on-the-line.ts';
import type { MeteredCall } from '../metering/metered-call.ts';
import type { ExtraChange } from '../metering/metered-extra.ts';
import type { SipEndpoint } from '../signalling/sip-endpoint.ts';
import { ANSWER_TONES } from '../sound/answer-tones.ts';
import { codecFor, entertain, type Sound } from '../sound/entertain.ts';
import { callUser } from './call-user.ts';
import { recordingKey } from './recording-key.ts';
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
  /** Nothing before the answer. */
  #takeKey: (key: string) => void = () => undefined;

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
    const entertainment = entertain(leg, { sound, onKey: (key) => this.takeKey(key) });
    call.onEnded(entertainment.stop);
    // An echo has the caller's own codec, in which we have no tones: what nobody could hear does not begin.
    if (sound === 'echo') return;
    const onChange = (change: ExtraChange) => entertainment.interrupt(ANSWER_TONES[change]);
    this.#takeKey = recordingKey({ switchboard, call, onChange });
  }

  /** A key of the caller, from the audio or by INFO. */
  takeKey(key: string): void {
    const { switchboard, call } = this.#options;
    switchboard.onKey(call.callId, key);
    this.#takeKey(key);
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
