/** Extras of calls (F-07): lines of their own beside the talk, charged once and as far as the credit goes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallExtra, endedReportSchema } from '../../../server/edge/edge-contract.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { serviceEntryKind } from '../../../src/protocol/service.ts';
import { MeteringRig, SAM_READ, withKinds } from '../../support/metering-rig.ts';
import { GERMAN_MOBILE, granted, SAM } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';

let rig: MeteringRig;
beforeEach(async () => {
  rig = await MeteringRig.open();
});
afterEach(() => rig.close());

const RECORDED: CallExtra = { kind: 'recording', durationSeconds: 61 };
const TRANSFERRED: CallExtra = { kind: 'transfer', units: 1 };

/** A call of so many seconds at 0.06 a minute, whose edge reports extras with its end. */
async function call(extras: readonly CallExtra[], seconds = 61): Promise<string> {
  const { callId } = await rig.office.answeredCall(GERMAN_MOBILE);
  await rig.office.pass(seconds);
  await report(callId, { seconds, extras });
  return callId;
}

async function report(callId: string, ended: { readonly seconds: number; readonly extras: readonly CallExtra[] }) {
  const said = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0, reason: 'hung_up' } as const;
  const durationMs = ended.seconds * 1_000;
  const parsed = endedReportSchema.parse({ ...said, durationMs, extras: ended.extras });
  return await rig.office.services.edge.ended(callId, parsed);
}

async function shown(callId: string) {
  return granted(await rig.office.services.handlers.call(SAM, { callId }));
}

