import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CALL_SLOTS } from '../../../server/calls/call-slots.ts';
import { GERMAN_MOBILE, OfficeRig } from '../../support/office-rig.ts';

const ALL = Array.from({ length: CALL_SLOTS }, (_, slot) => slot);

describe('calls of a server that died', () => {
  let rig: OfficeRig;
  beforeEach(async () => {
    rig = await OfficeRig.open();
    await rig.addCredit(100_000_000);
    for (const callId of ['call-of-slot-0', 'call-of-slot-1']) await rig.answeredCall(GERMAN_MOBILE, { callId });
    rig.clock.advance(1);
    rig.edgeCommands.leases.length = 0;
  });
  afterEach(async () => {
    await rig.close();
  });

  const told = () => rig.edgeCommands.leases.map(({ callId, leaseSeconds }) => ({ callId, leaseSeconds }));

  test('their edges are told once how long they may go on, since nobody knows whether the dead one came to it', async () => {
    const next = rig.newServices();
    await rig.pass(1, [next]);
    const leases = await Promise.all(
      ['call-of-slot-0', 'call-of-slot-1'].map(async (callId) => ({
        callId,
        leaseSeconds: (await rig.row(callId)).leaseSeconds,
      })),
    );
    expect(told().toSorted((a, b) => a.callId.localeCompare(b.callId))).toEqual(leases);
  });

  test('only those of the slots that came: who keeps its slots says nothing again', async () => {
    let slots: readonly number[] = [0];
    const server = rig.newServices({ callSlots: () => slots });
    await rig.pass(1, [server]);
    expect(told().map(({ callId }) => callId)).toEqual(['call-of-slot-0']);
    slots = ALL;
    await rig.pass(1, [server]);
    expect(told().map(({ callId }) => callId)).toEqual(['call-of-slot-0', 'call-of-slot-1']);
  });

  test('a call of which the edge cannot be told keeps no other call from being renewed', async () => {
    const { outcome } = rig.edgeCommands;
    rig.edgeCommands.outcome = (target) => {
      if (target.callId === 'call-of-slot-0' && rig.clock.nowMs() < untilMs)
        throw new Error('no command comes through');
      return outcome(target);
    };
    const untilMs = rig.clock.nowMs() + 5_000;
    await rig.pass(45, [rig.newServices()]);
    expect((await rig.row('call-of-slot-0')).leaseSeconds).toBeGreaterThan(60);
    expect((await rig.row('call-of-slot-1')).leaseSeconds).toBeGreaterThan(60);
  });

  test('a call that is over at its edge waits for its report, and takes no other call with it', async () => {
    const { outcome } = rig.edgeCommands;
    rig.edgeCommands.outcome = (target) => (target.callId === 'call-of-slot-0' ? { outcome: 'gone' } : outcome(target));
    await rig.pass(1, [rig.newServices()]);
    expect(told().map(({ callId }) => callId)).toContain('call-of-slot-1');
    expect(await rig.row('call-of-slot-0')).toMatchObject({ status: 'answered' });
  });
});
