/**
 * A paper as PDF (pdfkit: plain JavaScript, its standard fonts need no file). The same content is the same file to the byte: nothing in
 * it depends on when or where it is made. The standard fonts write western European letters; others are written without their accents
 * where they have any, or as "?".
 */
import PDFDocument from 'pdfkit';
import { MICROS_PER_UNIT } from '../../src/protocol/money.ts';
import type { InvoiceContent, InvoiceKind } from './invoice-content.ts';

const TITLES: Readonly<Record<InvoiceKind, string>> = {
  receipt: 'Receipt',
  invoice: 'Invoice',
  credit_note: 'Credit note',
};
const MARGIN = 56;
const WIDTH = 595 - 2 * MARGIN;
const DAY_WIDTH = 75;
const AMOUNT_WIDTH = 110;
/** Where a line does not fit on the page any more. */
const BOTTOM = 842 - MARGIN - 40;

export async function invoicePdf(content: InvoiceContent): Promise<Buffer> {
  const page = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    info: {
      Title: printable(`${TITLES[content.kind]} ${content.name}`),
      CreationDate: new Date(`${content.day}T00:00:00Z`),
    },
  });
  const parts: Buffer[] = [];
  page.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => {
    page.once('end', resolve);
    page.once('error', reject);
  });
  head(page, content);
  for (const line of content.lines)
    row(page, { left: line.day, text: line.text, amount: amountText(line.amountMicros, content.currency) });
  sums(page, content);
  page.end();
  await ended;
  return Buffer.concat(parts);
}

type Page = InstanceType<typeof PDFDocument>;

function head(page: Page, content: InvoiceContent): void {
  page.font('Helvetica').fontSize(10);
  for (const line of content.sellerLines) page.text(printable(line), { align: 'right' });
  page.moveDown(2);
  for (const line of content.buyerLines) page.text(printable(line));
  page.moveDown(2);
  page
    .font('Helvetica-Bold')
    .fontSize(18)
    .text(`${TITLES[content.kind]} ${printable(content.name)}`);
  page.font('Helvetica').fontSize(10).text(content.day);
  page.moveDown(1.5);
}

function row(page: Page, cells: { readonly left: string; readonly text: string; readonly amount: string }): void {
  if (page.y > BOTTOM) page.addPage();
  const { y } = page;
  const textWidth = WIDTH - DAY_WIDTH - AMOUNT_WIDTH;
  page.text(cells.left, MARGIN, y, { width: DAY_WIDTH });
  page.text(cells.amount, MARGIN + DAY_WIDTH + textWidth, y, { width: AMOUNT_WIDTH, align: 'right' });
  page.text(printable(cells.text), MARGIN + DAY_WIDTH, y, { width: textWidth });
  page.moveDown(0.4);
}

function sums(page: Page, { amountMicros, currency, tax, notes }: InvoiceContent): void {
  page.moveDown(0.6);
  page.font('Helvetica-Bold');
  row(page, { left: '', text: 'Total', amount: amountText(amountMicros, currency) });
  page.font('Helvetica');
  if (tax) {
    const rate = (tax.rateHundredths / 100).toFixed(2).replace(/\.?0+$/, '');
    row(page, { left: '', text: `${tax.name} ${rate} % contained`, amount: amountText(tax.amountMicros, currency) });
  } else {
    row(page, { left: '', text: 'No tax is charged.', amount: '' });
  }
  page.moveDown(1);
  for (const note of notes) page.text(printable(note), MARGIN, page.y, { width: WIDTH });
}

/**
 * "USD 25.00", and to the micro-unit where an amount has more digits: lines must add up to the total. Signs of many currencies are in no
 * standard font.
 */
function amountText(amountMicros: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    maximumFractionDigits: 6,
  });
  return format.format(amountMicros / MICROS_PER_UNIT).replace(/[\u00a0\u202f]/g, ' ');
}

/** Windows-1252 beyond Latin-1, which the standard fonts have, too. */
const WINDOWS_1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** Control characters, line breaks among them, become spaces. */
function printable(text: string): string {
  return [...text.replace(/\p{Cc}+/gu, ' ')]
    .map((letter) => (isInFonts(letter) ? letter : withoutAccent(letter)))
    .join('');
}

function isInFonts(letter: string): boolean {
  return (
    (letter >= ' ' && letter <= '~') || (letter >= '\u00a0' && letter <= '\u00ff') || WINDOWS_1252.includes(letter)
  );
}

function withoutAccent(letter: string): string {
  const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain !== '' && [...plain].every(isInFonts) ? plain : '?';
}
