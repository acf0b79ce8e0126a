/**
 * Leases: how many seconds of talk a hold pays for, and when the server must look at a call again. All pure; leases count from the
 * answer on.
 *
 *   answer                 renew                    lease end            reap
 *     |----------------------|------------------------|-------------------|
 *     0        lease - renewBefore                  lease        lease + reapAfter
 *
 * A renewal moves the lease on by (lease - renewBefore), so that never more than one lease lies ahead. What it asks for follows from
 * the call's row alone: two servers that renew the same call ask for the same.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Micros } from '../../src/protocol/money.ts';
import { micros } from '../../src/protocol/money.ts';
import { affordableSeconds, firstBlock, priceCall } from '../../src/protocol/price.ts';
import type { Tariff } from '../../src/protocol/rate.ts';
import type { Policy } from '../policy/policy.ts';
import type { CallRow } from '../storage/rows.ts';

type CallPolicy = Policy['calls'];

/** The lease that an authorization wishes for: at least the first block, which is paid in any case. */
export function firstLeaseSeconds(
  tariff: Tariff,
  call: { readonly atMs: number; readonly policy: CallPolicy },
): number {
  const block = firstBlock(tariff, { startedAtMs: call.atMs });
  return Math.min(Math.max(call.policy.leaseSeconds, block.seconds), call.policy.maxSeconds);
}

/** The lease that a renewal wishes for. */
export function nextLeaseSeconds(row: Pick<CallRow, 'leaseSeconds'>, policy: CallPolicy): number {
  return Math.max(row.leaseSeconds, Math.min(row.leaseSeconds + renewalStepSeconds(policy), policy.maxSeconds));
}

/** A policy that renews before the lease has begun is taken as "at half of it". */
function renewalStepSeconds({ leaseSeconds, renewBeforeSeconds }: CallPolicy): number {
  return Math.max(leaseSeconds - renewBeforeSeconds, Math.ceil(leaseSeconds / 2));
}

/** What a lease costs at most, and so what must be held for it. */
export function leaseCostMicros(tariff: Tariff, lease: { readonly atMs: number; readonly seconds: number }): Micros {
  return priceCall(tariff, { startedAtMs: lease.atMs, durationSeconds: lease.seconds });
}

/** The part of a wished lease that a budget pays for; 0 when it does not cover the first block. */
export function paidLeaseSeconds(
  tariff: Tariff,
  lease: { readonly atMs: number; readonly budgetMicros: Micros; readonly wishedSeconds: number },
): number {
  return affordableSeconds(tariff, {
    startedAtMs: lease.atMs,
    budgetMicros: lease.budgetMicros,
    limitSeconds: lease.wishedSeconds,
  });
}

/**
 * The lease of a call from its answer on. The price may be another one than at the authorization (time of day), so what is held is
 * looked at again; a held amount never grows here.
 */
export function leaseFromAnswer(
  row: CallRow,
  answer: { readonly tariff: Tariff; readonly answeredAtMs: number },
): number {
  return paidLeaseSeconds(answer.tariff, {
    atMs: answer.answeredAtMs,
    budgetMicros: micros(row.heldMicros),
    wishedSeconds: row.leaseSeconds,
  });
}

/** When an answered call must be looked at next: to renew its lease, or, when it cannot grow, to reap the call. */
export function dueAtOfAnswered(
  row: Pick<CallRow, 'answeredAtMs' | 'startedAtMs' | 'leaseSeconds' | 'isLeaseFinal'>,
  policy: CallPolicy,
): number {
  return canGrow(row, policy)
    ? leaseEndMs(row) - (policy.leaseSeconds - renewalStepSeconds(policy)) * MILLISECONDS_PER_SECOND
    : leaseEndMs(row) + policy.reapAfterSeconds * MILLISECONDS_PER_SECOND;
}

/** False for a final lease (until credit is added) and for the longest call that the policy allows. */
export function canGrow(row: Pick<CallRow, 'leaseSeconds' | 'isLeaseFinal'>, policy: CallPolicy): boolean {
  return !row.isLeaseFinal && row.leaseSeconds < policy.maxSeconds;
}

export function leaseEndMs(row: Pick<CallRow, 'answeredAtMs' | 'startedAtMs' | 'leaseSeconds'>): number {
  return (row.answeredAtMs ?? row.startedAtMs) + row.leaseSeconds * MILLISECONDS_PER_SECOND;
}
