/**
 * Statements: where every cent of an office went (L-17 to L-21, D-25 to D-27). For roles billing and company only.
 *
 *   ledger entry ──► line ──► group, person, destination, day ──► opening + added - spent = closing
 *
 * A line is one entry of the office's wallet, so lines, groups, days, the CSV and the ledger have the same sums, to the micro-unit. What
 * cost nothing has no entry and no line. Days and months are those of the account's time zone.
 */
import * as z from 'zod/mini';
import { CALL_DIRECTIONS, microsSchema, RATE_KINDS, rateStepSchema, roundingSchema } from './rate.ts';

/**
 * usage     what was used up: calls, numbers, services; also a kind that this version does not know
 * added     credit that came in
 * returned  money that went back to where it came from: refunds, disputes, and what came back of them
 */
export const STATEMENT_FLOWS = ['usage', 'added', 'returned'] as const;
export type StatementFlow = (typeof STATEMENT_FLOWS)[number];

export const STATEMENT_SORTS = ['time', 'amount', 'duration'] as const;
export type StatementSort = (typeof STATEMENT_SORTS)[number];

/** A calendar month of the account's time zone, "2026-11". */
export const statementMonthSchema = z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/));
/** A calendar day of the account's time zone, "2026-11-22". */
export const statementDaySchema = z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/));

/**
 * What a line is about. `groupKey` is the kind of the entry, for calls with the kind of the rate behind it: "outbound_call.international",
 * "inbound_call.toll_free", "number_purchase", "number_renewal", "top_up". `title` is its name in English, "Outbound International Call";
 * a kind that nobody knows has a name as well.
 */
const groupShape = {
  groupKey: z.string(),
  title: z.string(),
  flow: z.enum(STATEMENT_FLOWS),
} as const;

/** One part of an amount: set-up and rest of the month of a number, talk and recording of a call, segments of a message. */
export const statementPartSchema = z.object({
  /** "call", "recording", "transfer", "setup", "month", "sms" ... */
  kind: z.string(),
  /** How many units, and of what ("second", "segment", "page", "month"); null where nothing is counted. */
  quantity: z.nullable(z.number()),
  unit: z.nullable(z.string()),
  /** Signed like the amount of the line; all parts together are that amount. */
  amountMicros: microsSchema,
});
export type StatementPart = z.output<typeof statementPartSchema>;

export const statementLineSchema = z.object({
  ...groupShape,
  /** 1, 2, 3 ... of this wallet, without gaps; the order in which the balance changed. */
  sequence: z.int(),
  atMs: z.int(),
  /** Fixed list of F-06. */
  entryKind: z.string(),
  /** Whose it was; null for what nobody in particular did. */
  personId: z.nullable(z.string()),
  /** Then the name of the office. Rent is of who bought the number. */
  personName: z.nullable(z.string()),
  /** The department (D-25). */
  officeId: z.string(),
  officeName: z.string(),
  /** The office's own number: shown to the callee, called by the caller, bought. */
  numberUsed: z.nullable(z.string()),
  /** The other side: the number called, or that of the caller. */
  otherNumber: z.nullable(z.string()),
  /** "Germany, mobile". */
  destination: z.nullable(z.string()),
  durationSeconds: z.nullable(z.int()),
  /** Negative: out of the wallet. Never 0. */
  amountMicros: microsSchema,
  /** The balance of the wallet after this line. */
  balanceMicros: microsSchema,
  /** What it was for: id of the call (all lines of one call have the same), number, id of the payment. */
  reference: z.string(),
  /** Empty when the amount has one part only. */
  parts: z.array(statementPartSchema),
});
export type StatementLine = z.output<typeof statementLineSchema>;

export const statementLinePageSchema = z.object({
  currency: z.string(),
  /** IANA name; dates and times of lines are shown in it. */
  timeZone: z.string(),
  lines: z.array(statementLineSchema),
  /**
   * Where the next page begins; null at the end. A page may have fewer lines than were asked for, even none, and yet a next one: the
   * server looks through a bounded number of lines for one request, however rare what is looked for.
   */
  nextCursor: z.nullable(z.string()),
  /** How many lines fit period and filters; null where counting would mean reading them all. */
  lineCount: z.nullable(z.int()),
});
export type StatementLinePage = z.output<typeof statementLinePageSchema>;

