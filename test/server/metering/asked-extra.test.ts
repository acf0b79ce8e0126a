/**
 * Extras that an edge asks for before they begin (F-07): paid for in full or refused, and the call's leases are cut from what they leave.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CallExtra,
  type ExtraAnswer,
  endedReportSchema,
  extraAnswerSchema,
  extraRequestSchema,
} from '../../../server/edge/edge-contract.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { serviceEntryKind } from '../../../src/protocol/service.ts';
import { MeteringRig, withKinds } from '../../support/metering-rig.ts';
import { AUSTRIA, GERMAN_MOBILE, granted, SAM } from '../../support/office-rig.ts';

/** 0.0025 a minute; the call costs 0.06 a minute. */
const recording = (durationSeconds: number): CallExtra => ({ kind: 'recording', durationSeconds });
const TRANSFER: CallExtra = { kind: 'transfer', units: 1 };
const SAID = { accountId: 'acme', edgeId: 'embedded' } as const;

let rig: MeteringRig;
beforeEach(async () => {
  rig = await MeteringRig.open();
});
afterEach(() => rig.close());

async function ask(callId: string, extra: CallExtra, services = rig.office.services): Promise<ExtraAnswer> {
  const answer = await services.edge.extra(callId, extraRequestSchema.parse({ ...SAID, extra }));
  expect(extraAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}

/** Null: an edge that knows nothing of extras. */
async function end(callId: string, seconds: number, extras: readonly CallExtra[] | null) {
  const report = { ...SAID, happenedAgoMs: 0, durationMs: seconds * 1_000, reason: 'hung_up' };
  return await rig.office.services.edge.ended(
    callId,
    endedReportSchema.parse({ ...report, ...(extras && { extras }) }),
  );
}

const talking = async (to = GERMAN_MOBILE) => (await rig.office.answeredCall(to)).callId;

describe('an extra that is asked for', () => {
  test('is held in full before it begins, grows with each question, and is charged for what was used', async () => {
    await rig.office.addCredit(1_000_000);
    const callId = await talking();
    const ofCall = (await rig.office.wallet()).held;
    expect(await ask(callId, recording(60))).toEqual({ decision: 'allow', units: 1, unit: 'minute' });
    expect(await ask(callId, recording(240))).toEqual({ decision: 'allow', units: 4, unit: 'minute' });
    expect((await rig.office.wallet()).held).toBe(ofCall + 10_000);
    await rig.office.pass(50);
    await end(callId, 50, [recording(121)]);
    expect((await rig.debits()).map(({ entryKind, micros }) => [entryKind, micros])).toEqual([
      ['outbound_call', 60_000],
      [serviceEntryKind('recording'), 7_500],
    ]);
    expect((await rig.office.wallet()).held).toBe(0);
    const { lines, totalMicros } = granted(await rig.office.services.handlers.call(SAM, { callId }));
    expect([lines?.length, totalMicros]).toEqual([2, 67_500]);
  });

  test('asked again, for less, or at another server, is the same and holds nothing more', async () => {
    await rig.office.addCredit(1_000_000);
    const callId = await talking();
    const first = await ask(callId, recording(120));
    const { held } = await rig.office.wallet();
    const again = await Promise.all([
      ask(callId, recording(120)),
      ask(callId, recording(60)),
      ask(callId, recording(120), rig.office.newServices()),
    ]);
    expect(again).toEqual([first, first, first]);
    expect((await rig.office.wallet()).held).toBe(held);
    const grown = await Promise.all([1, 2, 3].map(() => ask(callId, recording(600))));
    expect(grown.map((answer) => answer.decision === 'allow' && answer.units)).toEqual([10, 10, 10]);
    expect((await rig.office.wallet()).held).toBe(held + 8 * 2_500);
  });

  test('that the credit does not cover is refused beforehand, with the code, what it needs and what there is', async () => {
    await rig.office.addCredit(65_000);
    const callId = await talking();
    expect(await ask(callId, recording(60))).toMatchObject({ decision: 'allow' });
    expect(await ask(callId, TRANSFER)).toMatchObject({
      decision: 'refuse',
      refusal: { code: 'credit_held', neededMicros: 10_000, availableMicros: 2_500 },
    });
    // In full or not at all: nothing is held for the second and third minute.
    expect(await ask(callId, recording(180))).toMatchObject({
      decision: 'refuse',
      refusal: { neededMicros: 5_000, availableMicros: 2_500 },
    });
    expect((await rig.office.wallet()).available).toBe(2_500);
    // Credit that comes is enough for the same question.
    await rig.office.addCredit(100_000);
    expect(await ask(callId, recording(180))).toMatchObject({ decision: 'allow', units: 3 });
    await end(callId, 30, [recording(130)]);
    expect((await rig.rows()).map(({ shortMicros }) => shortMicros)).toEqual([0]);
  });

  test('that is asked for as the call ends, and held after it, is refused and costs nothing', async () => {
    await rig.office.addCredit(1_000_000);
    const callId = await talking();
    const { ledger } = rig.office;
    const slower = rig.office.newServices({
      ledger: {
        submit: async (operation) => {
          if (operation.kind === 'hold') await end(callId, 30, []);
          return await ledger.submit(operation);
        },
      },
    });
    expect(await ask(callId, recording(60), slower)).toMatchObject({
      decision: 'refuse',
      refusal: { code: 'call_ended' },
    });
    expect((await rig.rows()).map(({ status, costMicros }) => [status, costMicros])).toEqual([['released', 0]]);
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('makes the lease of the call shorter: what it took is not there for talking', async () => {
    const lastsFor = async (extra: CallExtra | null) => {
      const own = await MeteringRig.open();
      const rigBefore = rig;
      rig = own;
      // 0.05 to connect, 0.10 a minute by the second: 120 seconds, or 60 and 0.10 for ten transfers.
      await own.office.addCredit(250_000);
      const callId = await talking(AUSTRIA);
      if (extra) expect((await ask(callId, extra)).decision).toBe('allow');
      await own.office.pass(100);
      const { leaseSeconds, isLeaseFinal } = await own.office.row(callId);
      await own.close();
      rig = rigBefore;
      return { leaseSeconds, isLeaseFinal };
    };
    expect(await lastsFor(null)).toEqual({ leaseSeconds: 120, isLeaseFinal: true });
    expect(await lastsFor({ kind: 'transfer', units: 10 })).toEqual({ leaseSeconds: 60, isLeaseFinal: true });
  });

  test('that the end does not name was not used; one of which nobody tells counts as used five minutes after the end', async () => {
    await rig.office.addCredit(1_000_000);
    const silent = await talking();
    await ask(silent, recording(60));
    await rig.office.pass(10);
    await end(silent, 10, []);
    expect(await rig.row(`${silent}.recording`)).toMatchObject({ status: 'released', heldMicros: 0, costMicros: 0 });
    const untold = await talking();
    await ask(untold, recording(60));
    await rig.office.pass(10);
    await end(untold, 10, null);
    await rig.later(299);
    expect((await rig.row(`${untold}.recording`)).status).toBe('authorized');
    await rig.later(1);
    expect(await rig.row(`${untold}.recording`)).toMatchObject({ status: 'settled', units: 1, costMicros: 2_500 });
    // The report of an edge that was away comes too late to change it.
    await end(untold, 10, [recording(600)]);
    expect((await rig.row(`${untold}.recording`)).costMicros).toBe(2_500);
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('lives as long as its call, also over a restart, and is nothing when the call was never answered', async () => {
    await rig.office.addCredit(5_000_000);
    const callId = await talking();
    await ask(callId, recording(60));
    const ringing = granted(await rig.office.authorize(GERMAN_MOBILE, { identity: { ...SAM, personId: 'kim' } }));
    await rig.office.admit(ringing, { identity: { ...SAM, personId: 'kim' } });
    expect((await ask(ringing.callId, recording(60))).decision).toBe('allow');
    await rig.office.restart();
    await rig.office.pass(30);
    await end(ringing.callId, 0, null);
    for (let minute = 0; minute < 3; minute += 1) {
      await rig.office.pass(60);
      await rig.later(0);
    }
    expect((await rig.row(`${callId}.recording`)).status).toBe('authorized');
    expect((await ask(callId, recording(300))).decision).toBe('allow');
    await end(callId, 200, [recording(300)]);
    expect(await rig.row(`${callId}.recording`)).toMatchObject({
      status: 'settled',
      costMicros: 12_500,
      shortMicros: 0,
    });
  });

  test('what is told beyond what was allowed is charged as far as there is credit, the rest is short', async () => {
    await rig.office.addCredit(66_000);
    const callId = await talking();
    await ask(callId, recording(60));
    await rig.office.pass(30);
    await end(callId, 30, [recording(300)]);
    expect(await rig.row(`${callId}.recording`)).toMatchObject({ units: 5, costMicros: 6_000, shortMicros: 6_500 });
    expect(await rig.office.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  });
});

describe('no extra', () => {
  test('of a call that is over, of another edge, of another account, or that does not exist', async () => {
    await rig.office.addCredit(1_000_000);
    const callId = await talking();
    const asked = (change: object) => rig.office.services.edge.extra(callId, { ...SAID, extra: TRANSFER, ...change });
    expect(await asked({ edgeId: 'other' })).toMatchObject({ refusal: { code: 'call_unknown' } });
    expect(await asked({ accountId: 'other' })).toMatchObject({ refusal: { code: 'call_unknown' } });
    await end(callId, 1, []);
    expect(await asked({})).toMatchObject({ refusal: { code: 'call_ended' } });
    expect(await rig.rows()).toEqual([]);
  });

  test('that is off, unknown, a subscription or without a price; what is free or on invoice holds nothing', async () => {
    await rig.office.addCredit(1_000_000);
    const kinds = withKinds({
      transfer: { payBy: 'off' },
      seat_licence: {},
      hologram: {},
      barge: { payBy: 'free' },
      recording: { payBy: 'invoice' },
    });
    rig.office.policy = { ...DEFAULT_POLICY, ...kinds };
    const callId = await talking();
    const { held } = await rig.office.wallet();
    const code = async (kind: string) => {
      const answer = await ask(callId, { kind, units: 1 });
      return answer.decision === 'refuse' ? answer.refusal.code : answer.units;
    };
    expect(await code('transfer')).toBe('service_off');
    expect(await code('teleport')).toBe('service_off');
    expect(await code('seat_licence')).toBe('service_not_metered');
    expect(await code('hologram')).toBe('no_rate');
    expect([await code('barge'), await code('recording')]).toEqual([1, 1]);
    expect(await ask(callId, { kind: 'recording', units: 3 })).toMatchObject({ units: 3 });
    expect((await rig.office.wallet()).held).toBe(held);
    await end(callId, 10, [{ kind: 'recording', units: 3 }]);
    expect(await rig.row(`${callId}.recording`)).toMatchObject({ paidBy: 'invoice', costMicros: 7_500 });
  });

  test.each([
    { kind: 'recording' },
    { kind: 'recording', units: 0 },
    { kind: 'REC', units: 1 },
    { units: 1 },
    null,
  ])('%j is no question', (extra) => {
    expect(extraRequestSchema.safeParse({ ...SAID, extra }).success).toBe(false);
    expect(extraRequestSchema.safeParse({ ...SAID, extra: TRANSFER }).success).toBe(true);
  });
});
