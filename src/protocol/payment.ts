/**
 * Paying for credit: top-ups, the saved card, auto-recharge. For roles billing and company only, and for the billing panel only: nothing
 * that a call needs imports this file.
 */
import * as z from 'zod/mini';
import { rentAheadSchema } from './owned-number.ts';
import { amountMicrosSchema } from './rate.ts';

/** Made by the caller; the same id is the same payment (or card set-up), however often it is sent. */
export const paymentIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));

/** What may be shown and stored of a card. The number itself never comes near this server. */
export const cardSchema = z.object({
  /** "visa", "mastercard", ... as the provider names it. */
  brand: z.string(),
  last4: z.string().check(z.regex(/^\d{4}$/)),
  expiryMonth: z.int().check(z.gte(1), z.lte(12)),
  expiryYear: z.int(),
});
export type Card = z.output<typeof cardSchema>;

export const PAYMENT_FAILURE_KINDS = [
  'declined',
  'insufficient_funds',
  'expired',
  'invalid_card',
  'incorrect_cvc',
  'authentication_required',
  'authentication_failed',
  'processing',
  'provider_unavailable',
  /** What the provider reports is not what was asked for (amount, currency, customer): an operator looks into it. */
  'mismatch',
] as const;
export type PaymentFailureKind = (typeof PAYMENT_FAILURE_KINDS)[number];

/** What helps: nothing, waiting, another card, or confirming at the bank. */
export const PAYMENT_RETRIES = ['never', 'later', 'new_card', 'authenticate'] as const;

/** Nothing was charged. Texts are made from `kind`, the button beside them from `retry`. */
export const paymentFailureSchema = z.object({
  kind: z.enum(PAYMENT_FAILURE_KINDS),
  retry: z.enum(PAYMENT_RETRIES),
});
export type PaymentFailure = z.output<typeof paymentFailureSchema>;

/**
 *   card_needed ──► pending ◄──► requires_action
 *                      │
 *                      ├──► succeeded   the credit is in the wallet; nothing outranks this
 *                      ├──► failed      nothing was charged; the same payment can still succeed (a bank that changed its mind)
 *                      └──► canceled    nothing was charged and never will be
 */
