/** Receipts, invoices and credit notes, for roles billing and company only. */
import * as z from 'zod/mini';
import { microsSchema } from './rate.ts';

export const invoiceSchema = z.object({
  /** The number that is printed on it, for instance "acme-000012"; the file is at /v1/invoices/acme-000012.pdf. */
  name: z.string(),
  kind: z.enum(['receipt', 'invoice', 'credit_note']),
  officeId: z.string(),
  /** Negative for what went back. */
  amountMicros: microsSchema,
  /** Contained in the amount. */
  taxMicros: microsSchema,
  currency: z.string(),
  issuedAtMs: z.int(),
  /** Of invoices only: true until the operator has noted that it was paid. */
  isOpen: z.optional(z.boolean()),
  /** The payment that it is about, or how credit that came otherwise was noted; null when it has several lines. */
  reference: z.nullable(z.string()),
});
export type Invoice = z.output<typeof invoiceSchema>;

export const invoicePageSchema = z.object({
  /** Newest first. */
  invoices: z.array(invoiceSchema),
  nextCursor: z.nullable(z.string()),
});
export type InvoicePage = z.output<typeof invoicePageSchema>;

/** Answers application/pdf. `file` is an invoice's name with ".pdf" behind. */
export const INVOICE_FILE_PATH = '/v1/invoices/:file';
export const INVOICE_FILE_NAME = /^([A-Za-z0-9._-]{1,80})\.pdf$/;
