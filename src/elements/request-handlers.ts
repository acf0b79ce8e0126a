import type { Phone } from '../phone/phone-snapshot.ts';
import type { CreditPhoneRequests, RequestName } from './events.ts';

/** What of the frame a request may change. */
export interface PhoneFrame {
  openView(view: 'keys' | 'ask' | 'credit' | 'numbers'): void;
  closeView(): void;
  showPhone(): void;
  /** Lets a screen reader say time, cost and time left of the call. False when there is none. */
  sayCost(): boolean;
}

type Handlers = {
  readonly [Name in RequestName]: (phone: Phone, detail: CreditPhoneRequests[Name], frame: PhoneFrame) => void;
};

/** What each request of an inner element makes the phone or the frame do, unless the host page has prevented it. */
const REQUEST_HANDLERS: Handlers = {
  'credit-phone-dial-request': (phone, { to }) => phone.dial(to),
  'credit-phone-type-request': (phone, { text }) => phone.setDialled(text),
  'credit-phone-key-request': (phone, { digit }) => {
    if (digit !== '+') phone.pressKey(digit);
  },
  'credit-phone-redial-request': (phone, { to }, frame) => {
    frame.showPhone();
    phone.dial(to);
  },
  'credit-phone-call-back-request': (phone, { to }) => {
    phone.dismissCall();
    phone.setDialled(to);
  },
  'credit-phone-dismiss-request': (phone) => phone.dismissCall(),
  'credit-phone-answer-request': (phone, { callId }, frame) => {
    frame.showPhone();
    phone.answer(callId);
  },
  'credit-phone-decline-request': (phone, { callId }) => phone.decline(callId),
  'credit-phone-hang-up-request': (phone) => phone.hangUp(),
  'credit-phone-mute-request': (phone, { isMuted }) => phone.setMuted(isMuted),
  'credit-phone-hold-request': (phone, { isHeld }) => phone.setHeld(isHeld),
  'credit-phone-sound-request': (phone) => phone.unblockSound(),
  'credit-phone-fix-request': (_phone, { isAdmin }, frame) => frame.openView(isAdmin ? 'credit' : 'ask'),
  'credit-phone-open-request': (_phone, { view }, frame) => frame.openView(view),
  'credit-phone-close-request': (_phone, _detail, frame) => frame.closeView(),
  'credit-phone-ask-request': (phone, { reason }) => phone.askForCredit(reason),
  'credit-phone-search-request': (phone, { search }) => phone.searchNumbers(search),
  'credit-phone-more-numbers-request': (phone) => phone.searchMoreNumbers(),
  'credit-phone-buy-request': (phone, { number }) => phone.buyNumber(number),
  'credit-phone-own-numbers-request': (phone, { wish }) => phone.askOwnNumbers(wish),
  'credit-phone-caller-request': (phone, { number }) => phone.chooseCaller(number),
  'credit-phone-add-credit-request': (phone, { amountMicros }) =>
    phone.addPlayCredit(amountMicros, { requestId: null }),
  'credit-phone-pause-request': (phone, { isPaused }) => phone.setPause(isPaused),
  'credit-phone-billing-request': (phone, { wish }) => phone.askBilling(wish),
  'credit-phone-alert-request': (phone, { wish }) => phone.askAlerts(wish),
  'credit-phone-statement-request': (phone, { wish }) => phone.askStatement(wish),
  'credit-phone-grant-request': (phone, { requestId, amountMicros }) =>
    phone.addPlayCredit(amountMicros, { requestId }),
  'credit-phone-answer-by-adding-request': (phone, asked, frame) => {
    phone.askBilling({ type: 'answer_request', asked });
    frame.openView('credit');
  },
  // Paid or refused, or the bank asks: the Credit tab says so.
  'credit-phone-pay-for-request': (phone, { asked, plan }, frame) => {
    phone.askBilling({ type: 'grant_request', asked, plan });
    frame.openView('credit');
  },
  'credit-phone-refuse-request': (phone, { requestId, words }) =>
    phone.answerCreditRequest(requestId, { state: 'declined', words }),
};

/** Carries out one request event. */
export function handleRequest(event: Event, phone: Phone, frame: PhoneFrame): void {
  const name = event.type as RequestName;
  // The table above pairs each name with the handler of its detail; TypeScript can't follow that pairing through a lookup.
  const handler = REQUEST_HANDLERS[name] as (phone: Phone, detail: unknown, frame: PhoneFrame) => void;
  handler(phone, event instanceof CustomEvent ? event.detail : null, frame);
}

export const REQUEST_NAMES = Object.keys(REQUEST_HANDLERS);