/** Which lines. Without `month`, `from` and `to`: all there are. `month` wins over `from` and `to`, both inclusive. */
export const statementFilterSchema = z.object({
  month: z.optional(statementMonthSchema),
  from: z.optional(statementDaySchema),
  to: z.optional(statementDaySchema),
  flow: z.optional(z.enum(STATEMENT_FLOWS)),
  group: z.optional(z.string().check(z.maxLength(100))),
  personId: z.optional(z.string().check(z.maxLength(200))),
  numberUsed: z.optional(z.string().check(z.maxLength(64))),
  destination: z.optional(z.string().check(z.maxLength(200))),
  /** Contained in person, destination, one of the numbers, reference or name of the group; upper or lower case alike. */
  text: z.optional(z.string().check(z.maxLength(100))),
});
export type StatementFilter = z.output<typeof statementFilterSchema>;

export const MAX_STATEMENT_PAGE_SIZE = 200;
export const STATEMENT_PAGE_SIZE = 50;

export const statementQuerySchema = z.object({
  ...statementFilterSchema.shape,
  /** "time" when left out: the order in which the balance changed. Lines that have no duration count as 0 seconds. */
  sort: z.optional(z.enum(STATEMENT_SORTS)),
  /** "desc" when left out: newest first; for amounts what cost most first. */
  direction: z.optional(z.enum(['asc', 'desc'])),
  /** 1 to MAX_STATEMENT_PAGE_SIZE; STATEMENT_PAGE_SIZE when left out. */
  pageSize: z.optional(z.string().check(z.regex(/^\d{1,3}$/))),
  cursor: z.optional(z.string().check(z.maxLength(100))),
});
export type StatementQuery = z.output<typeof statementQuerySchema>;

/** Sums of lines. `spentMicros` and `addedMicros` are never negative: what left the wallet, and what came in. */
const sumsShape = {
  lineCount: z.int(),
  durationSeconds: z.int(),
  spentMicros: microsSchema,
  addedMicros: microsSchema,
} as const;

export const statementGroupSchema = z.object({ ...groupShape, ...sumsShape });
export type StatementGroup = z.output<typeof statementGroupSchema>;

/** Usage only: what went back or came in is nobody's spending. */
const usageShape = { lineCount: z.int(), durationSeconds: z.int(), spentMicros: microsSchema } as const;

export const statementPersonSchema = z.object({
  personId: z.nullable(z.string()),
  personName: z.nullable(z.string()),
  ...usageShape,
});
export const statementOfficeSchema = z.object({ officeId: z.string(), officeName: z.string(), ...usageShape });
export const statementDestinationSchema = z.object({ destination: z.nullable(z.string()), ...usageShape });
export const statementNumberSchema = z.object({ numberUsed: z.nullable(z.string()), ...usageShape });

export const statementDayRowSchema = z.object({
  day: statementDaySchema,
  /** What was spent on usage, by group, largest first: sums to the day's spending. */
  usage: z.array(z.object({ groupKey: z.string(), spentMicros: microsSchema })),
  /** All that left the wallet, and came in. */
  spentMicros: microsSchema,
  addedMicros: microsSchema,
  /** At the end of the day. */
  balanceMicros: microsSchema,
});
export type StatementDayRow = z.output<typeof statementDayRowSchema>;

export const statementInvoicedSchema = z.object({
  /** "transcription", and its name in English. */
  kind: z.string(),
  title: z.string(),
  unit: z.string(),
  units: z.int(),
  chargeCount: z.int(),
  amountMicros: microsSchema,
});
export type StatementInvoiced = z.output<typeof statementInvoicedSchema>;

export const statementSummarySchema = z.object({
  currency: z.string(),
  timeZone: z.string(),
  /** First and last day of the period; null when there are no lines at all. */
  from: z.nullable(statementDaySchema),
  to: z.nullable(statementDaySchema),
  /** opening + added - spent = closing, exactly. */
  openingMicros: microsSchema,
  addedMicros: microsSchema,
  spentMicros: microsSchema,
  closingMicros: microsSchema,
  lineCount: z.int(),
  /** Of calls, in and out (D-25). */
  tollFreeCallCount: z.int(),
  internationalCallCount: z.int(),
  /** What was spent most on first. */
  groups: z.array(statementGroupSchema),
  /** At most SUMMARY_ROWS of each, what was spent most on first; the sums of those that are left out are in `rest`. */
  people: z.array(statementPersonSchema),
  offices: z.array(statementOfficeSchema),
  destinations: z.array(statementDestinationSchema),
  numbers: z.array(statementNumberSchema),
  rest: z.object({
    people: z.object(usageShape),
    destinations: z.object(usageShape),
    numbers: z.object(usageShape),
  }),
  /**
   * What is paid by invoice and took no credit (C-21), by kind, what cost most first: apart from all of the above, which is about the
   * wallet. Equal to the lines of that month's invoices. Left out when there is nothing.
   */
  invoiced: z.optional(z.array(statementInvoicedSchema)),
  /** Days with lines only, oldest first. */
  days: z.array(statementDayRowSchema),
});
export type StatementSummary = z.output<typeof statementSummarySchema>;

