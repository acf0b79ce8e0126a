/** Calls that nobody reports, servers that die in the middle of them, and clocks that jump. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../../server/storage/store.ts';
import type { CallAuthorization } from '../../../src/protocol/call.ts';
import { micros } from '../../../src/protocol/money.ts';
import { AUSTRIA, GERMAN_MOBILE, granted, KIM, OfficeRig } from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

async function admitted(number: string): Promise<CallAuthorization> {
  const authorized = granted(await rig.authorize(number));
  expect((await rig.admit(authorized)).decision).toBe('allow');
  return authorized;
}

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

  test('and only rang give the hold back after the time for ringing, and for a report of what became of them', async () => {
    await rig.addCredit(60_000);
    const { callId } = await admitted(GERMAN_MOBILE);
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(79);
    expect((await rig.wallet()).held).toBe(60_000);
    await rig.pass(1.5);
    expect(await rig.row(callId)).toMatchObject({ status: 'released', endReason: 'no_answer' });
    expect((await rig.wallet()).held).toBe(0);
  });

  test('and still ring at their edge are not given up: answered, they would be free', async () => {
    await rig.addCredit(60_000);
    const { callId } = await admitted(GERMAN_MOBILE);
    rig.edgeCommands.outcome = ({ callId }) => ({
      outcome: 'done',
      call: { callId, state: 'ringing', elapsedMs: null, leaseSeconds: 60 },
    });
    await rig.pass(120);
    expect((await rig.wallet()).held).toBe(60_000);
    expect(await rig.answered(callId)).toEqual({ leaseSeconds: 60, isOver: false });
    await rig.ended(callId, 30_000);
    expect(await rig.captured(callId)).toBe(60_000);
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

  test('while a call rings asks its edge whether it was answered meanwhile, and charges it', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await admitted(AUSTRIA);
    rig.clock.advance(100_000);
    await rig.restart();
    rig.edgeCommands.outcome = ({ callId }) => ({
      outcome: 'done',
      call: { callId, state: 'answered', elapsedMs: 45_000, leaseSeconds: 60 },
    });
    await rig.pass(1);
    expect(await rig.row(callId)).toMatchObject({ status: 'answered', leaseSeconds: 100 });
    await rig.ended(callId, 50_000);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', durationSeconds: 50 });
  });

  test('while a call rings waits for the reports of one that was answered and is over', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await admitted(AUSTRIA);
    rig.clock.advance(100_000);
    await rig.restart();
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    await rig.pass(6);
    expect(await rig.answered(callId, 90_000)).toMatchObject({ isOver: false });
    await rig.ended(callId, 48_000, 42_000);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', durationSeconds: 48 });
    expect(await rig.captured(callId)).toBe((await rig.row(callId)).costMicros);
    expect(await rig.captured(callId)).toBeGreaterThan(0);
  });

  test('while a call rings gives its hold back when nobody can say what became of it', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await admitted(AUSTRIA);
    rig.clock.advance(100_000);
    await rig.restart();
    rig.edgeCommands.outcome = () => ({ outcome: 'unreachable', cause: 'the network is lost' });
    await rig.pass(9);
    expect((await rig.wallet()).held).toBeGreaterThan(0);
    await rig.pass(2);
    expect(await rig.row(callId)).toMatchObject({ status: 'released', endReason: 'no_answer', costMicros: 0 });
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
