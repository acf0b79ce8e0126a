/** Rings every open tab of a SIP user; the first that answers has the call, the others stop ringing. */
import { type Core, type Info, type Inviter, type SessionDescriptionHandler, SessionState, URI } from 'sip.js';
import { endingHeaders, lineText, reasonOfStatus } from '../metering/ending-on-the-line.ts';
import type { CallEnding, MeteredCall } from '../metering/metered-call.ts';
import type { Binding } from '../signalling/registrar.ts';
import { endSession, tieSession } from './session-end.ts';
import { carryDialog, type Switchboard } from './switchboard.ts';

/** The edge's id of the call, so that widget and server speak of the same one. */
export const CALL_ID_HEADER = 'X-Call-Id';
const ELSEWHERE: CallEnding = { reason: 'cancelled', text: 'answered elsewhere' };

export interface RingOptions {
  readonly call: MeteredCall;
  readonly user: string;
  readonly bindings: readonly Binding[];
  readonly fromNumber: string;
  readonly fromName: string | null;
  /** Makes offers and reads answers of one tab's session. */
  readonly describe: (inviter: Inviter) => SessionDescriptionHandler;
  readonly onRinging: () => void;
  readonly onAnswered: (inviter: Inviter, response: Core.IncomingResponse) => void;
  readonly onInfo?: (info: Info) => void;
}

export function ringUser(switchboard: Switchboard, options: RingOptions): void {
  new Ringing(switchboard, options).start();
}

class Ringing {
  readonly #switchboard: Switchboard;
  readonly #options: RingOptions;
  readonly #ringing = new Set<Inviter>();
  #winner: Inviter | null = null;
  #lastRefusal = 480;

  constructor(switchboard: Switchboard, options: RingOptions) {
    this.#switchboard = switchboard;
    this.#options = options;
  }

  start(): void {
    const { call, bindings } = this.#options;
    call.onEnded((ending) => this.#stopOthers(ending));
    for (const binding of bindings) this.#ring(binding);
  }

  #ring(binding: Binding): void {
    const { call, describe, onRinging, user } = this.#options;
    const { endpoint } = binding.connection;
    const inviter = this.#createInviter(binding);
    this.#ringing.add(inviter);
    endpoint.describe(inviter, describe(inviter));
    carryDialog(this.#switchboard, { endpoint, call, user, sipCallId: inviter.request.callId });
    inviter.stateChange.addListener((state) => {
      // sip.js changes the state just before it says why.
      if (state === SessionState.Terminated) queueMicrotask(() => this.#lost(inviter));
    });
    const sending = inviter.invite({
      requestDelegate: {
        onProgress: () => {
          call.ring();
          onRinging();
        },
        onAccept: (response) => this.#answered(inviter, response),
        onReject: (response) => this.#refused(inviter, response.message.statusCode ?? 480),
      },
    });
    sending.catch(() => this.#lost(inviter));
  }

  #createInviter({ connection, contact }: Binding): Inviter {
    const { call, user, fromNumber, fromName } = this.#options;
    const { domain } = this.#switchboard;
    return connection.endpoint.createInviter(contact, {
      earlyMedia: false,
      extraHeaders: [`${CALL_ID_HEADER}: ${call.callId}`],
      params: {
        fromUri: new URI('sip', fromNumber, domain),
        fromDisplayName: lineText(fromName ?? ''),
        toUri: new URI('sip', user, domain),
      },
    });
  }

  /** The meter starts as the 200 arrives, whatever becomes of the ACK. */
  #answered(inviter: Inviter, response: Core.IncomingResponse): void {
    const { call, onAnswered, onInfo } = this.#options;
    const { onProblem, onKey } = this.#switchboard;
    this.#ringing.delete(inviter);
    if (this.#winner || call.ending) {
      endOnceEstablished(inviter, call.ending ?? ELSEWHERE, onProblem);
      return;
    }
    this.#winner = inviter;
    call.answer();
    const take = (key: string) => onKey(call.callId, key);
    tieSession(inviter, { call, onKey: take, onProblem, ...(onInfo ? { onInfo } : {}) });
    this.#stopOthers(ELSEWHERE);
    onAnswered(inviter, response);
  }

  /** Declining on one tab declines for the person; busy or gone is about the one tab. */
  #refused(inviter: Inviter, statusCode: number): void {
    this.#lastRefusal = statusCode;
    if (statusCode >= 600) this.#options.call.end({ reason: reasonOfStatus(statusCode), text: 'declined' });
    this.#lost(inviter);
  }

  #lost(inviter: Inviter): void {
    this.#ringing.delete(inviter);
    if (this.#winner || this.#ringing.size > 0) return;
    this.#options.call.end({ reason: reasonOfStatus(this.#lastRefusal), text: 'not answered' });
  }

  #stopOthers(ending: CallEnding): void {
    for (const inviter of [...this.#ringing]) {
      this.#ringing.delete(inviter);
      inviter.cancel({ extraHeaders: endingHeaders(ending) }).catch(() => undefined);
    }
  }
}

/** A 200 that crossed our CANCEL: sip.js is about to acknowledge it, then it gets a BYE. */
function endOnceEstablished(inviter: Inviter, ending: CallEnding, onProblem: Switchboard['onProblem']): void {
  inviter.stateChange.addListener((state) => {
    if (state === SessionState.Established) endSession(inviter, ending, onProblem);
  });
}
