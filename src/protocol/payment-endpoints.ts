/** The second half of endpoints.ts: what the server checks and documents about the payment addresses. */
import * as z from 'zod/mini';
import { guessCardCheckSchema, startCardCheckSchema } from './card-check.ts';
import type { OfficeEndpoint } from './office-endpoint.ts';
import { saveAutoRechargeSchema, startCardSetupSchema, startPaymentSchema } from './payment.ts';
import { PAYMENT_ROUTES, type PaymentEndpointName } from './payment-routes.ts';

/** Bodies are strict: a field that this version does not know could be an amount that somebody believes in. */
export const PAYMENT_ENDPOINTS = {
  paymentSettings: {
    ...PAYMENT_ROUTES.paymentSettings,
    role: 'billing',
    summary:
      'All that the billing panel shows apart from the balance: amounts, card, auto-recharge, what is coming and owed.',
    problems: [],
  },
  saveAutoRecharge: {
    ...PAYMENT_ROUTES.saveAutoRecharge,
    role: 'billing',
    summary:
      'Turns auto-recharge on or off and sets threshold, amount and monthly limit. Turning it on stores the consent.',
    body: z.strictObject(saveAutoRechargeSchema.shape),
    problems: [
      'payments_off',
      'amount_out_of_bounds',
      'card_missing',
      'card_unconfirmed',
      'consent_missing',
      'trial_account',
      'payments_frozen',
    ],
  },
  startCardSetup: {
    ...PAYMENT_ROUTES.startCardSetup,
    role: 'billing',
    summary: 'Begins to save a card without paying. Repeatable by setupId.',
    body: z.strictObject(startCardSetupSchema.shape),
    problems: ['payments_off', 'payments_frozen', 'provider_unavailable', 'id_reused'],
  },
  finishCardSetup: {
    ...PAYMENT_ROUTES.finishCardSetup,
    role: 'billing',
    summary: 'Asks the provider what came of a card set-up; a card that is good becomes the saved one. Repeatable.',
    problems: ['payments_off', 'card_setup_unknown', 'provider_unavailable'],
  },
  removeCard: {
    ...PAYMENT_ROUTES.removeCard,
    role: 'billing',
    summary: 'Forgets the saved card, here and at the provider. Auto-recharge pauses until there is another.',
    problems: ['payments_off', 'payments_frozen'],
  },
  startPayment: {
    ...PAYMENT_ROUTES.startPayment,
    role: 'billing',
    summary:
      'Begins to pay for credit, by the saved card at once or by a new card. Charges once, however often it is sent.',
    body: z.strictObject(startPaymentSchema.shape),
    problems: [
      'payments_off',
      'amount_out_of_bounds',
      'currency_mismatch',
      'card_missing',
      'card_unconfirmed',
      'credit_ceiling',
      'payment_pending',
      'payment_meanwhile',
      'provider_unavailable',
      'id_reused',
    ],
  },
  payments: {
    ...PAYMENT_ROUTES.payments,
    role: 'billing',
    summary: "The office's payments, newest first, those under way among them.",
    query: z.object({ cursor: z.optional(z.string().check(z.maxLength(100))) }),
    problems: [],
  },
  payment: {
    ...PAYMENT_ROUTES.payment,
    role: 'billing',
    summary: 'One payment as it is known here, with the step that somebody has to take.',
    problems: ['payment_unknown'],
  },
  finishPayment: {
    ...PAYMENT_ROUTES.finishPayment,
    role: 'billing',
    summary:
      'After card details or authentication: asks the provider how the payment stands and credits it when it succeeded. Repeatable.',
    problems: ['payment_unknown', 'payments_off'],
  },
  cancelPayment: {
    ...PAYMENT_ROUTES.cancelPayment,
    role: 'billing',
    summary:
      'Gives up a payment that waits for a card or for the bank. One that has succeeded stays so, and is credited.',
    problems: ['payment_unknown', 'payments_off'],
  },
  startCardCheck: {
    ...PAYMENT_ROUTES.startCardCheck,
    role: 'billing',
    summary:
      'Charges a small random amount to the saved card, once however often it is sent. A check that is open already is shown instead.',
    body: z.strictObject(startCardCheckSchema.shape),
    problems: ['payments_off', 'card_missing', 'payments_frozen', 'card_check_locked', 'card_check_limit', 'id_reused'],
  },
  guessCardCheck: {
    ...PAYMENT_ROUTES.guessCardCheck,
    role: 'billing',
    summary: 'The amount that stands on the statement of the card. What it cannot be at all costs no try.',
    body: z.strictObject(guessCardCheckSchema.shape),
    problems: ['payments_off', 'amount_out_of_bounds', 'card_check_closed', 'card_check_locked'],
  },
  cardCheck: {
    ...PAYMENT_ROUTES.cardCheck,
    role: 'billing',
    summary: 'A card check as it stands; asks the provider while the charge is under way. Never tells the amount.',
    problems: ['payments_off', 'card_check_closed'],
  },
  invoices: {
    ...PAYMENT_ROUTES.invoices,
    role: 'billing',
    summary:
      "Receipts, invoices and credit notes, newest first: the office's, or the account's for the role company. Each is a PDF at its own address.",
    query: z.object({ cursor: z.optional(z.string().check(z.maxLength(100))) }),
    problems: [],
  },
} as const satisfies Record<PaymentEndpointName, OfficeEndpoint>;
