/** A call's row as the contract shows it. */
import { CALL_STATUSES, type CallRecord, type CallStatus, END_REASONS } from '../../src/protocol/call.ts';
import { micros } from '../../src/protocol/money.ts';
import { perMinuteMicros } from '../../src/protocol/price.ts';
import { refusalSchema } from '../../src/protocol/problem.ts';
import { CALL_DIRECTIONS, RATE_KINDS, type Rate } from '../../src/protocol/rate.ts';
import type { CallRow } from '../storage/rows.ts';
import { agreedRate } from './agreed-rate.ts';

/** Statuses of a call that still can cost something. */
const RUNNING_STATUSES = ['authorized', 'ringing', 'answered'] as const satisfies readonly CallStatus[];

export function isRunning(row: Pick<CallRow, 'status'>): boolean {
  return RUNNING_STATUSES.some((status) => status === row.status);
}

export function callRecordOf(row: CallRow, at: { readonly nowMs: number }): CallRecord {
  const rate = agreedRate(row);
  return {
    callId: row.callId,
    officeId: row.officeId,
    agentId: row.personId,
    agentName: row.personName,
    direction: oneOf(CALL_DIRECTIONS, row.direction),
    number: row.number,
    destination: row.destination,
    kind: oneOf(RATE_KINDS, row.kind),
    status: oneOf(CALL_STATUSES, row.status),
    startedAtMs: row.startedAtMs,
    answeredAtMs: row.answeredAtMs,
    elapsedMs: elapsedMs(row, at.nowMs),
    endedAtMs: row.endedAtMs,
    endReason: row.endReason === null ? null : oneOf(END_REASONS, row.endReason),
    durationSeconds: row.durationSeconds,
    billedSeconds: row.billedSeconds,
    costMicros: micros(row.costMicros),
    currency: row.currency,
    perMinuteMicros: perMinuteMicros(rate, { startedAtMs: row.answeredAtMs ?? row.startedAtMs }),
    connectionFeeMicros: rate.connectionFeeMicros,
    lease: isRunning(row) ? leaseOf(row) : null,
    tariff: row.status === 'refused' ? null : tariffOf(rate),
    refusal: row.refusal === null ? null : refusalSchema.parse(JSON.parse(row.refusal)),
  };
}

export function leaseOf(row: CallRow) {
  return {
    leaseSeconds: row.leaseSeconds,
    renewalIndex: row.renewalIndex,
    isFinal: row.isLeaseFinal,
    heldMicros: micros(row.heldMicros),
  };
}

export function tariffOf({ connectionFeeMicros, steps, windows, timeZone, rounding }: Rate) {
  return { connectionFeeMicros, steps, windows, timeZone, rounding };
}

function elapsedMs(row: CallRow, nowMs: number): number | null {
  if (row.answeredAtMs === null || row.endedAtMs !== null) return null;
  return Math.max(0, nowMs - row.answeredAtMs);
}

/** The store keeps text; a text that is none of ours is a bug, not a value. */
function oneOf<const Value extends string>(values: readonly Value[], text: string): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Error(`The store holds "${text}" where only ${values.join(', ')} belong`);
  return found;
}
