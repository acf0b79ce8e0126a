import { DOLLAR, type Scenario } from './scenario.ts';

/** Echo: 0.60 a minute, by the second, and 0.05 for the connection. */
export const DRAIN: Scenario = {
  id: 'drain',
  title: 'Credit runs out in a call',
  why: 'Does a call ever cost more than the credit there is?',
  steps: [
    {
      say: 'The office has 30 cents left.',
      look: 'The credit on the phone, in the bar on top.',
      act: (world) => world.haveCredit(0.3 * DOLLAR),
      expect: { available: 0.3 * DOLLAR, held: 0 },
    },
    {
      say: 'Sam calls the echo: 5 cents for the connection, then 1 cent a second. All that is left is enough for 25 seconds.',
      look: '"held": what the call may use is set aside before it is used.',
      act: (world) => world.call('600'),
      expect: { call: 'talking', balance: 0.3 * DOLLAR },
    },
    {
      say: '10 seconds go by.',
      look: 'Nothing is taken yet; it is only held.',
      act: (world) => world.pass(10),
      expect: { call: 'talking', balance: 0.3 * DOLLAR },
    },
    {
      say: '20 more seconds go by. After 25 the edge has cut the call, because nothing was paid for more.',
      look: 'The credit is $0.00, not below. Under History the call stands with what it cost.',
      act: (world) => world.pass(20),
      expect: { call: 'over', callSeconds: 25, callCost: 0.3 * DOLLAR, balance: 0, held: 0 },
    },
    {
      say: 'Sam tries again.',
      look: 'Refused before anything rings: there is no credit.',
      act: (world) => world.call('600'),
      expect: { call: 'refused', refusal: 'no_credit', balance: 0, held: 0 },
    },
  ],
};
