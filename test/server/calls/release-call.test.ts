/** A widget that hangs up before the answer: the hold goes back, but never so early that the call becomes a free one. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { codeOf, GERMAN_MOBILE, granted, KIM, OfficeRig, SAM } from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

describe('hanging up while it rings or before', () => {
  test('gives the hold back at once, again and again', async () => {
    await rig.addCredit(60_000);
    const { callId } = granted(await rig.authorize(GERMAN_MOBILE));
    for (let time = 0; time < 2; time += 1) {
      const record = granted(await rig.services.handlers.releaseCall(SAM, { callId }));
      expect(record).toMatchObject({ status: 'released', endReason: 'cancelled', costMicros: 0, lease: null });
    }
    expect(await rig.wallet()).toEqual({ balance: 60_000, held: 0, available: 60_000 });
  });

  test('a call that an edge still rings is not given back: once answered it would be free', async () => {
    await rig.addCredit(60_000);
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(authorized);
    const record = granted(await rig.services.handlers.releaseCall(SAM, { callId: authorized.callId }));
    expect(record.status).toBe('authorized');
    expect(rig.edgeCommands.ends).toMatchObject([{ callId: authorized.callId, reason: 'cancelled' }]);
    expect((await rig.wallet()).held).toBe(60_000);
  });

  test('a call that is over at its edge is given back by the report that is on its way, or a little later without one', async () => {
    await rig.addCredit(60_000);
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit(authorized);
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    for (let time = 0; time < 2; time += 1) {
      const gone = granted(await rig.services.handlers.releaseCall(SAM, { callId: authorized.callId }));
      expect(gone.status).toBe('authorized');
      await rig.pass(5);
    }
    await rig.pass(0.5);
    expect(await rig.row(authorized.callId)).toMatchObject({ status: 'released', endReason: 'no_answer' });
    expect((await rig.wallet()).held).toBe(0);
    expect(await rig.answered(authorized.callId)).toEqual({ leaseSeconds: null, isOver: true });
  });

  test('a call that was answered and ended before its reports came is charged all the same', async () => {
    await rig.addCredit(60_000);
    const { callId, ...authorized } = granted(await rig.authorize(GERMAN_MOBILE));
    await rig.admit({ ...authorized, callId });
    rig.edgeCommands.outcome = () => ({ outcome: 'gone' });
    rig.clock.advance(20_000);
    granted(await rig.services.handlers.releaseCall(SAM, { callId }));
    await rig.pass(6);
    expect(await rig.answered(callId, 21_000)).toMatchObject({ isOver: false });
    await rig.ended(callId, 14_000, 7_000);
    expect(await rig.row(callId)).toMatchObject({ status: 'settled', endReason: 'hung_up', durationSeconds: 14 });
    expect(await rig.captured(callId)).toBe(60_000);
  });

  test('in the moment in which the INVITE is admitted is either in time or too late, never both', async () => {
    rig.policy = { ...DEFAULT_POLICY, caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: null } };
    await rig.addCredit(10_000_000);
    const turns = async (count: number) => {
      for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    for (let delay = -8; delay <= 8; delay += 1) {
      const authorized = granted(await rig.authorize(GERMAN_MOBILE));
      const [admission] = await Promise.all([
        turns(delay).then(() => rig.admit(authorized)),
        turns(-delay).then(() => rig.services.handlers.releaseCall(SAM, { callId: authorized.callId })),
      ]);
      const { status } = await rig.row(authorized.callId);
      expect({ delay, status }).toEqual({ delay, status: admission.decision === 'allow' ? 'authorized' : 'released' });
    }
  });

  test("an answered call is left alone, and somebody else's is unknown", async () => {
    await rig.addCredit(60_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    expect(granted(await rig.services.handlers.releaseCall(SAM, { callId })).status).toBe('answered');
    expect(codeOf(await rig.services.handlers.releaseCall(KIM, { callId }))).toBe('call_unknown');
    expect((await rig.wallet()).held).toBe(60_000);
  });
});
