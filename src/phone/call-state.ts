/**
 * The life of one call in the browser.
 *
 *        dial                                           an INVITE comes in
 *         │                                                     │
 *         ▼       a grant AND microphone + ICE                  ▼
 *   ┌─authorizing ──────────────► dialing ──► ringing        incoming ──► answering
 *   │     │                          │           │              │             │
 *   │     │ hang up                  └─────┬─────┘              │             │
 *   │     │                             answered ──► talking ◄──┼─────────────┘
 *   │     │                                │            │       │
 *   │     │                           hang up      hang up   decline
 *   │ no grant,                            ▼            ▼       ▼
 *   │ no microphone                        hanging_up ──────────┐
 *   ▼     │                                       │ line ended  │
 *  refused│◄── 402 from the edge (dialing, ringing)             │
 *         ▼                                       ▼             ▼
 *         └───────────────────────────────────► ended ◄─────────┘   (any living phase: line ended, server settled)
 *
 * In ended and refused the call is over for the person, but perhaps not for the money: `settlement` says what is open.
 */
import type { CallAuthorization, CallRecord, EndReason, Lease } from '../protocol/call.ts';
import type { Micros } from '../protocol/money.ts';
import type { DialableNumber } from '../protocol/phone-number.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { Tariff } from '../protocol/rate.ts';
import type { CallCredit, CallMeter } from './call-clock.ts';
import type { MediaQuality, MicrophoneFault } from './ports.ts';

export type CallState = CallFacts & CallProgress;

/** What is known of a call in every phase. */
export interface CallFacts {
  readonly callId: string;
  readonly direction: 'outbound' | 'inbound';
  /** As typed until the server has read it. */
  readonly number: string;
  readonly label: string;
  /** Wall clock of this browser, and its monotonic clock, when the call began. */
  readonly startedAtMs: number;
  readonly bornAtMs: number;
  readonly terms: CallTerms | null;
  /** The server's last record. */
  readonly record: CallRecord | null;
  readonly credit: CallCredit | null;
  /** Null until the call is answered; stands still from the end on. */
  readonly meter: CallMeter | null;
  readonly media: CallMedia;
}

/** What the server has said about the price. */
export interface CallTerms {
  readonly isFree: boolean;
  readonly perMinuteMicros: Micros;
  readonly currency: string;
  readonly tariff: Tariff | null;
  readonly lease: Lease | null;
}

export interface CallMedia {
  readonly isMuted: boolean;
  readonly isHeld: boolean;
  readonly isLinkLost: boolean;
  /** Nobody hears us: the microphone went away during the call. */
  readonly microphoneFault: MicrophoneFault | null;
  readonly quality: MediaQuality | null;
  readonly levels: readonly number[];
}

export const SILENT_MEDIA: CallMedia = {
  isMuted: false,
  isHeld: false,
  isLinkLost: false,
  microphoneFault: null,
  quality: null,
  levels: [],
};

export type CallProgress =
  | {
      readonly phase: 'authorizing';
      readonly authorization: CallAuthorization | null;
      /** Microphone and ICE are ready. */
      readonly isPrepared: boolean;
    }
  | { readonly phase: 'dialing' | 'ringing' | 'incoming' | 'answering' | 'talking' | 'hanging_up' }
  | { readonly phase: 'ended'; readonly endReason: EndReason; readonly settlement: Settlement }
  | { readonly phase: 'refused'; readonly cause: RefusalCause; readonly settlement: Settlement };

export type RefusalCause =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'microphone'; readonly fault: MicrophoneFault };

export type Settlement =
  /** The answer to the authorization is still to come; a grant must be given back at once. */
  | 'authorizing'
  /** The server holds or charges something for this call and has not yet said what it comes to. */
  | 'awaited'
  /** Nothing was held, or the server has said what the call cost. */
  | 'done';

/** What happened. `atMs` is the monotonic clock of this browser. */
export type CallEvent = { readonly atMs: number } & (
  | PersonEvent
  | GateAnswer
  | LineReport
  | { readonly type: 'grant_expired' | 'hang_up_overdue' | 'tick' }
);

/** An event without its moment, which the phone adds. */
export type UntimedCallEvent = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

type PersonEvent =
  | { readonly type: 'hang_up' | 'answer' }
  | { readonly type: 'set_muted'; readonly isMuted: boolean }
  | { readonly type: 'set_held'; readonly isHeld: boolean }
  | { readonly type: 'press_key'; readonly digit: string };

type GateAnswer =
  | { readonly type: 'authorized'; readonly authorization: CallAuthorization }
  | { readonly type: 'authorization_refused'; readonly refusal: Refusal }
  | { readonly type: 'recorded'; readonly record: CallRecord }
  /** The server does not know the call: nothing was held, nothing will be charged. */
  | { readonly type: 'unrecorded' }
  | { readonly type: 'credit_changed'; readonly credit: CallCredit };

type LineReport =
  | { readonly type: 'prepared' | 'ringing' | 'answered' }
  | { readonly type: 'microphone_failed'; readonly fault: MicrophoneFault }
  | { readonly type: 'media_changed'; readonly media: Partial<Omit<CallMedia, 'levels'>> }
  | { readonly type: 'level_measured'; readonly quality: MediaQuality; readonly level: number }
  | { readonly type: 'line_ended'; readonly reason: EndReason; readonly refusalCode: string | null };

/** What the world is asked to do about it. */
export type CallEffect =
  | { readonly type: 'write_history' }
  | { readonly type: 'authorize'; readonly to: string }
  | { readonly type: 'release_call' }
  /** Ask the server for its record: terms of an incoming call, or the charge of one that has ended. */
  | { readonly type: 'ask_record' }
  | { readonly type: 'prepare' | 'answer_line' | 'decline_line' | 'hang_up_line' }
  | { readonly type: 'invite'; readonly number: DialableNumber; readonly grant: string }
  | { readonly type: 'set_muted'; readonly isMuted: boolean }
  | { readonly type: 'set_held'; readonly isHeld: boolean }
  | { readonly type: 'send_digits'; readonly digits: string }
  | { readonly type: 'play_warning' }
  | { readonly type: 'wake_after'; readonly delayMs: number; readonly event: 'grant_expired' | 'hang_up_overdue' };

/** The call after an event, and what it asks for. */
export interface CallStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

export function step(state: CallState, ...effects: readonly CallEffect[]): CallStep {
  return { state, effects };
}

/** A call that is over for the person. */
export type OverCall = Extract<CallState, { phase: 'ended' | 'refused' }>;

export function isOver(state: CallState): state is OverCall {
  return state.phase === 'ended' || state.phase === 'refused';
}

/** The call is over for the money too. */
export function isSettled(state: CallState): boolean {
  return isOver(state) && state.settlement === 'done';
}

/** A record after which the server changes nothing more. */
export function isFinalRecord(record: CallRecord): boolean {
  return record.status === 'settled' || record.status === 'released' || record.status === 'refused';
}
