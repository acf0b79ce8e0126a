/**
 * What the elements see: one frozen object, replaced as a whole. Every value is a fact confirmed by server or line, except
 * where the name says otherwise.
 */

import type { Balance, CreditRequest, Me } from '../protocol/account.ts';
import type { EndReason, Quote } from '../protocol/call.ts';
import type { CreditLevel } from '../protocol/credit-level.ts';
import type { Micros } from '../protocol/money.ts';
import type { ShopNumber } from '../protocol/number.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { AlertsSnapshot, AlertWish } from './alert-snapshot.ts';
import type { BillingSnapshot, BillingWish, OfficesSnapshot } from './billing-snapshot.ts';
import type { OwnNumbersSnapshot, OwnNumbersWish } from './own-numbers-snapshot.ts';
import type { GateLink, HistoryEntry, LineFault, LineStatus, MediaQuality, MicrophoneFault } from './ports.ts';
import type { StatementSnapshot, StatementWish } from './statement-snapshot.ts';

export type CallPhase =
  /** Gate and microphone are at work; nothing is on the wire. */
  | 'authorizing'
  /** INVITE sent. */
  | 'dialing'
  | 'ringing'
  /** Somebody calls us. */
  | 'incoming'
  | 'answering'
  | 'talking'
  | 'hanging_up'
  /** Over; shown until dismissed. */
  | 'ended'
  /** The gate, the edge or the microphone said no; shown until dismissed. */
  | 'refused';

/** Seconds of credit left at which the agent is warned. */
export const WARNING_SECONDS = [120, 60, 30] as const;
export type WarningSeconds = (typeof WARNING_SECONDS)[number];

export interface CallSnapshot {
  readonly callId: string;
  readonly phase: CallPhase;
  readonly direction: 'outbound' | 'inbound';
  readonly number: string;
  /** Name or destination: "Dana Whitfield", "Germany, mobile". */
  readonly label: string;
  readonly isFree: boolean;
  readonly perMinuteMicros: Micros;
  readonly currency: string;
  /** Whole seconds since the answer. */
  readonly talkSeconds: number;
  /** price.ts for the seconds so far while talking; the settled charge once the server has said it. */
  readonly costMicros: Micros;
  readonly isCostSettled: boolean;
  /** Until the credit or the final lease ends; null while unlimited or unknown. */
  readonly secondsLeft: number | null;
  readonly warning: WarningSeconds | null;
  /** Credit arrived while a warning stood. */
  readonly wasExtended: boolean;
  readonly isMuted: boolean;
  readonly isHeld: boolean;
  readonly isLinkLost: boolean;
  readonly quality: MediaQuality | null;
  /** Last audio levels, 0 to 1, newest last, at most 24. */
  readonly levels: readonly number[];
  readonly endReason: EndReason | null;
  readonly refusal: Refusal | null;
  /** Why the call was not made; while talking, why nobody hears us any more. */
  readonly microphoneFault: MicrophoneFault | null;
}

export type QuoteSnapshot =
  | { readonly state: 'none' }
  | { readonly state: 'loading'; readonly to: string }
  | { readonly state: 'known'; readonly to: string; readonly quote: Quote }
  | {
      readonly state: 'refused';
      readonly to: string;
      readonly refusal: Refusal;
    };

export type ShopSnapshot =
  | { readonly state: 'unopened' | 'loading' }
  | { readonly state: 'failed'; readonly refusal: Refusal }
  | {
      readonly state: 'full';
      readonly numbers: readonly ShopNumber[];
      readonly isMoreThere: boolean;
      /** The number that is being bought, and the last that was bought or refused. */
      readonly buying: string | null;
      readonly bought: string | null;
      readonly refusal: Refusal | null;
    };

export interface PhoneSnapshot {
  readonly me: Me | null;
  /** Set when the server refused to let this widget in (token, switched off). */
  readonly signInRefusal: Refusal | null;
  readonly gateLink: GateLink;
  readonly lineStatus: LineStatus;
  readonly lineFault: LineFault | null;
  readonly isSoundBlocked: boolean;
  readonly balance: Balance | null;
  readonly creditLevel: CreditLevel | 'unknown';
  /** Amount of the last credit that arrived, until the next balance change; for "credit added". */
  readonly creditArrivedMicros: Micros | null;
  readonly dialled: string;
  readonly quote: QuoteSnapshot;
  readonly call: CallSnapshot | null;
  /** A second call that comes in while one runs. */
  readonly waiting: CallSnapshot | null;
  readonly history: readonly HistoryEntry[];
  readonly isHistoryLoaded: boolean;
  readonly missed: readonly {
    readonly number: string;
    readonly atMs: number;
  }[];
  readonly shop: ShopSnapshot;
  readonly ownNumbers: OwnNumbersSnapshot;
  /** The own number that the next call shows, as it was chosen; null: the first there is. */
  readonly callerNumber: string | null;
  /** This agent's last request, or for admins the open ones of the office. */
  readonly creditRequests: readonly CreditRequest[];
  readonly askRefusal: Refusal | null;
  /** What admins were told; nothing for those who do not manage credit. */
  readonly alerts: AlertsSnapshot;
  /** Card, payments and auto-recharge; 'unopened' for those who do not manage credit. */
  readonly billing: BillingSnapshot;
  readonly offices: OfficesSnapshot;
  /** Where the credit went; unopened for those who do not manage credit. */
  readonly statement: StatementSnapshot;
  readonly isAddingCredit: boolean;
  readonly addCreditRefusal: Refusal | null;
}

/** What elements and host pages may ask of the phone. */
export interface Phone {
  readonly snapshot: PhoneSnapshot;
  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void;
  /** What is in the dial field; the quote follows by itself. */
  setDialled(text: string): void;
  dial(text: string): void;
  answer(callId: string): void;
  decline(callId: string): void;
  hangUp(): void;
  setMuted(isMuted: boolean): void;
  setHeld(isHeld: boolean): void;
  pressKey(digit: string): void;
  dismissCall(): void;
  unblockSound(): void;
  searchNumbers(search: import('../protocol/number.ts').NumberSearch): void;
  searchMoreNumbers(): void;
  buyNumber(number: string): void;
  /** Own numbers: what is paid, to whom they are assigned; releasing and restoring them. */
  askOwnNumbers(wish: OwnNumbersWish): void;
  /** Which of `me.callerNumbers` is shown to whoever is called from this browser; null: the first. */
  chooseCaller(number: string | null): void;
  askForCredit(reason: string): void;
  answerCreditRequest(
    requestId: string,
    answer: {
      readonly state: 'seen' | 'declined';
      readonly words: string | null;
    },
  ): void;
  /** Grants a request by adding play credit, or adds it unasked (requestId null). */
  addPlayCredit(amountMicros: Micros, options: { readonly requestId: string | null }): void;
  setPause(isPaused: boolean): void;
  /** Cards, payments and auto-recharge. Does nothing for those who do not manage credit: the server would refuse it. */
  askBilling(wish: BillingWish): void;
  /** Alerts and the mails about them. As for billing. */
  askAlerts(wish: AlertWish): void;
  /** Statements of the office that billing shows. As for billing. */
  askStatement(wish: StatementWish): void;
  /** Ends calls, unregisters, closes streams. */
  close(): Promise<void>;
}
