/**
 * What is needed once there is a phone: price tag, screens of a call, notices. Loaded together, right after the first paint: a call must
 * not wait for them.
 */
export { BackButton } from './back-button.ts';
export { CallOutcome } from './call-outcome.ts';
export { CallPanel } from './call-panel.ts';
export { CallQuote } from './call-quote.ts';
export { FixButton } from './fix-button.ts';
export { IncomingCall } from './incoming-call.ts';
export { NoticeLine } from './notice-line.ts';