export const PAYMENT_STATUSES = [
  'card_needed',
  'pending',
  'requires_action',
  'succeeded',
  'failed',
  'canceled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];
export const PAYMENT_KINDS = ['top_up', 'auto_recharge'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

export const paymentSchema = z.object({
  paymentId: paymentIdSchema,
  officeId: z.string(),
  kind: z.enum(PAYMENT_KINDS),
  status: z.enum(PAYMENT_STATUSES),
  amountMicros: amountMicrosSchema,
  currency: z.string(),
  /** Who paid; null for an auto-recharge. */
  byName: z.nullable(z.string()),
  /** Null until it is known with which card. */
  card: z.nullable(cardSchema),
  /** Set when the last attempt failed. */
  failure: z.nullable(paymentFailureSchema),
  /** Given back since: refunds and lost disputes. */
  returnedMicros: amountMicrosSchema,
  /** What was available when an auto-recharge began: "because credit fell to $4.96". */
  availableMicros: z.nullable(amountMicrosSchema),
  createdAtMs: z.int(),
  changedAtMs: z.int(),
  /** Counts up with each change of this payment; an older one than the one on screen is dropped. */
  version: z.int(),
});
export type Payment = z.output<typeof paymentSchema>;

/**
 * What the person in front of the screen does next. The secret is for the provider's own code in the browser (Stripe.js, or the
 * simulated provider's addresses in simulated-payment.ts); it goes into no attribute, log, event or history.
 */
export const paymentStepSchema = z.object({
  /** card: give the card's details. authenticate: confirm at the bank. */
  kind: z.enum(['card', 'authenticate']),
  clientSecret: z.string(),
});
export type PaymentStep = z.output<typeof paymentStepSchema>;

/** `step` is null when nobody has to do anything: it is done, failed, or the bank works on it. */
export const paymentProgressSchema = z.object({
  payment: paymentSchema,
  step: z.nullable(paymentStepSchema),
});
export type PaymentProgress = z.output<typeof paymentProgressSchema>;

export const startPaymentSchema = z.object({
  paymentId: paymentIdSchema,
  amountMicros: amountMicrosSchema,
  /** The currency that was shown; refused when it is not the office's. */
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  /**
   * invoice: on account (`onAccount` of the settings), refused where the account has no such terms. Where it has them, no card is charged
   * whatever stands here (D-15).
   */
  payWith: z.enum(['saved_card', 'new_card', 'invoice']),
  /** new_card: the card replaces the saved one once it has paid ("Change card and pay"). */
  keepsCard: z.boolean(),
  /**
   * `lastPaymentId` of the settings on screen. Refused as payment_meanwhile when another payment succeeded since, so that two admins
   * who see the same shortage pay once. Left out: not checked.
   */
  lastPaymentId: z.optional(z.nullable(paymentIdSchema)),
});
export type StartPayment = z.output<typeof startPaymentSchema>;

export const paymentPageSchema = z.object({
  /** Newest first. */
  payments: z.array(paymentSchema),
  nextCursor: z.nullable(z.string()),
});
export type PaymentPage = z.output<typeof paymentPageSchema>;

export const startCardSetupSchema = z.object({ setupId: paymentIdSchema });

/** A card that is being saved without paying. */
export const cardSetupSchema = z.object({
  setupId: paymentIdSchema,
  status: z.enum(['card_needed', 'requires_action', 'pending', 'succeeded', 'failed']),
  step: z.nullable(paymentStepSchema),
  /** The saved card now; the new one once `status` is succeeded. */
  card: z.nullable(cardSchema),
  failure: z.nullable(paymentFailureSchema),
});
export type CardSetup = z.output<typeof cardSetupSchema>;

/** Why auto-recharge does nothing although it is on. */
export const RECHARGE_PAUSES = [
  /** Three failures in a row. */
  'failed_often',
  'authentication_required',
  'card_expired',
  'card_refused',
  'card_missing',
  /** A payment of the office is disputed at the bank. */
  'disputed',
  /** More than an office usually needs: until an admin has looked at the calls and saved the settings again. */
  'unusual_spend',
] as const;
export type RechargePause = (typeof RECHARGE_PAUSES)[number];

const boundsSchema = z.object({ leastMicros: amountMicrosSchema, mostMicros: amountMicrosSchema });
export type AmountBounds = z.output<typeof boundsSchema>;

export const autoRechargeSchema = z.object({
  isOn: z.boolean(),
  /** What is set, or the suggestion while it was never saved. */
  thresholdMicros: amountMicrosSchema,
  amountMicros: amountMicrosSchema,
  monthlyLimitMicros: amountMicrosSchema,
  /** below: less than the threshold. at_or_below: "when the balance reaches". Compared with what is available. */
  comparison: z.enum(['below', 'at_or_below']),
  thresholdBounds: boundsSchema,
  amountBounds: boundsSchema,
  /** "Most it can ever take from your card in a month" with these settings. */
  mostInMonthMicros: amountMicrosSchema,
  /** Taken, or being taken, in the office's running calendar month. */
  takenThisMonthMicros: amountMicrosSchema,
  /** Why it cannot be turned on now; null when it can. */
  cannotTurnOn: z.nullable(z.enum(['trial', 'card_missing', 'card_unconfirmed', 'disputed', 'payments_off'])),
  /** True: it can be filled in before there is a card, which is asked for on Save (S-14); it is stored once the card is. */
  isCardAskedFor: z.optional(z.boolean()),
  pause: z.nullable(z.enum(RECHARGE_PAUSES)),
  /** After a failure: not before. Server clock. */
  nextTryAtMs: z.nullable(z.int()),
  /** Who agreed that the card is charged without asking, and when. */
  consent: z.nullable(z.object({ byName: z.string(), atMs: z.int() })),
});
export type AutoRecharge = z.output<typeof autoRechargeSchema>;

export const saveAutoRechargeSchema = z.object({
  isOn: z.boolean(),
  thresholdMicros: amountMicrosSchema,
  amountMicros: amountMicrosSchema,
  monthlyLimitMicros: amountMicrosSchema,
  /** True when the person ticked or confirmed the sentence with amount, trigger, limit and how to stop. Needed to turn it on. */
  hasConsented: z.boolean(),
});
export type SaveAutoRecharge = z.output<typeof saveAutoRechargeSchema>;

export const paymentSettingsSchema = z.object({
  officeId: z.string(),
  currency: z.string(),
  /** Null: this server takes no payments; credit comes from the operator. */
  provider: z.nullable(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('stripe'), publishableKey: z.string(), isTest: z.boolean() }),
      z.object({ kind: z.literal('simulated'), isTest: z.literal(true) }),
    ]),
  ),
  topUp: z.object({
    presetsMicros: z.array(amountMicrosSchema),
    /** False: only the presets (F-15). */
    isOtherAmountAllowed: z.boolean(),
    /** True: the amounts are offered as a drop-down (S-09). */
    isList: z.optional(z.boolean()),
    /** True: no amount is suggested; somebody has to choose one (D-07). */
    isChoiceNeeded: z.optional(z.boolean()),
    bounds: boundsSchema,
    /** The smallest step: a cent, or a whole unit where the currency has no cents. */
    stepMicros: amountMicrosSchema,
  }),
  card: z.nullable(cardSchema),
  autoRecharge: autoRechargeSchema,
  /** Payments that are under way: "$25 on its way". */
  comingMicros: amountMicrosSchema,
  /** Owed for refunds and disputes of credit that was spent; the next credit pays it first. */
  owedMicros: amountMicrosSchema,
  /** What rent takes of this wallet; absent without rented numbers. */
  rent: z.optional(rentAheadSchema),
  /** The checklist: what works with the credit there is. */
  works: z.object({ callingOut: z.boolean(), receiving: z.boolean(), buyingNumbers: z.boolean() }),
  /** A payment of this office is disputed at the bank: calling is paused, nothing more is charged. */
  isDisputed: z.boolean(),
  /** True: the saved card pays only once it is confirmed (card-check.ts), and a new card only once it is saved and confirmed. */
  isCardUnconfirmed: z.optional(z.boolean()),
  /** The newest card check of the saved card. */
  cardCheckId: z.optional(z.nullable(paymentIdSchema)),
  /**
   * Set when payments of this account charge no card but go on its next invoice (D-15): what is open (services that are paid by invoice
   * among it), what may be, and when it comes.
   */
  onAccount: z.optional(
    z.object({
      openMicros: amountMicrosSchema,
      ceilingMicros: amountMicrosSchema,
      invoicedAtMs: z.optional(z.int()),
    }),
  ),
  /** Set when an account that pays by card owes for services that are paid by invoice (C-21): how much, and when the next one comes. */
  onInvoice: z.optional(z.object({ openMicros: amountMicrosSchema, invoicedAtMs: z.int() })),
  /** The newest payment that succeeded; see startPaymentSchema. */
  lastPaymentId: z.nullable(paymentIdSchema),
});
export type PaymentSettings = z.output<typeof paymentSettingsSchema>;

/** On the event stream, to roles billing and company only. Beside the events of events.ts, which every widget knows. */
export const paymentEventSchema = z.object({ type: z.literal('payment'), payment: paymentSchema });
export type PaymentEvent = z.output<typeof paymentEventSchema>;
