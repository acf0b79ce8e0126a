/** The columns of owned-number-rows.ts at run time. */
import type { ColumnsOf } from './columns-of.ts';
import type { OwnedNumberTables } from './owned-number-rows.ts';

export const OWNED_NUMBER_COLUMNS: ColumnsOf<OwnedNumberTables> = {
  number_owner: {
    number: 'key',
    accountId: 'value',
    officeId: 'value',
    personId: 'value',
    purchaseId: 'value',
    purchasedAtMs: 'value',
    state: 'value',
    currency: 'value',
    monthlyMicros: 'value',
    nextMonthlyMicros: 'value',
    nextMonthlyDay: 'value',
    anchorDay: 'value',
    rentDay: 'value',
    stepDay: 'value',
    heldMicros: 'value',
    holdId: 'value',
    told: 'value',
    changeId: 'value',
    releasedAtMs: 'value',
    dueAtMs: 'value',
    version: 'value',
    numberRef: 'value',
  },
};
