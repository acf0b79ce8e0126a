/** All that is printed on a paper, kept with its row: names and addresses may change, a paper does not. Pure. */
import * as z from 'zod/mini';
import { kindWords } from '../../src/protocol/kind-words.ts';
import { cardName } from '../mail/card-words.ts';
import { exactMoneyText, moneyText } from '../mail/money-text.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountRow, BillingTermsRow, InvoiceTaskRow, OfficeRow } from '../storage/rows.ts';
import { type InvoicedService, type InvoiceFacts, invoiceFactsSchema } from './invoice-task.ts';

export const INVOICE_KINDS = ['receipt', 'invoice', 'credit_note'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

const lineSchema = z.object({
  /** "2026-01-15", where the account is. */
  day: z.string(),
  text: z.string(),
  amountMicros: z.int(),
  /** The payment. */
  reference: z.string(),
  /** Only of what was used: how much of it, and at what price where there was one for all. */
  used: z.optional(z.object({ units: z.int(), unit: z.string(), unitPriceMicros: z.nullable(z.int()) })),
});

export const invoiceContentSchema = z.object({
  kind: z.enum(INVOICE_KINDS),
  /** "acme-000012". */
  name: z.string(),
  day: z.string(),
  currency: z.string(),
  sellerLines: z.array(z.string()),
  buyerLines: z.array(z.string()),
  lines: z.array(lineSchema),
  amountMicros: z.int(),
  /** Contained in the amount; null when the operator charges none. */
  tax: z.nullable(z.object({ name: z.string(), rateHundredths: z.int(), amountMicros: z.int() })),
  notes: z.array(z.string()),
});
export type InvoiceContent = z.output<typeof invoiceContentSchema>;

export interface InvoiceParts {
  readonly tasks: readonly InvoiceTaskRow[];
  readonly account: AccountRow;
  readonly office: OfficeRow;
  readonly terms: BillingTermsRow | null;
  readonly policy: Policy['invoices'];
  readonly invoiceNumber: number;
  readonly nowMs: number;
}

export function invoiceContent(parts: InvoiceParts): InvoiceContent {
  const { account, office, tasks, policy } = parts;
  const day = dayIn(account.timeZone);
  const amountMicros = tasks.reduce((sum, task) => sum + task.amountMicros, 0);
  const kind = kindOf(tasks, amountMicros);
  return {
    kind,
    name: invoiceName(parts),
    day: day(parts.nowMs),
    currency: account.currency,
    sellerLines: [...policy.sellerLines],
    buyerLines: [account.name, office.name, ...buyerLines(parts.terms)],
    lines: tasks.map((task) => {
      const facts = invoiceFactsSchema.parse(JSON.parse(task.facts));
      const { amountMicros: lineMicros } = task;
      const { reference, service } = facts;
      const line = { day: day(task.atMs), text: lineText(task, facts), amountMicros: lineMicros, reference };
      if (service === undefined) return line;
      const { units, unit, unitPriceMicros } = service;
      return { ...line, used: { units, unit, unitPriceMicros } };
    }),
    amountMicros,
    tax: policy.tax && { ...policy.tax, amountMicros: containedTax(amountMicros, policy.tax.rateHundredths) },
    notes: notesOf(kind, tasks),
  };
}

export function invoiceName(
  invoice: { readonly invoiceNumber: number } & ({ readonly accountId: string } | { readonly account: AccountRow }),
): string {
  const accountId = 'account' in invoice ? invoice.account.accountId : invoice.accountId;
  return `${accountId}-${String(invoice.invoiceNumber).padStart(6, '0')}`;
}

/** The number in a name of this very account; null for anything else. */
export function numberInName(accountId: string, name: string): number | null {
  const digits = name.startsWith(`${accountId}-`) ? name.slice(accountId.length + 1) : '';
  const invoiceNumber = /^\d{6,9}$/.test(digits) ? Number(digits) : 0;
  return invoiceNumber > 0 && invoiceName({ accountId, invoiceNumber }) === name ? invoiceNumber : null;
}

/** Rounded half away from zero, so that a credit note takes back exactly the tax of its receipt. */
export function containedTax(amountMicros: number, rateHundredths: number): number {
  const whole = 10_000n + BigInt(rateHundredths);
  const size = (BigInt(Math.abs(amountMicros)) * BigInt(rateHundredths) * 2n + whole) / (2n * whole);
  return Number(size) * Math.sign(amountMicros) || 0;
}

function kindOf(tasks: readonly InvoiceTaskRow[], amountMicros: number): InvoiceKind {
  if (tasks.some(({ kind }) => kind === 'on_account' || kind === 'service')) return 'invoice';
  return amountMicros < 0 ? 'credit_note' : 'receipt';
}

function lineText({ kind, currency }: InvoiceTaskRow, facts: InvoiceFacts): string {
  const card = facts.card ? `, ${cardName(facts.card)}` : '';
  const by = facts.byName === null ? '' : `, by ${facts.byName}`;
  switch (kind) {
    case 'auto_recharge': {
      const why =
        facts.availableMicros === null ? '' : ` because credit fell to ${moneyText(facts.availableMicros, currency)}`;
      return `Phone credit, auto-recharge${why}${card}`;
    }
    case 'on_account':
      return `Phone credit on account${by}`;
    case 'service':
      return facts.service ? serviceText(facts.service, currency) : 'Services';
    case 'operator_credit':
      return `Phone credit${facts.note === null ? '' : `: ${facts.note}`}`;
    case 'refund':
      return `Phone credit paid back${card}`;
    case 'dispute':
      return `Phone credit taken back by the bank${card}`;
    case 'returned':
      return `Phone credit, paid back before and received again${card}`;
    default:
      return `Phone credit${card}${by}`;
  }
}

/** "SMS in January 2026: 120 segments at $0.0079". */
function serviceText({ kind, unit, units, unitPriceMicros, month }: InvoicedService, currency: string): string {
  const counted = `${units} ${unit.replaceAll('_', ' ')}${units === 1 ? '' : 's'}`;
  const price = unitPriceMicros === null ? ', each by its rate' : ` at ${exactMoneyText(unitPriceMicros, currency)}`;
  return `${kindWords(kind)} in ${MONTH_TEXT.format(new Date(`${month}-01T00:00:00Z`))}: ${counted}${price}`;
}

const MONTH_TEXT = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });

function notesOf(kind: InvoiceKind, tasks: readonly InvoiceTaskRow[]): string[] {
  switch (kind) {
    case 'receipt':
      return ['Paid. The credit is used for calls, numbers and messages and does not expire.'];
    case 'invoice':
      return [
        ...(tasks.some((task) => task.kind === 'on_account') ? ['This credit was added when it was asked for.'] : []),
        ...(tasks.some((task) => task.kind === 'service')
          ? ['These services took no credit when they were used.']
          : []),
        'Please pay this invoice as agreed.',
      ];
    case 'credit_note':
      return ['This amount went back to the card it came from.'];
  }
}

function buyerLines(terms: BillingTermsRow | null): string[] {
  return terms === null ? [] : z.array(z.string()).parse(JSON.parse(terms.buyerLines));
}

/** "2026-01-15": Sweden writes dates as ISO 8601 does. */
function dayIn(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (atMs) => format.format(atMs);
}