/** Rows of each list of a summary; beyond it a chart or list says "others". */
export const SUMMARY_ROWS = 200;

export const statementPeriodSchema = z.object({
  month: z.optional(statementMonthSchema),
  from: z.optional(statementDaySchema),
  to: z.optional(statementDaySchema),
});
export type StatementPeriod = z.output<typeof statementPeriodSchema>;

export const statementMonthsSchema = z.object({
  timeZone: z.string(),
  /** The running month in the account's time zone. */
  currentMonth: statementMonthSchema,
  /** Months that have lines, newest first. */
  months: z.array(z.object({ month: statementMonthSchema, lineCount: z.int(), spentMicros: microsSchema })),
});
export type StatementMonths = z.output<typeof statementMonthsSchema>;

export const statementForecastSchema = z.object({
  currency: z.string(),
  timeZone: z.string(),
  /** Spent on usage on each of the last seven days, oldest first, today last. */
  days: z.array(z.object({ day: statementDaySchema, spentMicros: microsSchema })),
  availableMicros: microsSchema,
  /** At the pace of these seven days, and with the rents that fall due; null when it lasts longer than a year, or for ever. */
  lastsUntilMs: z.nullable(z.int()),
  /** Rents of numbers that fall due until then, by day: the last one may be the one that the credit does not cover. */
  rents: z.array(z.object({ day: statementDaySchema, amountMicros: microsSchema })),
});
export type StatementForecast = z.output<typeof statementForecastSchema>;

/** `increments` whole increments of the step, from `atSecond` of the call on. */
const pricedStepSchema = z.object({ ...rateStepSchema.shape, atSecond: z.int(), increments: z.int() });

/** Why a line costs what it costs, as facts; the screen makes the words ("13 x 1 min at $0.055, rounded up"). */
export const statementExplanationSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    direction: z.enum(CALL_DIRECTIONS),
    rateKind: z.enum(RATE_KINDS),
    destination: z.string(),
    answeredAtMs: z.int(),
    durationSeconds: z.int(),
    billedSeconds: z.int(),
    connectionFeeMicros: microsSchema,
    steps: z.array(pricedStepSchema),
    /** Of the sum of all the above, once. */
    rounding: roundingSchema,
    /** What all the above comes to. */
    priceMicros: microsSchema,
    /** What was taken for it: less than the price only where the credit for the call was used up. */
    chargedMicros: microsSchema,
  }),
  z.object({
    type: z.literal('parts'),
    parts: z.array(statementPartSchema),
    /** Of a metered service: as of a call, with units of the service (`unit` of its part) instead of seconds. */
    price: z.optional(
      z.object({
        connectionFeeMicros: microsSchema,
        steps: z.array(pricedStepSchema),
        rounding: roundingSchema,
        priceMicros: microsSchema,
      }),
    ),
  }),
  z.object({
    type: z.literal('payment'),
    paymentId: z.string(),
    /** "visa 4242"; null when no card was used. */
    card: z.nullable(z.string()),
  }),
  /** Nobody here knows more about it than the entry itself. */
  z.object({ type: z.literal('entry'), otherAccount: z.string(), reference: z.string() }),
]);
export type StatementExplanation = z.output<typeof statementExplanationSchema>;

export const explainedLineSchema = z.object({
  currency: z.string(),
  timeZone: z.string(),
  line: statementLineSchema,
  explanation: statementExplanationSchema,
  /** The other lines of the same call: recording, transfer, conference. */
  related: z.array(statementLineSchema),
});
export type ExplainedLine = z.output<typeof explainedLineSchema>;

/** In a path. */
export const statementSequenceSchema = z.string().check(z.regex(/^[1-9]\d{0,14}$/));
