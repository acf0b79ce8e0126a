/** A call for us. It rings until it is answered, declined or given up by the caller. */
import type { Invitation } from 'sip.js';
import { SessionState } from 'sip.js';
import { callIdSchema } from '../protocol/call.ts';
import { randomUuid } from './random-uuid.ts';
import { SipCall, type SipCallOptions } from './sip-call.ts';

/** The edge's name for the call, so that server, edge and widget speak of the same one. */
const CALL_ID_HEADER = 'X-Call-Id';
const BUSY_HERE = 486;
const DECLINE = 603;
const NO_MICROPHONE = 480;

export function callIdOf(invitation: Invitation): string {
  const given = callIdSchema.safeParse(invitation.request.getHeader(CALL_ID_HEADER));
  return given.success ? given.data : randomUuid();
}

/** One call may run and one may wait; a third is busy. */
export function refuseAsBusy(invitation: Invitation): void {
  void invitation.reject({ statusCode: BUSY_HERE });
}

export class IncomingCall extends SipCall {
  readonly #invitation: Invitation;
  #isAnswering = false;

  constructor(invitation: Invitation, options: SipCallOptions) {
    super(options);
    this.#invitation = invitation;
  }

  get isRinging(): boolean {
    return !this.isOver && !this.#isAnswering;
  }

  ring(): void {
    this.follow(this.#invitation, 'called');
    this.#invitation.delegate = { ...this.#invitation.delegate, onCancel: () => this.finish('cancelled') };
    void this.#invitation.progress({ statusCode: 180 });
    const { uri, displayName } = this.#invitation.remoteIdentity;
    this.options.report({
      type: 'incoming',
      callId: this.callId,
      number: uri.user ?? '',
      name: displayName ?? '',
    });
  }

  async answer(): Promise<void> {
    if (this.#isAnswering || this.isOver) return;
    this.#isAnswering = true;
    const media = await this.openMedia();
    if (media === null) {
      if (!this.isOver) this.#refuse(NO_MICROPHONE);
      return;
    }
    this.options.connection.attach(this.#invitation, media);
    try {
      await this.#invitation.accept();
    } catch (error) {
      // Given up by the caller, or by us, while the answer was made.
      this.options.log('the call could not be answered', { error: String(error) });
      this.finish('failed');
    }
  }

  decline(): void {
    if (this.isOver || this.isAnswered) return;
    this.finish('declined');
    this.#refuse(DECLINE);
  }

  hangUp(): void {
    if (this.isOver) return;
    if (this.isAnswered) {
      this.finish('hung_up');
      void this.sayGoodbye();
    } else this.decline();
  }

  #refuse(statusCode: number): void {
    const { state } = this.#invitation;
    if (state === SessionState.Initial || state === SessionState.Establishing) {
      void this.#invitation.reject({ statusCode });
    }
    this.giveUp();
  }
}
