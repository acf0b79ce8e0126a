import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';

/** What is drawn before there is a phone: an empty pad, credit not yet known. */
export const UNCONNECTED_SNAPSHOT: PhoneSnapshot = Object.freeze<PhoneSnapshot>({
  me: null,
  signInRefusal: null,
  gateLink: 'connecting',
  lineStatus: 'off',
  lineFault: null,
  isSoundBlocked: false,
  balance: null,
  creditLevel: 'unknown',
  creditArrivedMicros: null,
  dialled: '',
  quote: { state: 'none' },
  call: null,
  waiting: null,
  history: [],
  isHistoryLoaded: false,
  missed: [],
  shop: { state: 'unopened' },
  creditRequests: [],
  askRefusal: null,
  isAddingCredit: false,
  addCreditRefusal: null,
});
