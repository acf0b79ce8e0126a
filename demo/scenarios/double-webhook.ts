import { micros } from '../../src/protocol/money.ts';
import { DOLLAR, type Scenario } from './scenario.ts';

const TEN = micros(10 * DOLLAR);

export const DOUBLE_WEBHOOK: Scenario = {
  id: 'double-webhook',
  title: 'The report of a payment comes twice',
  why: 'Is credit given twice when the provider tells twice?',
  steps: [
    {
      say: 'From now on the payment provider reports everything twice. The office has 1 dollar.',
      look: 'The credit.',
      act: async (world) => {
        await world.haveCredit(DOLLAR);
        await world.setReports('twice');
      },
      expect: { balance: DOLLAR },
    },
    {
      say: 'Dana gives a card for 10 dollars and closes the page; the reports tell what became of it.',
      look: 'The credit rises by $10.00, once. Payments: one.',
      act: (world) => world.payAndCloseThePage(TEN, '4242424242424242'),
      expect: { payment: 'succeeded', paid: 1, balance: 11 * DOLLAR },
    },
    {
      say: 'She pays 10 dollars once more, with the reports as before.',
      look: '$21.00: once for each payment.',
      act: (world) => world.payAndCloseThePage(TEN, '4242424242424242'),
      expect: { payment: 'succeeded', paid: 2, balance: 21 * DOLLAR },
    },
  ],
};
