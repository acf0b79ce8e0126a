/**
 * What admins are told without asking: by mail, by a banner in the widget and by webhook to the host (REQUIREMENTS 2.3 no. 8). For roles
 * billing and company only; nothing that a call needs imports this file.
 *
 * An alert is facts, never a text: each reader makes words of them. New kinds may come; a webhook receiver ignores those that it does not
 * know.
 */
import * as z from 'zod/mini';
import { cardSchema, paymentFailureSchema } from './payment.ts';
import { amountMicrosSchema } from './rate.ts';

const moneyShape = { amountMicros: amountMicrosSchema, currency: z.string() };
const levelShape = {
  availableMicros: amountMicrosSchema,
  /** The line that was crossed. empty: what a paid call needs at least. */
  levelMicros: amountMicrosSchema,
  currency: z.string(),
};
/** A calendar date in the account's time zone, "2027-03-03". */
const dateSchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const rentShape = {
  /** E.164. */
  number: z.string(),
  rentMicros: amountMicrosSchema,
  currency: z.string(),
};

export const alertFactsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('low'), ...levelShape }),
  z.object({ kind: z.literal('critical'), ...levelShape }),
  /** Paid calls are refused. */
  z.object({ kind: z.literal('empty'), ...levelShape }),
  /** Paid calls work again, clearly above the critical level. */
  z.object({
    kind: z.literal('back'),
    availableMicros: amountMicrosSchema,
    currency: z.string(),
    emptySinceMs: z.int(),
  }),
  z.object({
    kind: z.literal('unusual_spend'),
    /** recharges: so many auto-recharges within an hour. spend: more in a day than usual. */
    reason: z.enum(['recharges', 'spend']),
    rechargeCount: z.nullable(z.int()),
    spentMicros: amountMicrosSchema,
    /** What a usual day costs; null for `recharges`. */
    usualMicros: z.nullable(amountMicrosSchema),
    currency: z.string(),
    /** What was stopped until an admin has looked. */
    paused: z.enum(['nothing', 'auto_recharge', 'calls']),
  }),
  z.object({
    kind: z.literal('recharge_failed'),
    ...moneyShape,
    card: z.nullable(cardSchema),
    failure: z.nullable(paymentFailureSchema),
    /** False: it is tried again by itself. */
    isPaused: z.boolean(),
  }),
  z.object({
    kind: z.literal('recharge_limit'),
    takenMicros: amountMicrosSchema,
    limitMicros: amountMicrosSchema,
    currency: z.string(),
    /** False: it is near. */
    isReached: z.boolean(),
  }),
  z.object({
    kind: z.literal('payment_declined'),
    ...moneyShape,
    card: z.nullable(cardSchema),
    failure: z.nullable(paymentFailureSchema),
  }),
  z.object({ kind: z.literal('payment_disputed'), ...moneyShape, card: z.nullable(cardSchema) }),
  z.object({ kind: z.literal('dispute_closed'), ...moneyShape, isLost: z.boolean() }),
  z.object({ kind: z.literal('card_expiring'), card: cardSchema, days: z.int() }),
  /** Auto-recharge waits for the paid plan (F-23). */
  z.object({ kind: z.literal('trial_opened'), endsAtMs: z.int() }),
  /** The rent comes in so many days and the credit will not cover it. */
  z.object({ kind: z.literal('rent_due'), ...rentShape, dueOn: dateSchema, days: z.int() }),
  /** Not paid; the number works until `holdsOn`. */
  z.object({ kind: z.literal('number_late'), ...rentShape, dueOn: dateSchema, holdsOn: dateSchema }),
  /** On hold: neither calls nor is called, kept until `givenBackOn`. */
  z.object({ kind: z.literal('number_held'), ...rentShape, heldSinceOn: dateSchema, givenBackOn: dateSchema }),
  /** Announced some days before it happens. */
  z.object({ kind: z.literal('number_leaving'), ...rentShape, givenBackOn: dateSchema, days: z.int() }),
  z.object({ kind: z.literal('number_gone'), number: z.string(), givenBackOn: dateSchema }),
  /** Rents that change, of all that the office pays: announced, and in force for rents that fall due on `fromOn` or later. */
  z.object({
    kind: z.literal('rent_changes'),
    fromOn: dateSchema,
    /** The first of them; `numberCount` says of how many. */
    numbers: z.array(z.object({ number: z.string(), oldMicros: amountMicrosSchema, newMicros: amountMicrosSchema })),
    numberCount: z.int(),
    /** What all of them cost a month, before and from then on. */
    oldMicros: amountMicrosSchema,
    newMicros: amountMicrosSchema,
    currency: z.string(),
    /** Some of them had another price announced, which does not come. */
    isCorrection: z.boolean(),
  }),
]);
export type AlertFacts = z.output<typeof alertFactsSchema>;
/** As they are told, before amounts were checked. */
export type NewAlertFacts = z.input<typeof alertFactsSchema>;
export type AlertKind = AlertFacts['kind'];
export const ALERT_KINDS: readonly AlertKind[] = alertFactsSchema.def.options.flatMap(
  ({ shape }) => shape.kind.def.values,
);

