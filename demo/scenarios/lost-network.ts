import { DOLLAR, type Scenario } from './scenario.ts';

export const LOST_NETWORK: Scenario = {
  id: 'lost-network',
  title: 'The network is lost in a call',
  why: 'What does a call cost that nobody can end?',
  steps: [
    {
      say: 'The office has 5 dollars. Sam calls the echo.',
      look: '"held": seconds that are paid for in advance.',
      act: async (world) => {
        await world.haveCredit(5 * DOLLAR);
        await world.call('600');
      },
      expect: { call: 'talking', balance: 5 * DOLLAR },
    },
    {
      say: 'After 10 seconds the network between server and phone line is lost: no word comes through any more.',
      look: 'The call goes on; what is held is all that it can ever cost.',
      act: async (world) => {
        await world.pass(10);
        world.setNetwork(false);
      },
      expect: { call: 'talking', balance: 5 * DOLLAR },
    },
    {
      say: 'Five minutes go by. The line has cut the call at the end of its lease by itself, and the server has stopped waiting.',
      look: 'Nothing is held any more, and the call has cost no more than what was held.',
      act: (world) => world.pass(300),
      expect: { call: 'over', held: 0 },
    },
    {
      say: 'The network is back, and Sam calls again.',
      look: 'It rings as if nothing had been.',
      act: async (world) => {
        world.setNetwork(true);
        await world.call('600');
      },
      expect: { call: 'talking', refusal: null },
    },
    {
      say: 'He hangs up after 10 seconds.',
      look: 'Every call is settled, nothing is held.',
      act: async (world) => {
        await world.pass(10);
        await world.hangUp();
      },
      expect: { call: 'over', callCost: 0.15 * DOLLAR, held: 0 },
    },
  ],
};
