/** The file of a paper: the same to the byte, whatever stands on it. */
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  containedTax,
  type InvoiceContent,
  invoiceName,
  numberInName,
} from '../../../server/invoices/invoice-content.ts';
import { invoicePdf } from '../../../server/invoices/invoice-pdf.ts';

const CONTENT: InvoiceContent = {
  kind: 'receipt',
  name: 'acme-000012',
  day: '2026-01-15',
  currency: 'EUR',
  sellerLines: ['Phone Ltd', '1 High Street'],
  buyerLines: ['Müller & Söhne', 'Berlin'],
  lines: [{ day: '2026-01-15', text: 'Phone credit, Visa ...4242', amountMicros: 25_000_000, reference: 'p' }],
  amountMicros: 25_000_000,
  tax: { name: 'VAT', rateHundredths: 1900, amountMicros: 3_991_597 },
  notes: ['Paid.'],
};

/** The words of all pages; pdfkit writes them as hexadecimal Windows-1252, with gaps for kerning. */
function textOf(pdf: Buffer): string {
  const raw = pdf.toString('latin1');
  const streams = [...raw.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) =>
    inflateSync(Buffer.from(body, 'latin1')).toString('latin1'),
  );
  const lines = streams
    .join('\n')
    .split('\n')
    .filter((line) => line.endsWith('TJ'));
  const decode = (hex: string) => new TextDecoder('windows-1252').decode(Buffer.from(hex, 'hex'));
  return lines
    .map((line) => [...line.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => decode(hex)).join(''))
    .join('\n');
}

describe('the file', () => {
  test('is the same to the byte for the same paper', async () => {
    expect(await invoicePdf(CONTENT)).toEqual(await invoicePdf(structuredClone(CONTENT)));
    expect(await invoicePdf(CONTENT)).not.toEqual(await invoicePdf({ ...CONTENT, amountMicros: 25_010_000 }));
  });

  test('has everything that stands on the paper', async () => {
    const text = textOf(await invoicePdf(CONTENT));
    for (const words of [
      'Receipt acme-000012',
      '2026-01-15',
      'Phone Ltd',
      'Müller & Söhne',
      'EUR 25.00',
      'VAT 19 % contained',
      'EUR 3.99',
      'Paid.',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('says that there is no tax when there is none', async () => {
    expect(textOf(await invoicePdf({ ...CONTENT, tax: null }))).toContain('No tax is charged.');
  });

  test.each([
    ['letters with accents lose them', 'Łódź Gdańsk Čapek', '?ódz Gdansk Capek'],
    ['other scripts become question marks', 'Київ 東京', '???? ??'],
    ['line breaks and controls become spaces', 'a\nb\u0000c', 'a b c'],
  ])('%s', async (_name, given, printed) => {
    expect(textOf(await invoicePdf({ ...CONTENT, buyerLines: [given] })).normalize()).toContain(printed);
  });

  test('goes over several pages, with a yen that has no cents', async () => {
    const line = CONTENT.lines[0] ?? { day: '', text: '', amountMicros: 0, reference: '' };
    const lines = Array.from({ length: 100 }, (_, index) => ({
      ...line,
      text: `Line ${index} end`,
      amountMicros: 500_000_000,
    }));
    const text = textOf(await invoicePdf({ ...CONTENT, currency: 'JPY', lines }));
    expect(text).toContain('Line 0 end');
    expect(text).toContain('Line 99 end');
    expect(text).toContain('JPY 500');
  });
});

describe('tax that is contained in an amount', () => {
  test.each([
    [25_000_000, 1900, 3_991_597],
    [-25_000_000, 1900, -3_991_597],
    [0, 1900, 0],
    [1, 10_000, 1],
    [1_000_000_000_000_000, 2500, 200_000_000_000_000],
  ])('%d micros at %d hundredths of a percent is %d', (amount, rate, tax) => {
    expect(containedTax(amount, rate)).toBe(tax);
  });
});

describe('names of papers', () => {
  test.each([1, 12, 999_999, 1_000_000])('%d is found again', (invoiceNumber) => {
    expect(numberInName('acme', invoiceName({ accountId: 'acme', invoiceNumber }))).toBe(invoiceNumber);
  });
  test.each([
    'acme-000000',
    'acme-0000012',
    'other-000012',
    'acme',
    'acme-00001x',
    '',
  ])('%s is none of acme', (name) => {
    expect(numberInName('acme', name)).toBeNull();
  });
});
