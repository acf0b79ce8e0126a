/**
 * In what the named profiles differ from the default: as much as their products say, and no more (requirement ids in the comments). Amounts
 * that must agree with each other stand together, so that a change of the default never contradicts a profile.
 */
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { Policy, PolicyPart } from './policy.ts';
import type { Profile } from './profile.ts';

type AutoRecharge = Policy['payments']['autoRecharge'];
type RechargeAmounts = Pick<
  AutoRecharge,
  | 'thresholdMicros'
  | 'thresholdLeastMicros'
  | 'thresholdMostMicros'
  | 'amountMicros'
  | 'amountLeastMicros'
  | 'amountMostMicros'
  | 'monthlyLimitMicros'
>;
type RechargeRules = RechargeAmounts & Pick<AutoRecharge, 'comparison'> & Partial<AutoRecharge>;

const units = (amount: number): Micros => micros(amount * 1_000_000);

const freshcaller: PolicyPart = {
  // F-12: at 2.00 a call is allowed, at 1.99 it is not; F-11: nor can a number be bought.
  credit: {
    lowMicros: units(5),
    criticalMicros: units(2),
    callFloorMicros: units(2),
    numberFloorMicros: units(2),
  },
  // F-10: nobody is called either.
  inboundAtZero: 'block',
  payments: {
    // F-15: exactly 5, 10 and 25.
    topUp: {
      presetsMicros: [units(5), units(10), units(25)],
      isOtherAmountAllowed: false,
      leastMicros: units(5),
      mostMicros: units(25),
    },
    autoRecharge: {
      // F-20: when 5 dollars are reached, so at exactly 5.00 too; F-22: the amount, and what a month may take.
      comparison: 'at_or_below',
      thresholdMicros: units(5),
      thresholdLeastMicros: units(5),
      thresholdMostMicros: units(5),
      amountMicros: units(25),
      amountLeastMicros: units(5),
      amountMostMicros: units(500),
      monthlyLimitMicros: units(100),
      isCardAskedFor: false,
    } satisfies RechargeRules,
  },
};

const cloudtalk: PolicyPart = {
  // C-01: without credit no calls out and no toll-free calls in; other numbers still ring.
  inboundAtZero: 'toll_free_only',
  payments: {
    // C-13: the desired amount.
    topUp: {
      presetsMicros: [units(10), units(25), units(50), units(100)],
      isOtherAmountAllowed: true,
      leastMicros: units(10),
      mostMicros: units(1_000),
    },
    autoRecharge: {
      // C-09, C-10: "add this amount" and "if balance falls below", both of them the admin's.
      comparison: 'below',
      thresholdMicros: units(20),
      thresholdLeastMicros: units(1),
      thresholdMostMicros: units(1_000),
      amountMicros: units(50),
      amountLeastMicros: units(10),
      amountMostMicros: units(1_000),
      monthlyLimitMicros: units(500),
    } satisfies RechargeRules,
  },
};

const skara: PolicyPart = {
  payments: {
    // S-09: a list from 10 to 1000.
    topUp: {
      presetsMicros: [10, 25, 50, 100, 250, 500, 1_000].map(units),
      isOtherAmountAllowed: false,
      isList: true,
      leastMicros: units(10),
      mostMicros: units(1_000),
    },
    autoRecharge: {
      // S-11, S-12: both from 10 to 1000.
      comparison: 'below',
      thresholdMicros: units(10),
      thresholdLeastMicros: units(10),
      thresholdMostMicros: units(1_000),
      amountMicros: units(50),
      amountLeastMicros: units(10),
      amountMostMicros: units(1_000),
      monthlyLimitMicros: units(500),
    } satisfies RechargeRules,
  },
};

const diallink: PolicyPart = {
  // L-01: credit pays for what is metered, so its lack stops nothing else.
  inboundAtZero: 'toll_free_only',
  payments: {
    // L-08: any amount inside the limits.
    topUp: {
      presetsMicros: [units(10), units(20), units(50)],
      isOtherAmountAllowed: true,
      leastMicros: units(5),
      mostMicros: units(1_000),
    },
    autoRecharge: {
      // L-11 to L-13: below a threshold; both amounts are the admin's.
      comparison: 'below',
      thresholdMicros: units(5),
      thresholdLeastMicros: units(1),
      thresholdMostMicros: units(500),
      amountMicros: units(20),
      amountLeastMicros: units(5),
      amountMostMicros: units(1_000),
      monthlyLimitMicros: units(200),
      // L-15: without a card the switch refuses.
      isCardAskedFor: false,
    } satisfies RechargeRules,
  },
};

const dialpad: PolicyPart = {
  // D-01: calls to the account's own local numbers cost nothing and need no credit; toll-free ones do (D-02, D-21).
  inboundAtZero: 'toll_free_only',
  payments: {
    // D-07: an amount is chosen, then "Next".
    topUp: {
      presetsMicros: [units(10), units(20), units(50), units(100)],
      isOtherAmountAllowed: true,
      isChoiceNeeded: true,
      leastMicros: units(5),
      mostMicros: units(1_000),
    },
    // D-24, as the product does it: wrong twice is locked.
    cardCheckTries: 2,
    autoRecharge: {
      // D-16, D-17: 50 dollars, when it goes below 5.
      comparison: 'below',
      thresholdMicros: units(5),
      thresholdLeastMicros: units(5),
      thresholdMostMicros: units(5),
      amountMicros: units(50),
      amountLeastMicros: units(10),
      amountMostMicros: units(1_000),
      monthlyLimitMicros: units(200),
    } satisfies RechargeRules,
  },
};

export const PROFILE_POLICIES: Readonly<Record<Exclude<Profile, 'default'>, PolicyPart>> = {
  freshcaller,
  cloudtalk,
  skara,
  diallink,
  dialpad,
};
