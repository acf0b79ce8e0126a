import { DOLLAR, type Scenario } from './scenario.ts';

/** Berlin: 1.00 once and 1.50 a month. */
const NUMBER = '+493023125014';

export const RENT_DAY: Scenario = {
  id: 'rent-day',
  title: 'Rent day',
  why: 'What happens to a number when its rent falls due, with credit and without?',
  steps: [
    {
      say: 'Dana buys a number in Berlin. It costs 1 dollar, and 1.50 a month; today the rest of this month is due.',
      look: 'Numbers: it is yours.',
      act: async (world) => {
        await world.haveCredit(10 * DOLLAR);
        await world.buyNumber(NUMBER);
        await world.haveCredit(10 * DOLLAR);
      },
      expect: { number: 'active', balance: 10 * DOLLAR },
    },
    {
      say: 'The clock goes to the next rent day.',
      look: '$1.50 less, once.',
      act: (world) => world.moveToRentDay(),
      expect: { number: 'active', balance: 8.5 * DOLLAR, held: 0 },
    },
    {
      say: 'The credit is used up to 40 cents, and the clock goes to the rent day after that.',
      look: 'The number is late: it still works, and the date until when is said. Nothing was taken for a month that is not covered.',
      act: async (world) => {
        await world.haveCredit(0.4 * DOLLAR);
        await world.moveToRentDay();
      },
      expect: { number: 'late', balance: 0.4 * DOLLAR },
    },
    {
      say: 'Somebody adds 5 dollars.',
      look: 'The rent that is due is taken first, and the number is safe again.',
      act: async (world) => {
        await world.haveCredit(5.4 * DOLLAR);
        await world.pass(2);
      },
      expect: { number: 'active', balance: 3.9 * DOLLAR },
    },
  ],
};
