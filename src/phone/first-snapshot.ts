import { NO_ALERTS } from './alert-snapshot.ts';
import type { PhoneSnapshot } from './phone-snapshot.ts';

/** What a phone shows before it knows anything, and an element before it has a phone. */
export const FIRST_SNAPSHOT = Object.freeze<PhoneSnapshot>({
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
  ownNumbers: { state: 'unopened' },
  callerNumber: null,
  creditRequests: [],
  askRefusal: null,
  alerts: NO_ALERTS,
  billing: { state: 'unopened' },
  offices: { choices: [], other: null },
  statement: { forecast: null, usage: { state: 'unopened' } },
  isAddingCredit: false,
  addCreditRefusal: null,
});
