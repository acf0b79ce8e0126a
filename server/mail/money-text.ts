/** Money in mails and papers: "$25.00", "€1.50", "¥500". In English, as all texts of the server. */
import { MICROS_PER_UNIT } from '../../src/protocol/money.ts';

export function moneyText(amountMicros: number, currency: string): string {
  return printed(new Intl.NumberFormat('en-US', { style: 'currency', currency }), amountMicros);
}

/** To the micro-unit, for prices of small things: "$0.0079", and "$25.00" still. */
export function exactMoneyText(amountMicros: number, currency: string): string {
  return printed(
    new Intl.NumberFormat('en-US', { style: 'currency', currency, maximumFractionDigits: 6 }),
    amountMicros,
  );
}

function printed(format: Intl.NumberFormat, amountMicros: number): string {
  const amount = format.format(amountMicros / MICROS_PER_UNIT);
  // Printed with the standard fonts, which have no non-breaking space of their own width.
  return amount.replace(/[\u00a0\u202f]/g, ' ');
}