describe('extras that an edge reports', () => {
  test('F-07: recording and transfer stand beside the talk as three lines whose sum is the total, and what the ledger took', async () => {
    await rig.office.addCredit(5_000_000);
    const callId = await call([RECORDED, TRANSFERRED]);
    const record = await shown(callId);
    expect(record.lines).toEqual([
      { kind: 'call', unit: 'second', units: 120, costMicros: 120_000 },
      { kind: 'recording', unit: 'minute', units: 2, costMicros: 5_000 },
      { kind: 'transfer', unit: 'event', units: 1, costMicros: 10_000 },
    ]);
    expect([record.costMicros, record.totalMicros]).toEqual([120_000, 135_000]);
    expect(5_000_000 - (await rig.office.wallet()).balance).toBe(135_000);
    expect((await rig.debits()).map(({ entryKind, micros }) => [entryKind, micros])).toEqual([
      ['outbound_call', 120_000],
      [serviceEntryKind('recording'), 5_000],
      [serviceEntryKind('transfer'), 10_000],
    ]);
    expect(await rig.row(`${callId}.recording`)).toMatchObject({
      ...SAM_ROW,
      callId,
      status: 'settled',
      origin: 'call',
    });
  });

  test('F-07: barge, a conference leg and a SIP phone leg are extras as well; several of one kind are one line', async () => {
    await rig.office.addCredit(5_000_000);
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ barge: { unit: 'second' } }) };
    const barged = { kind: 'barge', durationSeconds: 7 };
    const callId = await call([
      barged,
      { kind: 'transfer', units: 2 },
      barged,
      { kind: 'transfer', durationSeconds: 9 },
    ]);
    expect((await shown(callId)).lines?.slice(1)).toEqual([
      { kind: 'barge', unit: 'second', units: 14, costMicros: 14 * 3_333 },
      { kind: 'transfer', unit: 'event', units: 3, costMicros: 30_000 },
    ]);
  });

  test('a call without extras looks as ever, and so does one whose edge knows nothing of them', async () => {
    await rig.office.addCredit(5_000_000);
    const callId = await call([]);
    expect(await shown(callId)).not.toHaveProperty('lines');
    const other = await rig.office.answeredCall(GERMAN_MOBILE);
    await rig.office.ended(other.callId, 1_000);
    expect(await shown(other.callId)).not.toHaveProperty('totalMicros');
  });

  test('reported twice, late, otherwise, or at another server they are charged once', async () => {
    await rig.office.addCredit(5_000_000);
    const callId = await call([RECORDED]);
    await report(callId, { seconds: 61, extras: [RECORDED] });
    await report(callId, { seconds: 61, extras: [{ kind: 'recording', durationSeconds: 3_600 }] });
    await Promise.all(
      [rig.office.newServices(), rig.office.newServices()].map(({ edge }) =>
        edge.ended(callId, {
          accountId: 'acme',
          edgeId: 'embedded',
          happenedAgoMs: 0,
          durationMs: 61_000,
          reason: 'hung_up',
          extras: [RECORDED],
        }),
      ),
    );
    expect((await rig.debits()).map(({ micros }) => micros)).toEqual([120_000, 5_000]);
    expect((await shown(callId)).totalMicros).toBe(125_000);
  });

  test('they take what there is and never more: the rest is written down as short', async () => {
    await rig.office.addCredit(123_000);
    const callId = await call([RECORDED, TRANSFERRED]);
    expect(await rig.office.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
    expect(await rig.row(`${callId}.recording`)).toMatchObject({ costMicros: 3_000, shortMicros: 2_000 });
    expect(await rig.row(`${callId}.transfer`)).toMatchObject({ costMicros: 0, shortMicros: 10_000 });
    expect((await shown(callId)).totalMicros).toBe(123_000);
  });

  test('what a crash left between hold and capture is settled by the periodic work, for what was held', async () => {
    await rig.office.addCredit(5_000_000);
    const { ledger } = rig.office;
    const submit = ledger.submit.bind(ledger);
    ledger.submit = async (operation) => {
      if (operation.kind === 'settle' && operation.entryKind === serviceEntryKind('recording'))
        throw new Error('It died');
      return await submit(operation);
    };
    await expect(call([RECORDED])).rejects.toThrow('It died');
    ledger.submit = submit;
    expect((await rig.office.wallet()).held).toBe(5_000);
    await rig.later(5);
    const [row] = await rig.rows();
    expect(row).toMatchObject({ status: 'settled', costMicros: 5_000, shortMicros: 0 });
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('D-02: a kind that is free, off, unknown or without a price costs nothing, and the report is taken', async () => {
    await rig.office.addCredit(5_000_000);
    const policy = withKinds({ recording: { payBy: 'free' }, transfer: { payBy: 'off' }, hologram: {} });
    rig.office.policy = { ...DEFAULT_POLICY, ...policy };
    const callId = await call([RECORDED, TRANSFERRED, { kind: 'hologram', units: 1 }, { kind: 'teleport', units: 1 }]);
    expect((await shown(callId)).lines?.map(({ kind, costMicros }) => [kind, costMicros])).toEqual([
      ['call', 120_000],
      ['recording', 0],
    ]);
    expect(rig.office.logged.filter((line) => line.startsWith('an extra of a call'))).toHaveLength(3);
  });

  test('C-22: a subscription is no extra of a call either', async () => {
    await rig.office.addCredit(5_000_000);
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ seat_licence: {} }) };
    const callId = await call([{ kind: 'seat_licence', units: 1 }]);
    expect(await shown(callId)).not.toHaveProperty('lines');
  });

  test('a call that was never answered has none', async () => {
    await rig.office.addCredit(5_000_000);
    const authorized = granted(await rig.office.authorize(GERMAN_MOBILE));
    const { callId } = authorized;
    expect((await rig.office.admit(authorized)).decision).toBe('allow');
    const said = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0, durationMs: null } as const;
    await rig.office.services.edge.ended(callId, { ...said, reason: 'no_answer', extras: [RECORDED] });
    expect((await rig.office.row(callId)).status).toBe('released');
    expect(await rig.rows()).toEqual([]);
  });

  test.each([
    { kind: 'recording', units: -1 },
    { kind: 'recording', units: 0 },
    { kind: 'recording', units: 1e9 },
    { kind: 'recording', durationSeconds: 1.5 },
    { kind: 'recording', durationSeconds: 86_401 },
    { kind: 'recording' },
    { kind: 'recording', units: 1, costMicros: 0 },
    { kind: 'REC', units: 1 },
  ])('%j is no extra', (extra) => {
    const said = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0, durationMs: 1, reason: 'hung_up' };
    expect(endedReportSchema.safeParse({ ...said, extras: [extra] }).success).toBe(false);
    expect(endedReportSchema.safeParse({ ...said, extras: [RECORDED] }).success).toBe(true);
  });
});

describe('extras that the host reports', () => {
  test('F-07: an authorized extra names its call and is one of its lines once it is settled', async () => {
    await rig.office.addCredit(5_000_000);
    const callId = await call([TRANSFERRED]);
    const chargeId = 'recording-0001';
    agreed(await rig.authorize({ chargeId, kind: 'recording', units: 10, to: null, callId }));
    expect((await shown(callId)).lines).toHaveLength(2);
    agreed(await rig.settle(chargeId, 3));
    const { lines, totalMicros } = await shown(callId);
    expect(lines?.map(({ kind, costMicros }) => [kind, costMicros])).toEqual([
      ['call', 120_000],
      ['transfer', 10_000],
      ['recording', 7_500],
    ]);
    expect(totalMicros).toBe(137_500);
    expect(5_000_000 - (await rig.office.wallet()).balance).toBe(137_500);
  });
});

const SAM_ROW = { personId: SAM_READ.personId, personName: SAM_READ.name, officeId: 'berlin', number: null };
