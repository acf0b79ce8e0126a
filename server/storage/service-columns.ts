/** The columns of service-rows.ts at run time. */
import type { ColumnsOf } from './columns-of.ts';
import type { ServiceTables } from './service-rows.ts';

export const SERVICE_COLUMNS: ColumnsOf<ServiceTables> = {
  service_charge: {
    accountId: 'key',
    chargeId: 'key',
    officeId: 'value',
    walletId: 'value',
    personId: 'value',
    personName: 'value',
    callId: 'value',
    kind: 'value',
    unit: 'value',
    number: 'value',
    destination: 'value',
    origin: 'value',
    paidBy: 'value',
    status: 'value',
    authorizedUnits: 'value',
    units: 'value',
    currency: 'value',
    rate: 'value',
    heldMicros: 'value',
    costMicros: 'value',
    shortMicros: 'value',
    createdAtMs: 'value',
    expiresAtMs: 'value',
    endedAtMs: 'value',
    dueAtMs: 'value',
    version: 'value',
    invoiceTaskId: 'value',
  },
};
