/** What a statement says of a purchase beyond its entry: who bought the number, and what the charge was made of (F-06, L-21). */
import { type Micros, minMicros, subtractMicros } from '../../src/protocol/money.ts';
import type { RowWrite } from '../storage/rows.ts';
import type { DueToday } from './due-today.ts';

export interface ChargedPurchase {
  readonly accountId: string;
  readonly officeId: string;
  readonly number: string;
  readonly personId: string;
  readonly personName: string;
  /** Of the charge. */
  readonly operationId: string;
  readonly atMs: number;
  readonly due: DueToday;
  /** Never more than what is due. */
  readonly chargedMicros: Micros;
}

export function purchaseRecord({ due, chargedMicros, ...purchase }: ChargedPurchase): RowWrite {
  const setupMicros = minMicros(due.setupMicros, chargedMicros);
  const firstMonthMicros = subtractMicros(chargedMicros, setupMicros);
  return {
    table: 'number_purchase',
    mode: 'insert',
    row: { ...purchase, setupMicros, firstMonthMicros, days: due.days },
  };
}
