/**
 * What a card does at the simulated provider, by its number. Only documented test numbers are cards here
 * (docs.stripe.com/testing); anything else is "incorrect_number", so that nobody can type a real one into the demo.
 */
import { TEST_CARDS } from '../../src/protocol/simulated-payment.ts';
import type { CardErrorCodes } from './decline.ts';

export type CardAnswer =
  | { readonly outcome: 'pays' | 'asks' }
  | { readonly outcome: 'declines'; readonly codes: CardErrorCodes };

export type CardUse = 'setup' | 'on_session' | 'off_session';

interface TestCardBehaviour {
  readonly setup: CardAnswer;
  readonly onSession: CardAnswer;
  readonly offSession: (card: { readonly isSetUp: boolean }) => CardAnswer;
  readonly isDisputed?: true;
}

const PAYS: CardAnswer = { outcome: 'pays' };
const ASKS: CardAnswer = { outcome: 'asks' };
const NEEDS_SOMEBODY = declines('authentication_required', 'authentication_required');

function declines(code: string, declineCode: string | null = null): CardAnswer {
  return { outcome: 'declines', codes: { code, declineCode, adviceCode: null } };
}

function always(answer: CardAnswer): TestCardBehaviour {
  return { setup: answer, onSession: answer, offSession: () => answer };
}

const BEHAVIOUR: Readonly<Record<string, TestCardBehaviour>> = {
  '4242424242424242': always(PAYS),
  '5555555555554444': always(PAYS),
  '4000056655665556': always(PAYS),
  '4000000000000002': always(declines('card_declined', 'generic_decline')),
  '4000000000009995': always(declines('card_declined', 'insufficient_funds')),
  '4000000000000069': always(declines('expired_card', '')),
  '4000000000000127': always(declines('incorrect_cvc', 'incorrect_cvc')),
  '4000000000000119': always(declines('processing_error', 'processing_error')),
  '4000002500003155': { setup: ASKS, onSession: ASKS, offSession: ({ isSetUp }) => (isSetUp ? PAYS : NEEDS_SOMEBODY) },
  '4000002760003184': { setup: ASKS, onSession: ASKS, offSession: () => NEEDS_SOMEBODY },
  '4000003800000446': { setup: PAYS, onSession: ASKS, offSession: () => PAYS },
  '4000000000000341': { ...always(declines('card_declined', 'generic_decline')), setup: PAYS },
  '4000000000000259': { ...always(PAYS), isDisputed: true },
};

export interface SimulatedCard {
  readonly number: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  /** Saved with the bank's consent to charges without its owner. */
  readonly isSetUp: boolean;
}

export function brandOf(number: string): string | null {
  return TEST_CARDS.find((card) => card.number === number)?.brand ?? null;
}

export function answerOfCard(card: SimulatedCard, use: CardUse): CardAnswer {
  const behaviour = BEHAVIOUR[card.number];
  if (!behaviour) return declines('incorrect_number');
  if (use === 'setup') return behaviour.setup;
  return use === 'on_session' ? behaviour.onSession : behaviour.offSession(card);
}

export function isDisputedCard(card: Pick<SimulatedCard, 'number'>): boolean {
  return BEHAVIOUR[card.number]?.isDisputed === true;
}
