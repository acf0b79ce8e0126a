/** What the edge reports of a call: the answer and the end, once, twice, late or never in that order. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { rateSchema } from '../../../src/protocol/rate.ts';
import { AUSTRIA, GERMAN_MOBILE, granted, KIM, OfficeRig } from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
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
