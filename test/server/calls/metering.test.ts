/** The life of a running call: answer, leases, final lease, end; what the edge reports and what nobody reports. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EdgeCommandOutcome } from '../../../server/edge/edge-contract.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { UnavailableError } from '../../../server/storage/store.ts';
import { micros } from '../../../src/protocol/money.ts';
import { rateSchema } from '../../../src/protocol/rate.ts';
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

describe('the end', () => {
  test('S-04, C-18: charges the measured duration at the rate of the destination, releases the rest, tells everybody', async () => {
    await rig.addCredit(1_000_000);
    const mobile = await rig.answeredCall(GERMAN_MOBILE);
    const austria = await rig.answeredCall(AUSTRIA, { identity: KIM });
    rig.clock.advance(61_000);
    expect(await rig.ended(austria.callId, 30_400)).toEqual({ leaseSeconds: null, isOver: true });
    await rig.ended(mobile.callId, 60_000);
    await rig.settleDown();
    expect(await rig.row(austria.callId)).toMatchObject({
      status: 'settled',
      endReason: 'hung_up',
      durationSeconds: 31,
      billedSeconds: 31,
      costMicros: 101_667,
      dueAtMs: null,
    });
    expect(await rig.row(mobile.callId)).toMatchObject({ durationSeconds: 60, costMicros: 60_000 });
    expect(await rig.captured(austria.callId)).toBe(101_667);
    expect(await rig.wallet()).toEqual({ balance: 838_333, held: 0, available: 838_333 });
    expect(rig.eventsOf('call').at(-1)?.call).toMatchObject({
      callId: mobile.callId,
      status: 'settled',
      costMicros: 60_000,
    });
  });

  test('F-06: is one entry that names what it was for', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(callId, 1_000);
    const entries = await rig.store.db.selectFrom('entry').selectAll().where('reference', '=', callId).execute();
    expect(
      entries.map(({ entryKind, ledgerAccount, amountMicros }) => ({ entryKind, ledgerAccount, amountMicros })),
    ).toEqual([
      { entryKind: 'outbound_call', ledgerAccount: 'wallet', amountMicros: -60_000 },
      { entryKind: 'outbound_call', ledgerAccount: 'call_revenue', amountMicros: 60_000 },
    ]);
  });

  test('reported twice is charged once', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await Promise.all([rig.ended(callId, 30_000), rig.ended(callId, 30_000), rig.ended(callId, 90_000)]);
    await rig.ended(callId, 50_000);
    expect(await rig.captured(callId)).toBe((await rig.row(callId)).costMicros);
    expect((await rig.row(callId)).costMicros).toBe(60_000);
  });

  test('never answered costs nothing', async () => {
    await rig.addCredit(60_000);
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(authorized);
    await rig.services.edge.ringing(authorized.callId, { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0 });
    expect((await rig.row(authorized.callId)).status).toBe('ringing');
    await rig.services.edge.ended(authorized.callId, {
      accountId: 'acme',
      edgeId: 'embedded',
      happenedAgoMs: 0,
      durationMs: null,
      reason: 'busy',
    });
    expect(await rig.row(authorized.callId)).toMatchObject({ status: 'released', endReason: 'busy', costMicros: 0 });
    expect(await rig.wallet()).toEqual({ balance: 60_000, held: 0, available: 60_000 });
  });

  test('that overtakes the answer is charged by its duration, and the late answer hears that it is over', async () => {
    await rig.addCredit(1_000_000);
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(authorized);
    rig.clock.advance(50_000);
    await rig.ended(authorized.callId, 40_000, 5_000);
    expect(await rig.answered(authorized.callId, 45_000)).toEqual({ leaseSeconds: null, isOver: true });
    const row = await rig.row(authorized.callId);
    expect(row).toMatchObject({ status: 'settled', durationSeconds: 40, costMicros: 60_000 });
    expect(row.endedAtMs).toBe(rig.clock.nowMs() - 5_000);
    expect(row.answeredAtMs).toBe(rig.clock.nowMs() - 45_000);
  });

  test('late after the reaping changes nothing: the first settlement stands', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    rig.edgeCommands.outcome = () => ({ outcome: 'unreachable', cause: 'test' });
    await rig.pass(112);
    const reaped = await rig.row(callId);
    expect(reaped).toMatchObject({ status: 'settled', costMicros: 120_000 });
    expect(await rig.ended(callId, 10_000, 100_000)).toEqual({ leaseSeconds: null, isOver: true });
    expect(await rig.row(callId)).toEqual(reaped);
    expect(rig.logged).toContain('an end was reported after the call was settled');
  });

  test('with an absurd duration is charged for the lease and no more', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(callId, 71_582_788_000);
    expect(await rig.row(callId)).toMatchObject({ durationSeconds: 60, costMicros: 60_000 });
  });

  test('without an answer that was reported is measured by the server', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    rig.clock.advance(10_000);
    await rig.ended(callId, null);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', durationSeconds: 10 });
  });

  test('is told by the edge that has the call, under its account, and by no other', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const report = { happenedAgoMs: 0, durationMs: 0, reason: 'hung_up' } as const;
    const others = [
      { accountId: 'acme', edgeId: 'another' },
      { accountId: 'other', edgeId: 'embedded' },
      { accountId: '', edgeId: 'embedded' },
    ];
    for (const other of others) {
      expect(await rig.services.edge.ended(callId, { ...other, ...report })).toEqual({
        leaseSeconds: null,
        isOver: true,
      });
    }
    expect((await rig.row(callId)).status).toBe('answered');
  });
});

describe('the answer', () => {
  test('counts from when it happened, but neither before the call nor in the future', async () => {
    await rig.addCredit(1_000_000);
    const startedAtMs = rig.clock.nowMs();
    const one = granted(await rig.authorize(GERMAN_MOBILE));
    const two = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(one);
    await rig.admit(two);
    rig.clock.advance(5_000);
    expect(await rig.answered(one.callId, 2_000)).toEqual({ leaseSeconds: 60, isOver: false });
    await rig.answered(two.callId, 3_600_000);
    expect((await rig.row(one.callId)).answeredAtMs).toBe(startedAtMs + 3_000);
    expect((await rig.row(two.callId)).answeredAtMs).toBe(startedAtMs);
  });

  test('reported again changes nothing, and tells an edge that missed a command how long the lease is', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const { answeredAtMs } = await rig.row(callId);
    await rig.pass(45);
    expect(await rig.answered(callId, 20_000)).toEqual({ leaseSeconds: 100, isOver: false });
    expect((await rig.row(callId)).answeredAtMs).toBe(answeredAtMs);
  });

  /** The call as it would be had its rate a window from 12:00:10 on (the rig's clock begins at noon), in which a second costs more. */
  async function withDearerWindow(callId: string, times: number): Promise<void> {
    const row = await rig.row(callId);
    const cheap = rateSchema.parse(JSON.parse(row.rate));
    const steps = cheap.steps.map((step) => ({ ...step, priceMicros: micros(step.priceMicros * times) }));
    const { connectionFeeMicros } = cheap;
    const window = {
      fromTime: '12:00:10',
      toTime: '24:00:00',
      days: [1, 2, 3, 4, 5, 6, 7],
      connectionFeeMicros,
      steps,
    };
    const rate = JSON.stringify({ ...cheap, windows: [window] });
    await rig.store.writeRows([
      { table: 'call', mode: 'next_version', row: { ...row, rate, version: row.version + 1 } },
    ]);
  }

  test('at a dearer time of day shortens the lease to what is held', async () => {
    await rig.addCredit(150_000);
    const authorized = granted(await rig.authorize(AUSTRIA));
    await rig.admit(authorized);
    await withDearerWindow(authorized.callId, 2);
    rig.clock.advance(10_000);
    expect(await rig.answered(authorized.callId)).toEqual({ leaseSeconds: 30, isOver: false });
  });

  test('at a time so dear that the hold does not cover the first block takes it from the wallet, or ends the call', async () => {
    await rig.addCredit(60_000);
    const poor = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(poor);
    await withDearerWindow(poor.callId, 2);
    rig.clock.advance(10_000);
    expect(await rig.answered(poor.callId)).toEqual({ leaseSeconds: 0, isOver: false });
    await rig.ended(poor.callId, 40);
    expect(await rig.row(poor.callId)).toMatchObject({ status: 'settled', costMicros: 0 });

    rig.clock.advance(24 * 3_600_000 - 10_000);
    await rig.addCredit(60_000);
    const rich = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(rich);
    await withDearerWindow(rich.callId, 2);
    rig.clock.advance(10_000);
    expect(await rig.answered(rich.callId)).toEqual({ leaseSeconds: 40, isOver: false });
    expect((await rig.wallet()).held).toBe(120_000);
  });
});

