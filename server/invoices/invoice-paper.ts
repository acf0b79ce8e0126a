/** An invoice as it goes by mail: words and file. */
import type { MailPaper } from '../mail/mail-room.ts';
import type { MailWords } from '../mail/mail-words.ts';
import { exactMoneyText, moneyText } from '../mail/money-text.ts';
import type { Store } from '../storage/store.ts';
import { type InvoiceContent, invoiceContentSchema } from './invoice-content.ts';
import { invoicePdf } from './invoice-pdf.ts';

interface InvoiceAddress {
  readonly accountId: string;
  readonly invoiceNumber: number;
}

export async function invoicePaper(store: Pick<Store, 'db'>, address: InvoiceAddress): Promise<MailPaper | null> {
  const row = await store.db
    .selectFrom('invoice')
    .select('content')
    .where('accountId', '=', address.accountId)
    .where('invoiceNumber', '=', address.invoiceNumber)
    .executeTakeFirst();
  if (!row) return null;
  const content = invoiceContentSchema.parse(JSON.parse(row.content));
  const file = { name: `${content.name}.pdf`, contentType: 'application/pdf', content: await invoicePdf(content) };
  return { ...wordsOf(content), action: SEE_PAPERS, file };
}

/** The last paragraph says where in the phone. */
const SEE_PAPERS = { label: 'See the payments', words: null };

function wordsOf(content: InvoiceContent): Omit<MailWords, 'action'> {
  const amount = moneyText(Math.abs(content.amountMicros), content.currency);
  const what = content.lines.map(({ text }) => `${text}.`);
  switch (content.kind) {
    case 'receipt':
      return {
        subject: `Receipt: ${amount} phone credit`,
        paragraphs: [
          `${amount} of phone credit was paid on ${content.day} and can be used now.`,
          ...what,
          attached('receipt', content),
        ],
      };
    case 'invoice':
      return invoiceWords(content);
    case 'credit_note':
      return {
        subject: `Credit note: ${amount} phone credit`,
        paragraphs: [`${amount} went back, and so much credit was taken.`, ...what, attached('credit note', content)],
      };
  }
}

function invoiceWords(content: InvoiceContent): Omit<MailWords, 'action'> {
  const { currency, amountMicros } = content;
  const used = content.lines.filter(({ used }) => used !== undefined);
  const usedMicros = used.reduce((sum, line) => sum + line.amountMicros, 0);
  const creditMicros = amountMicros - usedMicros;
  const money = (micros: number) => exactMoneyText(micros, currency);
  const credit = `${money(creditMicros)} of phone credit was added on account and is due by this invoice. The credit could be used at once.`;
  const services = `${money(usedMicros)} is due for services that are paid by invoice and took no credit.`;
  return {
    subject: `Invoice: ${money(amountMicros)} ${used.length === 0 ? 'phone credit' : 'for the month'}`,
    paragraphs: [
      ...(creditMicros === 0 ? [] : [credit]),
      ...(used.length === 0 ? [] : [services, ...used.map(({ text }) => `${text}.`)]),
      attached('invoice', content),
    ],
  };
}

function attached(what: string, { name }: InvoiceContent): string {
  return `The ${what} ${name} is attached, and is listed under Billing in the phone.`;
}
