/** What a call would cost, how long the credit lasts, and whether it would be granted. Moves nothing. */
import type { Quote } from '../../src/protocol/call.ts';
import { affordableSeconds, firstBlock, perMinuteMicros } from '../../src/protocol/price.ts';
import { granted, type Outcome, type Refusal, refusal, refused } from '../../src/protocol/problem.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet, type Wallet } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import { callLimits, limitRefusal } from './call-limits.ts';
import { tariffOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { holdingCallsOf } from './call-rows.ts';
import { usedOf } from './hold-call.ts';
import { policyRefusal } from './policy-refusal.ts';
import { type PricedDestination, resolveDestination } from './resolve-destination.ts';

export async function quoteCall(
  room: CallRoom,
  { identity, to }: { readonly identity: Identity; readonly to: string },
): Promise<Outcome<Quote>> {
  const atMs = room.clock.nowMs();
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const resolved = await resolveDestination(room, { identity, office, to, atMs });
  if (!resolved.ok) return resolved;
  const call: QuotedCall = { identity, office, destination: resolved.value, atMs };
  const wallet = await readWallet(room.store, office.office);
  return granted(quoteOf(room, { ...call, wallet, refusal: await refusalNow(room, { ...call, wallet }) }));
}

export interface QuotedCall {
  readonly identity: Identity;
  readonly office: Office;
  readonly destination: PricedDestination;
  readonly atMs: number;
}

export function quoteOf(
  room: CallRoom,
  call: QuotedCall & { readonly wallet: Wallet; readonly refusal: Refusal | null },
): Quote {
  const { rate, isCharged, number, destination } = call.destination;
  const at = { startedAtMs: call.atMs };
  return {
    number,
    destination,
    kind: rate.kind,
    country: room.countryOf(number),
    currency: call.office.account.currency,
    isFree: !isCharged,
    perMinuteMicros: perMinuteMicros(rate, at),
    connectionFeeMicros: rate.connectionFeeMicros,
    neededMicros: firstBlock(rate, at).costMicros,
    availableMicros: call.wallet.availableMicros,
    talkSeconds: isCharged
      ? affordableSeconds(rate, {
          ...at,
          budgetMicros: call.wallet.availableMicros,
          limitSeconds: room.policy.ofServer().calls.maxSeconds,
        })
      : null,
    tariff: tariffOf(rate),
    refusal: call.refusal,
  };
}

async function refusalNow(room: CallRoom, call: QuotedCall & { readonly wallet: Wallet }): Promise<Refusal | null> {
  const policy = room.policy.of(call.office.account);
  const forbidden = policyRefusal({ ...call, policy });
  if (forbidden) return forbidden;
  return (await creditRefusalNow(room, call)) ?? (await limitRefusalNow(room, call));
}

async function creditRefusalNow(room: CallRoom, call: QuotedCall & { readonly wallet: Wallet }) {
  if (!call.destination.isCharged) return null;
  return creditRefusal(call.wallet, {
    neededMicros: firstBlock(call.destination.rate, { startedAtMs: call.atMs }).costMicros,
    floorMicros: room.policy.of(call.office.account).credit.callFloorMicros,
    currency: call.office.account.currency,
    holdingCalls: await holdingCallsOf(room.store, call.office.office),
  });
}

async function limitRefusalNow(room: CallRoom, call: QuotedCall): Promise<Refusal | null> {
  const neededMicros = firstBlock(call.destination.rate, { startedAtMs: call.atMs }).costMicros;
  for (const limit of limitsOf(room, call)) {
    const used = await usedOf(room, { accountId: call.identity.accountId, limitKey: limit.limitKey });
    const needed = limit.keeps === 'nothing' ? limit.use : neededMicros;
    if (used + needed > limit.ceiling) return limitRefusal(limit, call.office.account.currency);
  }
  return null;
}

export function limitsOf(room: CallRoom, call: QuotedCall) {
  return callLimits(
    {
      personId: call.identity.personId,
      officeId: call.identity.officeId,
      timeZone: call.office.office.timeZone,
      atMs: call.atMs,
      kind: call.destination.rate.kind,
      isCharged: call.destination.isCharged,
    },
    room.policy.of(call.office.account).caps,
  );
}
