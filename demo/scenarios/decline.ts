import { micros } from '../../src/protocol/money.ts';
import { DOLLAR, type Scenario } from './scenario.ts';

const TWENTY_FIVE = micros(25 * DOLLAR);
/** Test cards: can be saved and is declined then; pays. */
const DECLINED = '4000000000000341';
const GOOD = '4242424242424242';

export const DECLINE: Scenario = {
  id: 'decline',
  title: 'The card is declined',
  why: 'What happens to credit, and what is charged, when the bank says no?',
  steps: [
    {
      say: 'The office has 1 dollar. Dana saves a card that the bank will decline.',
      look: 'The credit: $1.00. Saving a card charges nothing.',
      act: async (world) => {
        await world.haveCredit(DOLLAR);
        await world.saveCard(DECLINED);
      },
      expect: { balance: DOLLAR, payment: null },
    },
    {
      say: 'She pays 25 dollars with it.',
      look: 'Payments: "Not paid", Visa ··0341, with the reason. The credit has not changed.',
      act: (world) => world.payWithSavedCard(TWENTY_FIVE),
      expect: { payment: 'failed', paid: 0, balance: DOLLAR },
    },
    {
      say: 'Sam can still call with what is there.',
      look: 'The credit that is held.',
      act: (world) => world.call('600'),
      expect: { call: 'talking', balance: DOLLAR },
    },
    {
      say: 'He hangs up after 10 seconds.',
      look: '15 cents are taken: 5 for the connection, 10 for the seconds.',
      act: async (world) => {
        await world.pass(10);
        await world.hangUp();
      },
      expect: { call: 'over', callCost: 0.15 * DOLLAR, balance: 0.85 * DOLLAR, held: 0 },
    },
    {
      say: 'Dana saves a good card and pays again.',
      look: 'Payments: the second one is paid; $25.00 more, once.',
      act: async (world) => {
        await world.saveCard(GOOD);
        await world.payWithSavedCard(TWENTY_FIVE);
      },
      expect: { payment: 'succeeded', paid: 1, balance: 25.85 * DOLLAR },
    },
  ],
};
