/** Money in mails and papers: "$25.00", "€1.50", "¥500". In English, as all texts of the server. */
import { MICROS_PER_UNIT } from '../../src/protocol/money.ts';

export function moneyText(amountMicros: number, currency: string): string {
  const amount = new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amountMicros / MICROS_PER_UNIT);
  // Printed with the standard fonts, which have no non-breaking space of their own width.
  return amount.replace(/[\u00a0\u202f]/g, ' ');
}
