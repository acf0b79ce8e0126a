/** Leases of a running call: renewed before their end, held first, final when nothing is left. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EdgeCommandOutcome } from '../../../server/edge/edge-contract.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { micros } from '../../../src/protocol/money.ts';
import {
  AUSTRIA,
  codeOf,
  DANA,
  ECHO,
  EMERGENCY,
  GERMAN_MOBILE,
  granted,
  KIM,
  OfficeRig,
  SAM,
} from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

describe('leases', () => {
  test('C-17: are renewed twenty seconds before their end, hold first, and everybody sees the credit fall', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    await rig.pass(39.75);
    expect((await rig.row(callId)).leaseSeconds).toBe(60);
    rig.told.length = 0;
    await rig.pass(0.5);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, renewalIndex: 1, isLeaseFinal: false });
    expect(rig.edgeCommands.leases).toEqual([
      { accountId: 'acme', callId, edgeId: 'embedded', leaseSeconds: 100, isFinal: false },
    ]);
    expect((await rig.wallet()).available).toBe(1_000_000 - 50_000 - 166_667);
    const balances = rig.eventsOf('balance');
    expect(balances.at(-1)?.balance).toMatchObject({ availableMicros: 783_333, heldMicros: 216_667 });
    expect(rig.eventsOf('call').at(-1)?.call.lease?.leaseSeconds).toBe(100);
  });

  test('grow to the part that the wallet can pay for, and the last one is final', async () => {
    await rig.addCredit(200_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    await rig.pass(41);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 90, isLeaseFinal: true, heldMicros: 200_000 });
    expect(await rig.wallet()).toEqual({ balance: 200_000, held: 200_000, available: 0 });
    expect(rig.edgeCommands.leases.at(-1)).toMatchObject({ leaseSeconds: 90, isFinal: true });
  });

  test('credit added in a call makes a final lease grow at once, at the edge and in every widget', async () => {
    await rig.addCredit(60_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.pass(45);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 60, isLeaseFinal: true });
    rig.edgeCommands.leases.length = 0;
    rig.told.length = 0;
    granted(await rig.services.handlers.addPlayCredit(DANA, { creditId: 'credit-0001', amountMicros: micros(60_000) }));
    await rig.settleDown();
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, isLeaseFinal: false, heldMicros: 120_000 });
    expect(rig.edgeCommands.leases).toEqual([
      { accountId: 'acme', callId, edgeId: 'embedded', leaseSeconds: 100, isFinal: false },
    ]);
    expect(rig.eventsOf('call').at(-1)?.call.lease).toMatchObject({ leaseSeconds: 100, isFinal: false });
  });

  test('credit added by another process is found within a second', async () => {
    await rig.addCredit(60_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.pass(45);
    await rig.addCredit(59_999);
    await rig.pass(1);
    expect((await rig.row(callId)).isLeaseFinal).toBe(true);
    const { version } = await rig.row(callId);
    await rig.addCredit(1);
    await rig.pass(1);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, isLeaseFinal: false, version: version + 1 });
  });

  test('what another call gives back makes a final lease grow too', async () => {
    await rig.addCredit(120_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const other = granted(await rig.authorize(GERMAN_MOBILE, { identity: KIM }));
    await rig.pass(45);
    expect((await rig.row(callId)).isLeaseFinal).toBe(true);
    granted(await rig.services.handlers.releaseCall(KIM, { callId: other.callId }));
    await rig.pass(1);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, isLeaseFinal: false });
  });

  test('of free and emergency calls are renewed without credit, up to the longest call', async () => {
    rig.policy = { ...DEFAULT_POLICY, calls: { ...DEFAULT_POLICY.calls, maxSeconds: 130 } };
    const echo = await rig.answeredCall(ECHO);
    const emergency = await rig.answeredCall(EMERGENCY, { identity: KIM });
    await rig.pass(85);
    for (const { callId } of [echo, emergency]) {
      expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 130, isLeaseFinal: false, heldMicros: 0 });
    }
    await rig.pass(60);
    for (const { callId } of [echo, emergency]) {
      expect(await rig.row(callId)).toMatchObject({
        status: 'settled',
        endReason: 'lease_expired',
        durationSeconds: 130,
        costMicros: 0,
      });
    }
  });

  test('of two calls share one wallet to the last micro', async () => {
    await rig.addCredit(240_000);
    const one = await rig.answeredCall(GERMAN_MOBILE);
    const two = await rig.answeredCall(GERMAN_MOBILE, { identity: KIM });
    await rig.pass(75);
    expect(await rig.wallet()).toEqual({ balance: 240_000, held: 240_000, available: 0 });
    await rig.pass(60);
    for (const { callId } of [one, two]) {
      expect(await rig.row(callId)).toMatchObject({
        endReason: 'credit_exhausted',
        durationSeconds: 120,
        costMicros: 120_000,
      });
    }
    expect(await rig.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  });

  test('asked for by index are renewed once, not before they come near their end, and not after the call', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const renew = (renewalIndex: number) => rig.services.handlers.renewCall(SAM, { callId, renewalIndex });
    expect(granted(await renew(1))).toMatchObject({ leaseSeconds: 60, renewalIndex: 0 });
    rig.clock.advance(40_000);
    expect(granted(await renew(1))).toMatchObject({ leaseSeconds: 100, renewalIndex: 1, heldMicros: 120_000 });
    expect(granted(await renew(1))).toMatchObject({ leaseSeconds: 100, renewalIndex: 1, heldMicros: 120_000 });
    expect(granted(await renew(2))).toMatchObject({ renewalIndex: 1 });
    expect(codeOf(await rig.services.handlers.renewCall(KIM, { callId, renewalIndex: 1 }))).toBe('call_unknown');
    await rig.ended(callId, 41_000);
    expect(codeOf(await renew(2))).toBe('call_ended');
  });

  test('are renewed once when two servers look at the same calls', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.pass(45, [rig.services, rig.newServices()]);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, renewalIndex: 1, heldMicros: 120_000 });
  });

  test('of an edge that does not know the call grow no more; without a report it is charged up to when it was gone', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(41);
    expect(await rig.row(callId)).toMatchObject({ status: 'answered', costMicros: 0, leaseSeconds: 100 });
    await rig.addCredit(1_000_000);
    await rig.pass(10);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', endReason: 'line_lost', durationSeconds: 40 });
    expect((await rig.wallet()).held).toBe(0);
  });

  test('of an edge that does not know the call are settled by its report when that comes after all', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(45);
    await rig.ended(callId, 7_000, 38_000);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', endReason: 'hung_up', durationSeconds: 7 });
    await rig.pass(20);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', durationSeconds: 7 });
  });

  test('of an edge that does not answer grow no more, and the call is reaped after its lease', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    rig.edgeCommands.outcome = () => ({ outcome: 'unreachable', cause: 'test' });
    await rig.pass(109);
    expect(await rig.row(callId)).toMatchObject({ status: 'answered', leaseSeconds: 100, renewalIndex: 1 });
    await rig.pass(2);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', endReason: 'lease_expired', costMicros: 120_000 });
    expect(rig.logged).toContain('an edge does not answer');
  });

  test('are not kept waiting by an edge that takes its time: the others are renewed meanwhile', async () => {
    rig.policy = { ...DEFAULT_POLICY, caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: null } };
    await rig.addCredit(10_000_000);
    for (let call = 0; call < 40; call += 1) await rig.answeredCall(GERMAN_MOBILE);
    const answers = Promise.withResolvers<EdgeCommandOutcome>();
    const told = new Set<string>();
    rig.edgeCommands.setLease = async ({ callId }) => {
      told.add(callId);
      return await answers.promise;
    };
    rig.clock.advance(41_000);
    const round = rig.services.scheduler.tick();
    await expect.poll(() => told.size).toBe(40);
    answers.resolve({ outcome: 'unreachable', cause: 'test' });
    await round;
  });

  test('of an edge that was away for a moment go on: it is told again, and nothing is held twice for that', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const answering = rig.edgeCommands.outcome;
    rig.edgeCommands.outcome = () => ({ outcome: 'unreachable', cause: 'test' });
    await rig.pass(50);
    const away = await rig.row(callId);
    expect(away).toMatchObject({ status: 'answered', leaseSeconds: 100, renewalIndex: 1 });
    rig.edgeCommands.outcome = answering;
    await rig.pass(5);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, renewalIndex: 1, heldMicros: away.heldMicros });
    await rig.pass(60);
    expect(await rig.row(callId)).toMatchObject({ status: 'answered', leaseSeconds: 140, renewalIndex: 2 });
  });
});
