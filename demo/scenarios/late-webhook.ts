import { micros } from '../../src/protocol/money.ts';
import { DOLLAR, type Scenario } from './scenario.ts';

const TEN = micros(10 * DOLLAR);

export const LATE_WEBHOOK: Scenario = {
  id: 'late-webhook',
  title: 'The report of a payment comes late',
  why: 'Is money lost when the page is closed before the answer, and the report takes its time?',
  steps: [
    {
      say: 'From now on the payment provider reports 5 seconds late. The office has 1 dollar.',
      look: 'The credit.',
      act: async (world) => {
        await world.haveCredit(DOLLAR);
        await world.setReports('late');
      },
      expect: { balance: DOLLAR, reports: 0 },
    },
    {
      say: 'Dana gives a card for 10 dollars and closes the page at that very moment.',
      look: 'Payments: "Not finished". The bank has charged the card; nobody here knows yet, so there is no credit.',
      act: (world) => world.payAndCloseThePage(TEN, '4242424242424242'),
      expect: { paid: 0, balance: DOLLAR, reports: 0 },
    },
    {
      say: '4 seconds go by.',
      look: 'Still nothing: the report is on its way.',
      act: (world) => world.pass(4),
      expect: { paid: 0, balance: DOLLAR, reports: 0 },
    },
    {
      say: 'One more second, and the report is there.',
      look: 'The credit rises by $10.00 by itself, in every open widget.',
      act: (world) => world.pass(1),
      expect: { payment: 'succeeded', paid: 1, balance: 11 * DOLLAR },
    },
  ],
};
