/** What the network's own numbers do. All prices are the server's; this only decides who picks up. */
import { isE164 } from '../../../src/protocol/phone-number.ts';
import { isEmergencyNumber } from './emergency-numbers.ts';
import type { ServiceCall } from './service-call.ts';

export type Program = (call: ServiceCall) => Promise<void> | void;

const SHORT_RING_MS = 3_000;
const SUBSCRIBER_RING_MS = 2_000;
const HANG_UP_AFTER_MS = 20_000;
const DECLINE_AFTER_MS = 2_000;
const CALL_BACK_AFTER_MS = 2_000;
const WORD_BEFORE_CALL_BACK_MS = 2_500;

/** Number, what it does, and a line for the demo page. */
export const SERVICES: Readonly<Record<string, { readonly title: string; readonly run: Program }>> = {
  600: { title: 'Echo: say something and hear it', run: (call) => call.answer('echo') },
  601: { title: 'Melody; star and one begin and end a recording', run: (call) => call.answer('melody') },
  602: { title: 'Busy', run: (call) => call.refuse({ statusCode: 486, text: 'Busy Here' }) },
  603: { title: 'Rings, nobody answers', run: (call) => call.ring() },
  604: {
    title: 'Declines after two seconds',
    run: async (call) => {
      await call.ring();
      if (await call.wait(DECLINE_AFTER_MS)) call.refuse({ statusCode: 603, text: 'Decline' });
    },
  },
  605: {
    title: 'Rings three seconds, then answers',
    run: (call) => ringAndAnswer(call, { ringMs: SHORT_RING_MS }),
  },
  606: {
    title: 'Answers and hangs up after 20 seconds',
    run: async (call) => {
      await call.answer('melody');
      if (await call.wait(HANG_UP_AFTER_MS)) call.hangUp();
    },
  },
  607: {
    title: 'Hangs up and calls you back',
    run: async (call) => {
      await call.answer('melody');
      if (await call.wait(WORD_BEFORE_CALL_BACK_MS)) call.hangUp();
      call.callBack({ from: '607', afterMs: CALL_BACK_AFTER_MS, sound: 'melody' });
    },
  },
};

/** The demo cannot reach emergency services, and it says so instead of ringing. */
const noEmergencyService: Program = (call) =>
  call.refuse({ statusCode: 503, text: 'This demo has no emergency service' });
const unknownNumber: Program = (call) => call.refuse({ statusCode: 404, text: 'Not Found' });

/** Any E.164 number is a subscriber who likes music; the price is the real one of the deck. */
const subscriber: Program = (call) => ringAndAnswer(call, { ringMs: SUBSCRIBER_RING_MS });

export function programOf(number: string): Program {
  if (isEmergencyNumber(number)) return noEmergencyService;
  const service = Object.hasOwn(SERVICES, number) ? SERVICES[number] : undefined;
  if (service) return service.run;
  return isE164(number) ? subscriber : unknownNumber;
}

async function ringAndAnswer(call: ServiceCall, { ringMs }: { readonly ringMs: number }): Promise<void> {
  await call.ring();
  if (await call.wait(ringMs)) await call.answer('melody_then_echo');
}
