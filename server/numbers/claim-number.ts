/** The row that says whose a number is: inserting it, or writing the next version over one that was given back, is the claim. */
import type { NumberOwnerRow, NumberRow, OfficeRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { DueToday } from './due-today.ts';

export interface NumberClaim {
  readonly number: NumberRow;
  readonly office: OfficeRow;
  readonly purchaseId: string;
  readonly atMs: number;
  readonly due: DueToday;
  /** The carrier's own id of it; null for our own inventory, and where the carrier did not tell it. */
  readonly numberRef: string | null;
  /** What readOwner found. */
  readonly before: NumberOwnerRow | null;
}

export function claimNumber({ number, office, purchaseId, atMs, due, numberRef, before }: NumberClaim): RowWrite {
  const row: NumberOwnerRow = {
    number: number.number,
    accountId: office.accountId,
    officeId: office.officeId,
    personId: null,
    purchaseId,
    purchasedAtMs: atMs,
    state: 'active',
    currency: number.currency,
    monthlyMicros: number.monthlyMicros,
    nextMonthlyMicros: null,
    nextMonthlyDay: null,
    anchorDay: due.anchorDay,
    rentDay: due.nextRentDay,
    stepDay: null,
    heldMicros: 0,
    holdId: null,
    told: '',
    changeId: null,
    releasedAtMs: null,
    // Rent looks at once and decides itself when it must look again.
    dueAtMs: atMs,
    version: (before?.version ?? 0) + 1,
    numberRef,
  };
  return { table: 'number_owner', mode: isGivenBack(before) ? 'next_version' : 'insert', row };
}

/** Also the row of a number that was given back. */
export async function readOwnerRow(store: Store, number: string): Promise<NumberOwnerRow | null> {
  const row = await store.db.selectFrom('number_owner').selectAll().where('number', '=', number).executeTakeFirst();
  return row ?? null;
}

/** Null also for a number that was given back. */
export function ownerOf(row: NumberOwnerRow | null): NumberOwnerRow | null {
  return isGivenBack(row) ? null : row;
}

function isGivenBack(row: NumberOwnerRow | null): boolean {
  return row?.state === 'returned';
}
