import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CALL_SLOTS, lastCharactersOf } from '../../../server/calls/call-slots.ts';
import { callIdSchema } from '../../../src/protocol/call.ts';
import { GERMAN_MOBILE, OfficeRig } from '../../support/office-rig.ts';

const ALL = Array.from({ length: CALL_SLOTS }, (_, slot) => slot);
const EVEN = ALL.filter((slot) => slot % 2 === 0);
const ODD = ALL.filter((slot) => slot % 2 === 1);
const HEXADECIMAL = '0123456789abcdef';

describe('slots', () => {
  test('each ending of a call id is in one slot, and each hexadecimal digit in one of its own', () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    const endings = ascii.filter((character) => callIdSchema.safeParse(`call-0001${character}`).success);
    for (const ending of [...endings]) {
      expect(ALL.filter((slot) => lastCharactersOf([slot])?.includes(ending))).toHaveLength(1);
    }
    expect(ALL.map((slot) => lastCharactersOf([slot])?.[0])).toEqual([...HEXADECIMAL]);
  });

  test('all of them need no filter, none of them let nothing through', () => {
    expect(lastCharactersOf(ALL)).toBeNull();
    expect(lastCharactersOf([])).toEqual([]);
  });
});

describe('a server with some of the slots', () => {
  let rig: OfficeRig;
  beforeEach(async () => {
    rig = await OfficeRig.open();
  });
  afterEach(async () => {
    await rig.close();
  });

  const renewed = () => rig.edgeCommands.leases.map(({ callId }) => callId).toSorted();

  async function answeredCalls(): Promise<string[]> {
    const ids = [...HEXADECIMAL, 'Z', '-'].map((ending) => `call-of-slot-${ending}`);
    for (const [index, callId] of ids.entries()) {
      await rig.answeredCall(GERMAN_MOBILE, { callId, identity: personOf(index) });
    }
    return ids;
  }

  test('renews the calls of its slots and leaves the others, which another server renews', async () => {
    await rig.addCredit(100_000_000);
    const ids = await answeredCalls();
    const [even, odd] = [rig.newServices({ callSlots: () => EVEN }), rig.newServices({ callSlots: () => ODD })];
    await rig.pass(40.25, [even]);
    const ofEven = renewed();
    expect(ofEven).toEqual(expect.arrayContaining(['call-of-slot-0', 'call-of-slot-e']));
    expect(ofEven).not.toContain('call-of-slot-1');
    await rig.pass(0.25, [odd]);
    expect(renewed()).toEqual(ids.toSorted());
  });

  test('lets final leases of its slots grow when another process has added credit, those of others when it did so itself', async () => {
    await rig.addCredit(2 * 60_000);
    await rig.answeredCall(GERMAN_MOBILE, { callId: 'call-of-slot-0' });
    await rig.answeredCall(GERMAN_MOBILE, { callId: 'call-of-slot-1' });
    const even = rig.newServices({ callSlots: () => EVEN });
    const odd = rig.newServices({ callSlots: () => ODD });
    await rig.pass(40.5, [even, odd]);
    expect([await rig.row('call-of-slot-0'), await rig.row('call-of-slot-1')]).toMatchObject([
      { isLeaseFinal: true },
      { isLeaseFinal: true },
    ]);
    rig.edgeCommands.leases.length = 0;
    await rig.addCredit(1_000_000);
    even.elsewhere.creditArrived({ accountId: 'acme', walletId: 'berlin' });
    await even.scheduler.stop();
    expect(renewed()).toEqual(['call-of-slot-0']);
    odd.elsewhere.creditArrived({ accountId: 'acme', walletId: 'berlin' });
    await odd.scheduler.stop();
    expect(renewed()).toEqual(['call-of-slot-0', 'call-of-slot-1']);
  });

  test('without any slot does nothing', async () => {
    await rig.addCredit(1_000_000);
    await rig.answeredCall(GERMAN_MOBILE, { callId: 'call-of-slot-0' });
    const none = rig.newServices({ callSlots: () => [] });
    await rig.pass(40.5, [none]);
    none.elsewhere.creditArrived({ accountId: 'acme', walletId: 'berlin' });
    await none.scheduler.stop();
    expect(renewed()).toEqual([]);
  });
});

/** No agent has more calls at once than the policy lets it. */
function personOf(index: number) {
  return {
    accountId: 'acme',
    officeId: 'berlin',
    personId: `person-${Math.floor(index / 4)}`,
    name: 'Somebody',
    role: 'agent',
    licence: null,
  } as const;
}
