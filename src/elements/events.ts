/**
 * The DOM surface, in two kinds.
 *
 *   request  an inner element asks; it bubbles, is composed and cancelable. A host page that calls preventDefault() stops it.
 *   notice   a fact, told by <credit-phone> only; it bubbles and is composed, so that one listener serves the page.
 *
 * One event name, one dispatcher.
 */
import type { AlertWish } from '../phone/alert-snapshot.ts';
import type { AskedRequest, BillingWish, PaymentPlan } from '../phone/billing-snapshot.ts';
import type { OwnNumbersWish } from '../phone/own-numbers-snapshot.ts';
import type { CallPhase, WarningSeconds } from '../phone/phone-snapshot.ts';
import type { StatementWish } from '../phone/statement-snapshot.ts';
import type { EndReason } from '../protocol/call.ts';
import type { CreditLevel } from '../protocol/credit-level.ts';
import type { Micros } from '../protocol/money.ts';
import type { NumberSearch } from '../protocol/number.ts';
import type { PaymentKind } from '../protocol/payment.ts';
import type { Refusal } from '../protocol/problem.ts';

export type NoDetail = Readonly<Record<string, never>>;

export interface CreditPhoneRequests {
  /** The dial pad: call this number. */
  'credit-phone-dial-request': { readonly to: string };
  /** The dial pad: this is in the field now; the quote follows. */
  'credit-phone-type-request': { readonly text: string };
  /** The key pad: one key was pressed, before or in a call. */
  'credit-phone-key-request': { readonly digit: string };
  /** The history: call this number again. */
  'credit-phone-redial-request': { readonly to: string };
  /** The end or refusal of a call: put the number back into the field. */
  'credit-phone-call-back-request': { readonly to: string };
  /** The end or refusal of a call was read. */
  'credit-phone-dismiss-request': NoDetail;
  'credit-phone-answer-request': { readonly callId: string };
  'credit-phone-decline-request': { readonly callId: string };
  'credit-phone-hang-up-request': NoDetail;
  'credit-phone-mute-request': { readonly isMuted: boolean };
  'credit-phone-hold-request': { readonly isHeld: boolean };
  /** A click to let the browser play sound. */
  'credit-phone-sound-request': NoDetail;
  /** The one button that puts a lack of credit right: opens "Ask for credit" or, for admins, "Add credit". */
  'credit-phone-fix-request': { readonly isAdmin: boolean };
  /** The menu: open this. */
  'credit-phone-open-request': { readonly view: 'keys' | 'ask' | 'credit' | 'numbers' };
  /** A view that lies over the stage (keys, ask) was closed. */
  'credit-phone-close-request': NoDetail;
  'credit-phone-ask-request': { readonly reason: string };
  'credit-phone-search-request': { readonly search: NumberSearch };
  'credit-phone-more-numbers-request': NoDetail;
  'credit-phone-buy-request': { readonly number: string };
  /** Own numbers: the list, assignments, releases and restorations. */
  'credit-phone-own-numbers-request': { readonly wish: OwnNumbersWish };
  /** Which own number the next calls show; null: the first there is. */
  'credit-phone-caller-request': { readonly number: string | null };
  'credit-phone-add-credit-request': { readonly amountMicros: Micros };
  'credit-phone-pause-request': { readonly isPaused: boolean };
  /** Cards, payments, auto-recharge. Where the provider is simulated, the test card is in it; a real one never comes here. */
  'credit-phone-billing-request': { readonly wish: BillingWish };
  /** What admins were told, and the mails about it. */
  'credit-phone-alert-request': { readonly wish: AlertWish };
  /** Where the credit went: months, lines, files. */
  'credit-phone-statement-request': { readonly wish: StatementWish };
  /** An admin answers an agent's request by adding credit. */
  'credit-phone-grant-request': { readonly requestId: string; readonly amountMicros: Micros };
  /** An admin wants to add credit for an agent's request: leads to the Credit tab of that office; the payment answers the request. */
  'credit-phone-answer-by-adding-request': AskedRequest;
  /** An admin pays at once for an agent's request. */
  'credit-phone-pay-for-request': { readonly asked: AskedRequest; readonly plan: PaymentPlan };
  /** An admin answers an agent's request with "not now"; `words` tell why. */
  'credit-phone-refuse-request': { readonly requestId: string; readonly words: string | null };
}
export type RequestName = keyof CreditPhoneRequests;

export interface CreditPhoneNotices {
  /** The server let this widget in. */
  'credit-phone-ready': { readonly name: string; readonly officeId: string; readonly extension: string };
  /** A call began, moved on or is gone (callId null). */
  'credit-phone-call-change': {
    readonly callId: string | null;
    readonly status: CallPhase | 'none';
    readonly direction: 'outbound' | 'inbound' | null;
    readonly number: string | null;
  };
  'credit-phone-call-ended': {
    readonly callId: string;
    readonly number: string;
    readonly reason: EndReason;
    readonly talkSeconds: number;
    readonly costMicros: Micros;
    readonly currency: string;
    readonly isCostSettled: boolean;
  };
  /** The call was not made; `refusal` is null when the microphone was the reason. Nothing was charged. */
  'credit-phone-call-refused': {
    readonly callId: string;
    readonly number: string;
    readonly refusal: Refusal | null;
  };
  'credit-phone-balance-change': {
    readonly availableMicros: Micros;
    readonly heldMicros: Micros;
    readonly currency: string;
    readonly level: CreditLevel;
  };
  /** The level fell to low or critical. Once per crossing. */
  'credit-phone-credit-low': { readonly level: 'low' | 'critical'; readonly availableMicros: Micros };
  'credit-phone-credit-empty': { readonly officeId: string };
  /** A payment was seen to succeed, made here, by another admin or by auto-recharge. Once for each; to admins of the office only. */
  'credit-phone-topup-done': {
    readonly paymentId: string;
    readonly officeId: string;
    readonly kind: PaymentKind;
    readonly amountMicros: Micros;
    readonly currency: string;
  };
  /** 120, 60 and 30 seconds before the credit of the running call is used up. */
  'credit-phone-call-ending-soon': { readonly callId: string; readonly warningSeconds: WarningSeconds };
  /** This agent has asked its admins for credit. */
  'credit-phone-ask-for-credit': { readonly requestId: string; readonly reason: string };
  /** The widget cannot work: not let in, no line, no microphone, a part that could not be loaded. */
  'credit-phone-error': { readonly code: string };
}
export type NoticeName = keyof CreditPhoneNotices;

export type RequestEvents = { [Name in RequestName]: CustomEvent<CreditPhoneRequests[Name]> };
export type NoticeEvents = { [Name in NoticeName]: CustomEvent<CreditPhoneNotices[Name]> };

export function requestEvent<Name extends RequestName>(name: Name, detail: CreditPhoneRequests[Name]): CustomEvent {
  return new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true });
}

export function noticeEvent<Name extends NoticeName>(name: Name, detail: CreditPhoneNotices[Name]): CustomEvent {
  return new CustomEvent(name, { detail, bubbles: true, composed: true });
}

declare global {
  interface GlobalEventHandlersEventMap extends RequestEvents, NoticeEvents {}
}
