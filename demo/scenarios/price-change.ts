import { DOLLAR, type Scenario } from './scenario.ts';

const HEADER = 'prefix,destination,kind,direction,price,increments,connection_fee,licence,currency,service_kind';

export const PRICE_CHANGE: Scenario = {
  id: 'price-change',
  title: 'The price changes in a call',
  why: 'What does a call cost that began before the new prices?',
  steps: [
    {
      say: 'The office has 5 dollars. Sam calls the echo at 60 cents a minute.',
      look: 'The price is agreed with the call.',
      act: async (world) => {
        await world.haveCredit(5 * DOLLAR);
        await world.call('600');
      },
      expect: { call: 'talking', callPricePerMinute: 0.6 * DOLLAR },
    },
    {
      say: 'While he talks, the operator puts a new price list in force: 1.20 a minute. 30 seconds go by.',
      look: 'The running call keeps its price.',
      act: async (world) => {
        await world.setPrice(`${HEADER}\n=600,Echo test,local,outbound,1.20,1/1,0.05,,USD,\n`);
        await world.pass(30);
      },
      expect: { call: 'talking', callPricePerMinute: 0.6 * DOLLAR },
    },
    {
      say: 'He hangs up.',
      look: '35 cents: 5 for the connection and 30 seconds at the old price.',
      act: (world) => world.hangUp(),
      expect: { call: 'over', callCost: 0.35 * DOLLAR, balance: 4.65 * DOLLAR },
    },
    {
      say: 'He calls again.',
      look: 'The new call has the new price.',
      act: (world) => world.callAtPrice('600', 1.2 * DOLLAR),
      expect: { call: 'talking', callPricePerMinute: 1.2 * DOLLAR },
    },
    {
      say: 'He hangs up after 10 seconds.',
      look: '25 cents: 5 for the connection and 10 seconds at 2 cents.',
      act: async (world) => {
        await world.pass(10);
        await world.hangUp();
      },
      expect: { call: 'over', callCost: 0.25 * DOLLAR, balance: 4.4 * DOLLAR, held: 0 },
    },
  ],
};