export const alertSchema = z.object({
  alertId: z.string(),
  officeId: z.string(),
  atMs: z.int(),
  facts: alertFactsSchema,
  /** It holds no more, or an admin has put it away. */
  isOver: z.boolean(),
  /** Counts up with each change; an older one than the one on screen is dropped. */
  version: z.int(),
});
export type Alert = z.output<typeof alertSchema>;

/** On the event stream, to roles billing and company only. */
export const alertEventSchema = z.object({ type: z.literal('alert'), alert: alertSchema });
export type AlertEvent = z.output<typeof alertEventSchema>;

/** Those that are not over, newest first. */
export const alertListSchema = z.object({ alerts: z.array(alertSchema) });
export type AlertList = z.output<typeof alertListSchema>;

/**
 * What the host is sent (Standard Webhooks 1.0: headers webhook-id, webhook-timestamp, webhook-signature). The same alert has the same
 * webhook-id in every attempt.
 */
export const alertWebhookSchema = z.object({
  type: z.literal('credit-phone.alert'),
  /** ISO 8601, when it happened. */
  timestamp: z.string(),
  data: z.object({ accountId: z.string(), alertId: z.string(), officeId: z.string(), facts: alertFactsSchema }),
});
export type AlertWebhook = z.output<typeof alertWebhookSchema>;

/** Changes of what is paid are told to everybody who pays, and cannot be switched off. */
const ALWAYS_TOLD = 'rent_changes';
function canBeOff(kind: AlertKind): kind is Exclude<AlertKind, typeof ALWAYS_TOLD> {
  return kind !== ALWAYS_TOLD;
}

/**
 * Mails that can be switched off. Each alert is a mail; so are agents' requests for credit, and receipts and invoices. In the order in
 * which they are listed.
 */
export const ALERT_MAIL_KINDS = [...ALERT_KINDS.filter(canBeOff), 'credit_asked', 'paper'] as const;
export type AlertMailKind = (typeof ALERT_MAIL_KINDS)[number];

/** The mails that this person gets. */
export const alertSettingsSchema = z.object({
  /** Where they go; null: the host's tokens carry no address of this person, who gets none. */
  email: z.nullable(z.string()),
  mails: z.array(
    z.object({
      kind: z.enum(ALERT_MAIL_KINDS),
      isOn: z.boolean(),
      /** Switched off, it still comes while nobody else of the office gets it. */
      isKept: z.boolean(),
    }),
  ),
});
export type AlertSettings = z.output<typeof alertSettingsSchema>;

export const setAlertMailSchema = z.object({ kind: z.enum(ALERT_MAIL_KINDS), isOn: z.boolean() });
