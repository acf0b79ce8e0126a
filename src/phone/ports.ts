/**
 * What the phone needs from the world. Adapters: src/sip (Line), src/gate (Gate), src/history (CallHistory). The phone decides;
 * ports carry out and report facts.
 */

import type { Balance, CreditRequest, LineCredentials, Me } from '../protocol/account.ts';
import type { AuthorizeRequest, CallAuthorization, CallRecord, EndReason, Quote } from '../protocol/call.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { Micros } from '../protocol/money.ts';
import type { NumberPage, NumberPurchase, NumberSearch } from '../protocol/number.ts';
import type { DialableNumber } from '../protocol/phone-number.ts';
import type { Outcome } from '../protocol/problem.ts';

export type Unsubscribe = () => void;

/** Time, so that tests can move it. Wall time is for the past, the monotonic one for intervals. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Calls back once after the delay; the returned function cancels it. */
  after(delayMs: number, callback: () => void): Unsubscribe;
}

/** The server. Refusals are returned; `unavailable` when it cannot be reached, with the true reason in the log only. */
export interface Gate {
  me(): Promise<Outcome<Me>>;
  mintLineCredentials(): Promise<Outcome<LineCredentials>>;
  balance(): Promise<Outcome<Balance>>;
  quote(query: { readonly to: string; readonly signal?: AbortSignal }): Promise<Outcome<Quote>>;
  authorizeCall(callId: string, request: AuthorizeRequest): Promise<Outcome<CallAuthorization>>;
  /** Retries by itself until the server has answered: a hold must not be forgotten. */
  releaseCall(callId: string): Promise<Outcome<CallRecord>>;
  call(callId: string): Promise<Outcome<CallRecord>>;
  searchNumbers(search: NumberSearch): Promise<Outcome<NumberPage>>;
  /** `offer`: what came with a carrier's number. */
  buyNumber(
    number: string,
    request: { readonly purchaseId: string; readonly offer?: string },
  ): Promise<Outcome<NumberPurchase>>;
  askForCredit(request: { readonly requestId: string; readonly reason: string }): Promise<Outcome<CreditRequest>>;
  creditRequests(): Promise<Outcome<{ readonly requests: readonly CreditRequest[] }>>;
  answerCreditRequest(
    requestId: string,
    answer: {
      readonly state: 'seen' | 'granted' | 'declined';
      readonly words: string | null;
      readonly addedMicros: Micros | null;
    },
  ): Promise<Outcome<CreditRequest>>;
  addPlayCredit(request: { readonly creditId: string; readonly amountMicros: Micros }): Promise<Outcome<Balance>>;
  setPause(request: { readonly isPaused: boolean }): Promise<Outcome<Balance>>;
  /** Opens the event stream and keeps it open (back-off with jitter, Last-Event-ID) until unsubscribed. */
  subscribe(listener: (event: GateEvent) => void): Unsubscribe;
}

export type GateLink = 'connecting' | 'live' | 'unreachable' | 'unauthorized';
export type GateEvent =
  | { readonly type: 'server'; readonly event: ServerEvent }
  /** Not read yet: see payment-ports.ts and alert-ports.ts. */
  | { readonly type: 'payment'; readonly content: unknown }
  | { readonly type: 'alert'; readonly content: unknown }
  | { readonly type: 'link'; readonly link: GateLink };

export type LineStatus = 'off' | 'connecting' | 'registered' | 'reconnecting' | 'failed';
/** Why the line does not work, in words of ours. */
export type LineFault = 'unreachable' | 'credentials_rejected' | 'no_webrtc' | 'insecure_context';
export type MicrophoneFault = 'denied' | 'missing' | 'in_use' | 'policy_blocked';
export type MediaQuality = 'good' | 'fair' | 'poor';

