/** The screens of a call, loaded together as soon as the first paint is done: a call must not wait for them. */
export { CallOutcome } from './call-outcome.ts';
export { CallPanel } from './call-panel.ts';
export { IncomingCall } from './incoming-call.ts';
