/**
 * The simulated payment provider's own addresses, called by the browser in place of Stripe.js: whoever has the client secret may give a
 * card or answer the bank's question, with no access token, exactly as a publishable key and a client secret allow it there. Only the
 * test cards below are taken; a real card number is refused before it is looked at further.
 */
import * as z from 'zod/mini';

export const SIMULATED_PAYMENT_PATHS = {
  /** Gives a card to a payment or a card set-up. */
  confirm: '/v1/simulated-payments/confirm',
  /** Answers the bank's question (3-D Secure). */
  authenticate: '/v1/simulated-payments/authenticate',
} as const;

export const simulatedConfirmSchema = z.object({
  clientSecret: z.string().check(z.maxLength(200)),
  /** Digits only. */
  number: z.string().check(z.regex(/^\d{12,19}$/)),
  expiryMonth: z.int().check(z.gte(1), z.lte(12)),
  expiryYear: z.int().check(z.gte(2000), z.lte(2100)),
  cvc: z.string().check(z.regex(/^\d{3,4}$/)),
});
export type SimulatedConfirm = z.output<typeof simulatedConfirmSchema>;

export const simulatedAuthenticateSchema = z.object({
  clientSecret: z.string().check(z.maxLength(200)),
  /** False: the person refused, or closed the bank's window. */
  isConfirmed: z.boolean(),
});

/** What came of it at the provider. The server's own word (finish) is what counts; this only says what to show meanwhile. */
export const simulatedAnswerSchema = z.object({
  status: z.enum(['succeeded', 'requires_action', 'processing', 'failed', 'canceled']),
  /** For people: "Your card was declined." */
  message: z.nullable(z.string()),
});
export type SimulatedAnswer = z.output<typeof simulatedAnswerSchema>;

export interface TestCard {
  readonly number: string;
  readonly brand: string;
  readonly what: string;
}

/** Stripe's documented test numbers, with the behaviour that is documented for them. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', what: 'pays' },
  { number: '5555555555554444', brand: 'mastercard', what: 'pays' },
  { number: '4000056655665556', brand: 'visa', what: 'pays; a debit card' },
  { number: '4000000000000002', brand: 'visa', what: 'is declined' },
  { number: '4000000000009995', brand: 'visa', what: 'has not enough money' },
  { number: '4000000000000069', brand: 'visa', what: 'is expired' },
  { number: '4000000000000127', brand: 'visa', what: 'has a wrong CVC' },
  { number: '4000000000000119', brand: 'visa', what: 'meets a processing error' },
  { number: '4000002500003155', brand: 'visa', what: 'asks for authentication once, then pays by itself' },
  { number: '4000002760003184', brand: 'visa', what: 'asks for authentication each time' },
  { number: '4000003800000446', brand: 'visa', what: 'asks for authentication unless it was saved' },
  { number: '4000000000000341', brand: 'visa', what: 'can be saved, then is declined' },
  { number: '4000000000000259', brand: 'visa', what: 'pays, and the payment is disputed' },
];
