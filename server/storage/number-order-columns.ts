/** The columns of number-order-rows.ts at run time. */
import type { ColumnsOf } from './columns-of.ts';
import type { NumberOrderTables } from './number-order-rows.ts';

export const NUMBER_ORDER_COLUMNS: ColumnsOf<NumberOrderTables> = {
  number_order: {
    accountId: 'key',
    orderId: 'key',
    officeId: 'value',
    walletId: 'value',
    number: 'value',
    carrier: 'value',
    carrierRef: 'value',
    state: 'value',
    facts: 'value',
    currency: 'value',
    amountMicros: 'value',
    personId: 'value',
    personName: 'value',
    attempts: 'value',
    problem: 'value',
    createdAtMs: 'value',
    askedAtMs: 'value',
    endedAtMs: 'value',
    dueAtMs: 'value',
    version: 'value',
  },
  number_price: {
    accountId: 'key',
    country: 'key',
    type: 'key',
    currency: 'key',
    setupMicros: 'value',
    monthlyMicros: 'value',
    inboundPerMinuteMicros: 'value',
  },
  number_purchase: {
    accountId: 'key',
    operationId: 'key',
    officeId: 'value',
    number: 'value',
    personId: 'value',
    personName: 'value',
    setupMicros: 'value',
    firstMonthMicros: 'value',
    days: 'value',
    atMs: 'value',
  },
};
