/** Metered services: what a host's backend authorizes, settles, releases and charges, to the micro-unit and once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { serviceEntryKind } from '../../../src/protocol/service.ts';
import { HOST_IN_AUSTIN, MeteringRig, SAM_READ, STRANGE_HOST, withKinds } from '../../support/metering-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';

let rig: MeteringRig;
beforeEach(async () => {
  rig = await MeteringRig.open();
});
afterEach(() => rig.close());

const ID = 'charge-0001';

describe('one step', () => {
  test('C-20, F-04, F-06: a message is deducted from the same credit, as one debit row that says what it was for', async () => {
    await rig.office.addCredit(1_000_000);
    const charge = agreed(await rig.charge({ chargeId: ID, units: 3 }));
    expect(charge).toMatchObject({
      chargeId: ID,
      status: 'settled',
      paidBy: 'credit',
      kind: 'sms',
      unit: 'segment',
      units: 3,
      costMicros: 270_000,
      heldMicros: 0,
      shortMicros: 0,
      person: SAM_READ,
      to: '+4915123456789',
      destination: 'sms 49',
      rateId: 'sms/49',
    });
    expect(await rig.debits()).toEqual([{ entryKind: serviceEntryKind('sms'), reference: ID, micros: 270_000 }]);
    expect(await rig.office.wallet()).toEqual({ balance: 730_000, held: 0, available: 730_000 });
  });

  test('sent again it is the same charge, also from another server and when the credit is gone', async () => {
    await rig.office.addCredit(90_000);
    const first = agreed(await rig.charge({ chargeId: ID }));
    const elsewhere = rig.office.newServices().metering;
    expect(agreed(await rig.charge({ chargeId: ID }))).toEqual(first);
    expect(agreed(await rig.charge({ chargeId: ID }, { service: elsewhere }))).toEqual(first);
    expect(await rig.debits()).toHaveLength(1);
  });

  test('the same id for something else is refused and moves nothing', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.charge({ chargeId: ID }));
    const others = [{ units: 2 }, { kind: 'fax' }, { to: '+12025550100' }, { person: null }];
    for (const other of others) expect(codeOf(await rig.charge({ chargeId: ID, ...other }))).toBe('id_reused');
    expect(codeOf(await rig.charge({ chargeId: ID }, { identity: HOST_IN_AUSTIN }))).toBe('id_reused');
    expect(codeOf(await rig.authorize({ chargeId: ID }))).toBe('id_reused');
    expect(await rig.debits()).toHaveLength(1);
  });

  test('what a crash left between hold and capture is settled by the repeat, or given back', async () => {
    await rig.office.addCredit(1_000_000);
    await dyingBeforeSettle(rig, () => rig.charge({ chargeId: ID }));
    await dyingBeforeSettle(rig, () => rig.charge({ chargeId: 'charge-0002' }));
    expect(await rig.office.wallet()).toMatchObject({ balance: 1_000_000, held: 180_000 });
    expect(agreed(await rig.charge({ chargeId: ID }))).toMatchObject({ status: 'settled', costMicros: 90_000 });
    await rig.later(60);
    expect(await rig.office.wallet()).toMatchObject({ balance: 910_000, held: 0 });
    expect(codeOf(await rig.charge({ chargeId: 'charge-0002' }))).toBe('service_expired');
    expect(await rig.debits()).toHaveLength(1);
  });

  test('F-12, D-10: refused with the codes of calls, with what was needed, what was there and who can fix it', async () => {
    const none = await rig.charge();
    expect(none.ok ? none : none.refusal).toEqual({
      code: 'no_credit',
      whoCanFix: 'admin',
      neededMicros: 90_000,
      availableMicros: 0,
      currency: 'USD',
    });
    await rig.office.addCredit(89_999);
    expect(await rig.charge()).toMatchObject({
      refusal: { code: 'insufficient_credit', neededMicros: 90_000, availableMicros: 89_999 },
    });
    await rig.office.addCredit(60_001);
    agreed(await rig.authorize());
    expect(await rig.charge()).toMatchObject({ refusal: { code: 'credit_held', availableMicros: 60_000 } });
    rig.office.policy = {
      ...DEFAULT_POLICY,
      credit: { ...DEFAULT_POLICY.credit, callFloorMicros: DEFAULT_POLICY.credit.lowMicros },
    };
    await rig.office.addCredit(4_000_000);
    expect(await rig.charge()).toMatchObject({ refusal: { code: 'low_credit', neededMicros: 5_000_000 } });
    expect(await rig.debits()).toEqual([]);
  });
});

describe('authorize and settle', () => {
  test('holds the price of the units, captures what was used and gives the rest back', async () => {
    await rig.office.addCredit(1_000_000);
    const held = agreed(await rig.authorize({ chargeId: ID, kind: 'transcription', units: 10, to: null }));
    expect(held).toMatchObject({
      status: 'authorized',
      heldMicros: 240_000,
      costMicros: 0,
      authorizedUnits: 10,
      units: 0,
    });
    expect(held.expiresAtMs - held.createdAtMs).toBe(300_000);
    expect(await rig.office.wallet()).toEqual({ balance: 1_000_000, held: 240_000, available: 760_000 });
    const settled = agreed(await rig.settle(ID, 4));
    expect(settled).toMatchObject({ status: 'settled', costMicros: 96_000, heldMicros: 0, units: 4 });
    expect(await rig.office.wallet()).toEqual({ balance: 904_000, held: 0, available: 904_000 });
    expect(agreed(await rig.settle(ID, 4))).toEqual(settled);
    expect(agreed(await rig.show(ID))).toEqual(settled);
    expect(codeOf(await rig.settle(ID, 5))).toBe('id_reused');
    expect(codeOf(await rig.release(ID))).toBe('service_closed');
    expect(codeOf(await rig.authorize({ chargeId: ID, kind: 'transcription', units: 10, to: null }))).toBe(
      'service_closed',
    );
  });

  test('released, nothing is charged, however often it is said', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.authorize({ chargeId: ID }));
    const released = agreed(await rig.release(ID));
    expect(released).toMatchObject({ status: 'released', costMicros: 0, heldMicros: 0 });
    expect(agreed(await rig.release(ID))).toEqual(released);
    expect(codeOf(await rig.settle(ID, 1))).toBe('service_closed');
    expect(codeOf(await rig.authorize({ chargeId: ID }))).toBe('service_closed');
    expect(await rig.debits()).toEqual([]);
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('settled with 0 units it costs nothing', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.authorize({ chargeId: ID, kind: 'fax', to: '+4915123456789' }));
    expect(agreed(await rig.settle(ID, 0))).toMatchObject({ status: 'settled', costMicros: 0 });
    expect(await rig.office.wallet()).toEqual({ balance: 1_000_000, held: 0, available: 1_000_000 });
  });

  test('more units than were authorized are taken as far as the credit goes; the rest is written down, never taken', async () => {
    await rig.office.addCredit(500_000);
    agreed(await rig.authorize({ chargeId: ID, kind: 'transcription', units: 1, to: null }));
    expect(agreed(await rig.settle(ID, 10))).toMatchObject({ costMicros: 240_000, shortMicros: 0 });
    agreed(await rig.authorize({ chargeId: 'charge-0002', kind: 'transcription', units: 1, to: null }));
    expect(agreed(await rig.settle('charge-0002', 20))).toMatchObject({ costMicros: 260_000, shortMicros: 220_000 });
    expect(await rig.office.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  });

  test('what nobody settles is given back at its time, and cannot be settled after', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.authorize({ chargeId: ID, validSeconds: 30 }));
    await rig.later(29);
    expect((await rig.office.wallet()).held).toBe(90_000);
    await rig.later(1);
    expect(await rig.row(ID)).toMatchObject({ status: 'expired', heldMicros: 0, dueAtMs: null });
    expect(await rig.office.wallet()).toEqual({ balance: 1_000_000, held: 0, available: 1_000_000 });
    expect(codeOf(await rig.settle(ID, 1))).toBe('service_expired');
    expect(codeOf(await rig.authorize({ chargeId: ID, validSeconds: 30 }))).toBe('service_expired');
    expect(agreed(await rig.release(ID)).status).toBe('expired');
    expect(await rig.debits()).toEqual([]);
  });

  test('the time is over whether or not a server has looked: settling does not depend on who is quicker', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.authorize({ chargeId: ID, validSeconds: 30 }));
    rig.office.clock.advance(30_000);
    expect(codeOf(await rig.settle(ID, 1))).toBe('service_expired');
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('C-17: widgets hear of the balance when something is held, settled and given back', async () => {
    await rig.office.addCredit(1_000_000);
    const said = async (act: () => Promise<unknown>) => {
      const before = rig.office.eventsOf('balance').length;
      await act();
      await rig.office.pass(1);
      return rig.office.eventsOf('balance').slice(before).at(-1)?.balance.availableMicros;
    };
    expect(await said(() => rig.authorize({ chargeId: ID }))).toBe(910_000);
    expect(await said(() => rig.settle(ID, 1))).toBe(910_000);
    expect(await said(() => rig.authorize({ chargeId: 'charge-0002', validSeconds: 5 }))).toBe(820_000);
    expect(await said(() => rig.later(5))).toBe(910_000);
  });
});

describe('who pays', () => {
  const settledAs = async (payBy: 'credit' | 'invoice' | 'free') => {
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ transcription: { payBy } }) };
    return agreed(await rig.charge({ kind: 'transcription', units: 5, to: null }));
  };

  test('C-21: speech to text by credit is a debit row, by invoice none, and its row is marked invoiced', async () => {
    await rig.office.addCredit(1_000_000);
    expect(await settledAs('credit')).toMatchObject({ paidBy: 'credit', costMicros: 120_000 });
    expect(await rig.debits()).toHaveLength(1);
    expect(await settledAs('invoice')).toMatchObject({ paidBy: 'invoice', costMicros: 120_000, heldMicros: 0 });
    expect(await rig.debits()).toHaveLength(1);
    expect((await rig.rows()).map(({ paidBy }) => paidBy).toSorted()).toEqual(['credit', 'invoice']);
    expect((await rig.office.wallet()).balance).toBe(880_000);
  });

  test('C-21: what is invoiced needs no credit; authorized, settled, released and expired as anything else', async () => {
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ sms: { payBy: 'invoice' } }) };
    for (const chargeId of ['invoiced-1', 'invoiced-2', 'invoiced-3']) {
      agreed(await rig.authorize({ chargeId, units: 2, validSeconds: 10 }));
    }
    expect(agreed(await rig.settle('invoiced-1', 5))).toMatchObject({ costMicros: 450_000, shortMicros: 0 });
    expect(agreed(await rig.release('invoiced-2'))).toMatchObject({ status: 'released', costMicros: 0 });
    await rig.later(10);
    expect((await rig.row('invoiced-3')).status).toBe('expired');
    expect(await rig.debits()).toEqual([]);
  });

  test('D-02: each kind can be switched free, charged or off', async () => {
    expect(await settledAs('free')).toMatchObject({ paidBy: 'free', costMicros: 0 });
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ transcription: { payBy: 'off' } }) };
    expect(await rig.charge({ kind: 'transcription', to: null })).toMatchObject({
      refusal: { code: 'service_off', whoCanFix: 'operator' },
    });
    rig.office.policy = DEFAULT_POLICY;
    expect(codeOf(await rig.charge({ kind: 'transcription', to: null }))).toBe('no_credit');
  });

  test('kinds that the operator adds are charged as the others, with the smallest unit of money there is', async () => {
    await rig.office.addCredit(1_000_000);
    expect(codeOf(await rig.charge({ kind: 'pager', to: null }))).toBe('service_off');
    rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ pager: { unit: 'beep' } }) };
    expect(agreed(await rig.charge({ kind: 'pager', to: null, units: 7 }))).toMatchObject({
      unit: 'beep',
      costMicros: 7,
    });
  });
});

describe('rules', () => {
  test('C-22, L-02: a subscription is refused in its own words and moves nothing', async () => {
    await rig.office.addCredit(1_000_000);
    for (const kind of ['subscription', 'monthly_subscription', 'licence', 'seat']) {
      rig.office.policy = { ...DEFAULT_POLICY, ...withKinds({ [kind]: {} }) };
      expect(await rig.charge({ kind, to: null })).toMatchObject({
        refusal: { code: 'service_not_metered', whoCanFix: 'host' },
      });
      expect(codeOf(await rig.authorize({ kind, to: null }))).toBe('service_not_metered');
    }
    expect([await rig.rows(), await rig.debits()]).toEqual([[], []]);
  });

  test('names that every object has are no kinds', async () => {
    await rig.office.addCredit(1_000_000);
    for (const kind of ['constructor', 'tostring', 'valueof'])
      expect(codeOf(await rig.charge({ kind }))).toBe('service_off');
  });

  test('no price, no number, a blocked number, a phone that is off and a pause are said as for calls', async () => {
    await rig.office.addCredit(1_000_000);
    expect(codeOf(await rig.charge({ to: '+33612345678' }))).toBe('no_rate');
    expect(codeOf(await rig.charge({ to: null }))).toBe('number_invalid');
    expect(codeOf(await rig.charge({ to: 'Sam' }))).toBe('number_invalid');
    expect(codeOf(await rig.charge({ callId: 'no-such-call' }))).toBe('call_unknown');
    rig.office.policy = { ...DEFAULT_POLICY, blockedPrefixes: ['4915'] };
    expect(codeOf(await rig.charge())).toBe('prefix_blocked');
    rig.office.policy = DEFAULT_POLICY;
    const { store } = rig.office;
    const office = await store.db
      .selectFrom('office')
      .selectAll()
      .where('accountId', '=', 'acme')
      .where('officeId', '=', 'berlin')
      .executeTakeFirstOrThrow();
    await store.writeRows([
      { table: 'office', mode: 'upsert', row: { ...office, pausedAtMs: 5, pausedByName: 'Dana' } },
    ]);
    rig.office.clock.advance(2_000);
    expect(await rig.charge()).toMatchObject({ refusal: { code: 'calling_paused', sinceMs: 5 } });
    const account = await store.db
      .selectFrom('account')
      .selectAll()
      .where('accountId', '=', 'acme')
      .executeTakeFirstOrThrow();
    await store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, isPhoneEnabled: false } }]);
    rig.office.clock.advance(2_000);
    expect(codeOf(await rig.charge())).toBe('phone_disabled');
    expect(await rig.debits()).toEqual([]);
  });

  test('what a day may cost counts services and calls together, for the person and for the office', async () => {
    await rig.office.addCredit(10_000_000);
    const caps = { ...DEFAULT_POLICY.caps, agentDayMicros: DEFAULT_POLICY.credit.criticalMicros };
    rig.office.policy = { ...DEFAULT_POLICY, caps };
    agreed(await rig.charge({ units: 11 }));
    expect(await rig.charge()).toMatchObject({ refusal: { code: 'agent_spend_limit', limitMicros: 1_000_000 } });
    agreed(await rig.charge({ person: { personId: 'kim', name: 'Kim Lee' } }));
    agreed(await rig.charge({ person: null }));
    rig.office.policy = { ...DEFAULT_POLICY, caps: { ...caps, officeDayMicros: DEFAULT_POLICY.credit.criticalMicros } };
    agreed(await rig.charge({ person: null, units: 11 }));
    expect(codeOf(await rig.charge({ person: null }))).toBe('office_spend_limit');
  });

  test('caps on calls at the same time are not about services', async () => {
    await rig.office.addCredit(1_000_000);
    rig.office.policy = {
      ...DEFAULT_POLICY,
      caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: 1, officeCallsAtOnce: 1 },
    };
    for (let open = 0; open < 3; open += 1) agreed(await rig.authorize());
    expect((await rig.office.wallet()).held).toBe(270_000);
  });

  test('charges of another office or account do not exist for a host, and their ids are its own to use', async () => {
    await rig.office.addCredit(1_000_000);
    agreed(await rig.authorize({ chargeId: ID }));
    for (const identity of [HOST_IN_AUSTIN, STRANGE_HOST]) {
      expect(codeOf(await rig.show(ID, { identity }))).toBe('service_unknown');
      expect(codeOf(await rig.settle(ID, 1, { identity }))).toBe('service_unknown');
      expect(codeOf(await rig.release(ID, { identity }))).toBe('service_unknown');
    }
    expect(codeOf(await rig.charge({ chargeId: ID }, { identity: STRANGE_HOST }))).toBe('no_credit');
    expect((await rig.row(ID)).status).toBe('authorized');
  });
});

/** The server dies after the hold is committed. */
async function dyingBeforeSettle(rig: MeteringRig, act: () => Promise<unknown>): Promise<void> {
  const { ledger } = rig.office;
  const submit = ledger.submit.bind(ledger);
  ledger.submit = async (operation) => {
    if (operation.kind === 'settle') throw new Error('The server died');
    return await submit(operation);
  };
  await expect(act()).rejects.toThrow('The server died');
  ledger.submit = submit;
}