describe('calls that nobody reports', () => {
  test('are settled for their whole lease, as out of credit when it was the last', async () => {
    await rig.addCredit(60_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.pass(69.5);
    expect((await rig.row(callId)).status).toBe('answered');
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(1);
    expect(await rig.row(callId)).toMatchObject({
      status: 'settled',
      endReason: 'credit_exhausted',
      durationSeconds: 60,
      costMicros: 60_000,
    });
    expect(await rig.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  });

  test('and never used their grant give the hold back when the grant has ended', async () => {
    await rig.addCredit(60_000);
    const { callId, grantExpiresInSeconds } = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.pass(grantExpiresInSeconds);
    expect((await rig.wallet()).held).toBe(60_000);
    await rig.pass(1.25);
    expect(await rig.row(callId)).toMatchObject({ status: 'released', costMicros: 0 });
    expect((await rig.wallet()).held).toBe(0);
  });

  test('and only rang give the hold back after the time for ringing', async () => {
    await rig.addCredit(60_000);
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(authorized);
    await rig.pass(69);
    expect((await rig.wallet()).held).toBe(60_000);
    await rig.pass(1.5);
    expect(await rig.row(authorized.callId)).toMatchObject({ status: 'released', endReason: 'no_answer' });
  });
});

describe('a server that dies', () => {
  test('in the middle of calls goes on with them: they renew and settle exactly once', async () => {
    await rig.addCredit(1_000_000);
    const one = await rig.answeredCall(GERMAN_MOBILE);
    const two = await rig.answeredCall(AUSTRIA, { identity: KIM });
    await rig.pass(30);
    await rig.restart();
    await rig.pass(15);
    expect((await rig.row(one.callId)).leaseSeconds).toBe(100);
    await rig.ended(one.callId, 70_000);
    await rig.restart();
    await rig.ended(one.callId, 70_000);
    await rig.ended(two.callId, 45_000);
    expect(await rig.captured(one.callId)).toBe(120_000);
    expect(await rig.captured(two.callId)).toBe(125_000);
    expect(await rig.wallet()).toEqual({ balance: 755_000, held: 0, available: 755_000 });
  });

  test('for longer than a lease waits for the report of the end before it charges the whole lease', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    rig.clock.advance(3_600_000);
    await rig.restart();
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(5);
    await rig.ended(callId, 12_000, 3_500_000);
    expect(await rig.row(callId)).toMatchObject({ durationSeconds: 12, costMicros: 70_000 });
  });

  test('while a call ends waits for the report of the end before it charges as far as the clock knows', async () => {
    await rig.addCredit(1_000_000);
    const reported = await rig.answeredCall(AUSTRIA);
    const lost = await rig.answeredCall(AUSTRIA, { identity: KIM });
    rig.clock.advance(50_000);
    await rig.restart();
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(5);
    expect(await rig.row(reported.callId)).toMatchObject({ status: 'answered', costMicros: 0 });
    await rig.ended(reported.callId, 3_000, 50_000);
    expect(await rig.row(reported.callId)).toMatchObject({ durationSeconds: 3, endReason: 'hung_up' });
    await rig.pass(10);
    expect(await rig.row(lost.callId)).toMatchObject({ status: 'settled', endReason: 'line_lost' });
    expect((await rig.wallet()).held).toBe(0);
  });

  test('in the middle of a renewal that is covered is nothing: hold and lease are one step of the store', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    let rowsAlone = 0;
    const { writeRows } = rig.store;
    rig.store.writeRows = async (writes) => {
      rowsAlone += writes.filter(({ table }) => table === 'call').length;
      return await writeRows.call(rig.store, writes);
    };
    await rig.pass(45);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, heldMicros: 120_000, renewalIndex: 1 });
    expect(rowsAlone).toBe(0);
  });

  test.each([
    true,
    false,
  ])('a store whose answer to a renewal is lost does not cut the call (written: %s)', async (isWritten) => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const submit = rig.ledger.submit.bind(rig.ledger);
    rig.ledger.submit = async (operation) => {
      if (isWritten) await submit(operation);
      throw new UnavailableError('the connection broke');
    };
    await rig.pass(40);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: isWritten ? 100 : 60 });
    rig.ledger.submit = submit;
    await rig.pass(0.5);
    const target = { accountId: 'acme', callId, edgeId: 'embedded' };
    expect(rig.edgeCommands.leases.at(-1)).toEqual({ ...target, leaseSeconds: 100, isFinal: false });
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, heldMicros: 120_000, renewalIndex: 1 });
    const tellings = rig.edgeCommands.leases.length;
    await rig.pass(30);
    expect(rig.edgeCommands.leases).toHaveLength(tellings);
    await rig.pass(10);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 140, renewalIndex: 2 });
  });

  test('between the growing of a hold by what there was and the writing of the lease leaves nothing that is not healed', async () => {
    await rig.addCredit(200_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    const { writeRows } = rig.store;
    rig.store.writeRows = async () => {
      throw new Error('killed');
    };
    await rig.pass(40);
    expect(await rig.wallet()).toEqual({ balance: 200_000, held: 200_000, available: 0 });
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 60, heldMicros: 150_000, renewalIndex: 0 });
    expect(rig.edgeCommands.leases).toEqual([]);
    rig.store.writeRows = writeRows;
    await rig.restart();
    await rig.addCredit(1_000_000);
    await rig.pass(0.25);
    expect(rig.edgeCommands.leases.slice(0, 2)).toMatchObject([
      { callId, leaseSeconds: 60, isFinal: false },
      { callId, leaseSeconds: 90, isFinal: true },
    ]);
    await rig.pass(1);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 130, heldMicros: 266_667, isLeaseFinal: false });
  });

  test('between the growing of a hold and the writing of the lease leaves nothing that is not healed', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const row = await rig.row(callId);
    const grown = await rig.ledger.submit({
      kind: 'extend',
      operationId: `extend:${callId}:1`,
      holdId: callId,
      accountId: row.accountId,
      walletId: row.walletId,
      atMs: rig.clock.nowMs(),
      totalMicros: micros(120_000),
      minimumMicros: micros(0),
      alongside: [],
    });
    expect(grown.applied).toBe(true);
    await rig.restart();
    await rig.pass(45);
    expect(await rig.row(callId)).toMatchObject({ leaseSeconds: 100, heldMicros: 120_000, renewalIndex: 1 });
    expect((await rig.wallet()).held).toBe(120_000);
  });
});

describe('a clock that jumps', () => {
  test('forward does not end a call that the edge knows to live', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.pass(10);
    rig.edgeCommands.outcome = (target) => ({
      outcome: 'done',
      call: { callId: target.callId, state: 'answered', elapsedMs: 10_000, leaseSeconds: 60 },
    });
    rig.clock.advance(3_600_000);
    await rig.pass(0.25);
    const row = await rig.row(callId);
    expect(row).toMatchObject({ status: 'answered', leaseSeconds: 60 });
    expect(row.answeredAtMs).toBeGreaterThan(rig.clock.nowMs() - 11_000);
  });

  test('backward charges no negative time', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(AUSTRIA);
    rig.clock.advance(-3_600_000);
    await rig.pass(1);
    await rig.ended(callId, 10_000);
    const row = await rig.row(callId);
    expect(row).toMatchObject({ durationSeconds: 10, costMicros: 66_667 });
    expect((row.endedAtMs ?? 0) - (row.answeredAtMs ?? 0)).toBe(10_000);
  });
});
