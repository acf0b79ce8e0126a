/** One alert of each kind, for the previews of their mails. */
import type { NewAlertFacts } from '../../src/protocol/alert.ts';

const CARD = { brand: 'visa', last4: '4242', expiryMonth: 2, expiryYear: 2027 };
const USD = { currency: 'USD' };
const RENT = { number: '+14155550100', rentMicros: 1_000_000, ...USD };

/** One of each kind. */
export const ALERT_FACTS = [
  { kind: 'low', availableMicros: 4_100_000, levelMicros: 5_000_000, ...USD },
  { kind: 'critical', availableMicros: 900_000, levelMicros: 1_000_000, ...USD },
  { kind: 'empty', availableMicros: 0, levelMicros: 0, ...USD },
  { kind: 'back', availableMicros: 25_000_000, emptySinceMs: 1_768_000_000_000, ...USD },
  {
    kind: 'unusual_spend',
    reason: 'recharges',
    rechargeCount: 4,
    spentMicros: 100_000_000,
    usualMicros: null,
    paused: 'auto_recharge',
    ...USD,
  },
  {
    kind: 'recharge_failed',
    amountMicros: 25_000_000,
    card: CARD,
    failure: { kind: 'declined', retry: 'new_card' },
    isPaused: true,
    ...USD,
  },
  { kind: 'recharge_limit', takenMicros: 100_000_000, limitMicros: 100_000_000, isReached: true, ...USD },
  {
    kind: 'payment_declined',
    amountMicros: 25_000_000,
    card: CARD,
    failure: { kind: 'insufficient_funds', retry: 'new_card' },
    ...USD,
  },
  { kind: 'payment_disputed', amountMicros: 25_000_000, card: CARD, ...USD },
  { kind: 'dispute_closed', amountMicros: 25_000_000, isLost: false, ...USD },
  { kind: 'card_expiring', card: CARD, days: 30 },
  { kind: 'trial_opened', endsAtMs: 1_772_000_000_000 },
  { kind: 'rent_due', ...RENT, dueOn: '2027-03-03', days: 5 },
  { kind: 'number_late', ...RENT, dueOn: '2027-03-03', holdsOn: '2027-03-10' },
  { kind: 'number_held', ...RENT, heldSinceOn: '2027-03-10', givenBackOn: '2027-04-03' },
  { kind: 'number_leaving', ...RENT, givenBackOn: '2027-04-03', days: 5 },
  { kind: 'number_gone', number: RENT.number, givenBackOn: '2027-04-03' },
  {
    kind: 'rent_changes',
    fromOn: '2027-04-01',
    numbers: [
      { number: '+14155550100', oldMicros: 1_000_000, newMicros: 1_200_000 },
      { number: '+18005550199', oldMicros: 2_000_000, newMicros: 2_500_000 },
    ],
    numberCount: 2,
    oldMicros: 3_000_000,
    newMicros: 3_700_000,
    isCorrection: false,
    ...USD,
  },
] as const satisfies readonly NewAlertFacts[];