/** Facts from the line. `callId` is ours, also for inbound calls (the edge sends it in X-Call-Id). */
export type LineEvent =
  | {
      readonly type: 'line_status';
      readonly status: LineStatus;
      readonly fault: LineFault | null;
    }
  /** Microphone and ICE are ready: the INVITE can leave. */
  | { readonly type: 'prepared'; readonly callId: string }
  | {
      readonly type: 'microphone_failed';
      readonly callId: string;
      readonly fault: MicrophoneFault;
    }
  /** While talking: the microphone was unplugged and there is no other (a fault), or one is there again (null). */
  | {
      readonly type: 'microphone_changed';
      readonly callId: string;
      readonly fault: MicrophoneFault | null;
    }
  | { readonly type: 'invite_sent'; readonly callId: string }
  | { readonly type: 'ringing'; readonly callId: string }
  | { readonly type: 'answered'; readonly callId: string }
  | {
      readonly type: 'incoming';
      readonly callId: string;
      readonly number: string;
      readonly name: string;
    }
  | {
      readonly type: 'hold_changed';
      readonly callId: string;
      readonly isHeld: boolean;
    }
  | { readonly type: 'hold_failed'; readonly callId: string }
  | {
      readonly type: 'mute_changed';
      readonly callId: string;
      readonly isMuted: boolean;
    }
  /** The far side's audio plays / the browser does not let it play until a gesture. */
  | { readonly type: 'sound'; readonly isBlocked: boolean }
  | {
      readonly type: 'quality';
      readonly callId: string;
      readonly quality: MediaQuality;
      readonly level: number;
    }
  /** The signalling socket is gone and being restored; the call lives on. */
  | {
      readonly type: 'call_link';
      readonly callId: string;
      readonly isLost: boolean;
    }
  | {
      readonly type: 'ended';
      readonly callId: string;
      readonly reason: EndReason;
      /** Machine code of X-Refusal in a 402, when the edge refused. */
      readonly refusalCode: string | null;
    };

/** The SIP line. Methods are wishes; what became of them arrives as events. */
export interface Line {
  connect(): void;
  disconnect(): Promise<void>;
  /** Takes microphone and gathers ICE for an outgoing call, in parallel with the authorization. Sends nothing. */
  prepare(callId: string): void;
  /** Sends the INVITE of a prepared call. Nothing but a grant of the gate makes this possible. */
  invite(callId: string, invitation: { readonly number: DialableNumber; readonly grant: string }): void;
  answer(callId: string): void;
  decline(callId: string): void;
  /** BYE, CANCEL or giving up the preparation, whatever fits. Frees the microphone. */
  hangUp(callId: string): void;
  setMuted(callId: string, isMuted: boolean): void;
  setHeld(callId: string, isHeld: boolean): void;
  /** RFC 4733 telephone events: 0-9 * # A-D. */
  sendDigits(callId: string, digits: string): void;
  /** Plays one key tone locally. */
  playKeyTone(digit: string): void;
  playWarningTone(): void;
  /** After a gesture: resumes audio that the browser had blocked. */
  unblockSound(): void;
  subscribe(listener: (event: LineEvent) => void): Unsubscribe;
}

/** One call as this browser remembers it; written before the first request, completed when the cost is settled. */
export interface HistoryEntry {
  readonly callId: string;
  readonly personId: string;
  readonly direction: 'outbound' | 'inbound';
  readonly number: string;
  readonly destination: string;
  readonly startedAtMs: number;
  readonly durationSeconds: number;
  /** Null until the server has said what the call cost. */
  readonly costMicros: Micros | null;
  /** What the charge was made of, once the server has said it; absent where it cannot be told in one sentence. */
  readonly billedSeconds?: number;
  readonly perMinuteMicros?: Micros;
  readonly connectionFeeMicros?: Micros;
  /** The length of each billed increment, where all have the same: "13 × 1 min". */
  readonly incrementSeconds?: number;
  /** The total is more than its parts by the rounding of the tariff. */
  readonly isRoundedUp?: boolean;
  readonly currency: string;
  readonly endReason: EndReason | null;
  readonly isSettled: boolean;
}

export interface CallHistory {
  put(entry: HistoryEntry): Promise<void>;
  /** Newest first. */
  list(query: { readonly personId: string; readonly limit: number }): Promise<readonly HistoryEntry[]>;
  /** Calls whose cost this browser has not yet heard: asked for again after a reload. */
  unsettled(query: { readonly personId: string }): Promise<readonly HistoryEntry[]>;
}
