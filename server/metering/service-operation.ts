/** A charge as operations of the ledger. Their ids follow from the charge's, so whoever does a step again asks the same. */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { serviceEntryKind } from '../../src/protocol/service.ts';
import type { ExtendOperation, HoldOperation, LimitUse, SettleOperation } from '../ledger/operation.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';

const SERVICE_REVENUE = 'service_revenue';

interface HeldCharge {
  readonly row: ServiceChargeRow;
  readonly atMs: number;
}

/** Never the id of a call: both are made by others. */
export const SERVICE_HOLD_PREFIX = 'service:';

function holdIdOf(row: ServiceChargeRow): string {
  return `${SERVICE_HOLD_PREFIX}${row.chargeId}`;
}

/** The hold and the row in one step; `minimumMicros` 0 takes as much as there is. */
export function holdOperation(
  row: ServiceChargeRow,
  wish: {
    readonly amountMicros: Micros;
    readonly minimumMicros: Micros;
    readonly floorMicros: Micros;
    readonly limits: readonly LimitUse[];
  },
): HoldOperation {
  const { accountId, walletId, createdAtMs } = row;
  return {
    kind: 'hold',
    operationId: `service-hold:${row.chargeId}`,
    holdId: holdIdOf(row),
    accountId,
    walletId,
    atMs: createdAtMs,
    ...wish,
    alongside: [{ table: 'service_charge', mode: 'insert', row }],
  };
}

/** As far as the wallet can pay. */
export function extendOperation({ row, atMs }: HeldCharge, totalMicros: Micros): ExtendOperation {
  const { accountId, walletId } = row;
  return {
    kind: 'extend',
    operationId: `service-extend:${row.chargeId}:${totalMicros}`,
    holdId: holdIdOf(row),
    accountId,
    walletId,
    atMs,
    totalMicros,
    minimumMicros: ZERO_MICROS,
    alongside: [],
  };
}

/** `row` is the charge as it is over: what it cost is captured, the rest of the hold is given back. */
export function settleOperation({ row, atMs }: HeldCharge): SettleOperation {
  const { accountId, walletId, chargeId } = row;
  return {
    kind: 'settle',
    operationId: `service-settle:${chargeId}`,
    holdId: holdIdOf(row),
    accountId,
    walletId,
    atMs,
    captureMicros: micros(row.costMicros),
    revenueAccount: SERVICE_REVENUE,
    entryKind: serviceEntryKind(row.kind),
    reference: chargeId,
    alongside: [{ table: 'service_charge', mode: 'next_version', row }],
  };
}
