/** Unusual spending (REQUIREMENTS 2.3 no. 4, section 4 nos. 6 and 32): told once a day, and stopped where the policy says so. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { AlertRig, BERLIN, USD } from '../../support/alert-rig.ts';
import { DANA } from '../../support/office-rig.ts';
import { agreed, PaymentRig } from '../../support/payment-rig.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_SECONDS = 3_600;

describe('more than a usual day', () => {
  let rig: AlertRig;

  beforeEach(async () => {
    rig = await AlertRig.open();
    rig.office.clock.advance(30 * DAY_MS);
  });

  afterEach(async () => {
    await rig.office.close();
  });

  /** A paid call so many days ago. */
  async function paidCall(costMicros: number, daysAgo: number): Promise<void> {
    await rig.office.addCredit(USD);
    const { callId } = await rig.office.answeredCall('+4915123456789');
    await rig.office.ended(callId, 1_000);
    const row = await rig.office.row(callId);
    const startedAtMs = rig.office.clock.nowMs() - daysAgo * DAY_MS;
    await rig.office.store.writeRows([
      { table: 'call', mode: 'upsert', row: { ...row, callId: randomUUID(), startedAtMs, costMicros } },
    ]);
  }

  async function look(): Promise<readonly string[]> {
    const service = rig.service();
    service.creditChanged(BERLIN);
    await service.workOnce();
    return (await rig.kinds()).filter((kind) => kind === 'unusual_spend');
  }

  test('is told at more than five times the mean of two weeks, once a day', async () => {
    for (let day = 1; day <= 10; day += 1) await paidCall(10 * USD, day + 0.5);
    await paidCall(49 * USD, 0.1);
    expect(await look()).toEqual([]);
    await paidCall(2 * USD, 0.1);
    expect(await look()).toHaveLength(1);
    await paidCall(200 * USD, 0);
    expect(await look()).toHaveLength(1);
    const [alert] = await rig.alerts();
    expect(JSON.parse(alert?.facts ?? '')).toMatchObject({ reason: 'spend', paused: 'nothing' });
    expect(
      (await rig.office.store.db.selectFrom('office').select('pausedAtMs').execute()).every(
        (row) => row.pausedAtMs === null,
      ),
    ).toBe(true);
  });

  test('needs days to compare with, and an amount that matters', async () => {
    await paidCall(500 * USD, 0.1);
    expect(await look()).toEqual([]);
    for (let day = 1; day <= 5; day += 1) await paidCall(0.01 * USD, day + 0.5);
    expect(await look()).toHaveLength(1);
  });

  test('pauses calls where the policy says so, until an admin resumes', async () => {
    const { policy } = rig.office;
    rig.office.policy = {
      ...policy,
      alerts: { ...policy.alerts, onUnusualSpend: 'calls', spendLeastMicros: micros(USD) },
    };
    for (let day = 1; day <= 5; day += 1) await paidCall(0.1 * USD, day + 0.5);
    await paidCall(20 * USD, 0.1);
    expect(await look()).toHaveLength(1);
    rig.office.clock.advance(2_000);
    expect(await rig.office.authorize('+4915123456789')).toMatchObject({ refusal: { code: 'calling_paused' } });
    await rig.office.services.handlers.setPause(DANA, { isPaused: false });
    expect((await rig.office.authorize('+4915123456789')).ok).toBe(true);
    expect(await look()).toHaveLength(1);
    expect((await rig.office.authorize('+4915123456789')).ok).toBe(true);
  });
});

describe('the velocity brake', () => {
  let rig: PaymentRig;

  beforeEach(async () => {
    rig = await PaymentRig.open();
  });

  afterEach(async () => {
    await rig.close();
  });

  async function drained(times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      await rig.use(await rig.balance());
      await rig.later(90);
      await rig.deliverAll();
    }
  }

  const limits = {
    thresholdMicros: micros(5 * USD),
    amountMicros: micros(25 * USD),
    monthlyLimitMicros: micros(1_000 * USD),
  };
  const save = async () => agreed(await rig.ask('saveAutoRecharge', { isOn: true, ...limits, hasConsented: true }));

  test('stops with the fourth auto-recharge of an hour, once, until an admin has saved the settings', async () => {
    await rig.saveCard();
    await rig.office.addCredit(20 * USD);
    await save();
    await drained(6);
    expect(await rig.charges()).toBe(4);
    expect(await rig.recharge()).toMatchObject({ pause: 'unusual_spend' });
    const alerts = await rig.office.store.db
      .selectFrom('alert')
      .selectAll()
      .where('kind', '=', 'unusual_spend')
      .execute();
    expect(alerts.map(({ facts }) => JSON.parse(facts))).toMatchObject([
      { reason: 'recharges', rechargeCount: 4, spentMicros: 100 * USD, paused: 'auto_recharge' },
    ]);
    // A card that pays by hand says nothing about the calls.
    agreed(await rig.pay());
    await rig.deliverAll();
    expect(await rig.recharge()).toMatchObject({ pause: 'unusual_spend' });
    expect((await save()).autoRecharge.pause).toBeNull();
    await drained(1);
    expect(await rig.charges()).toBe(6);
    expect(await rig.recharge()).toMatchObject({ pause: null });
  });

  test('lets four in more than an hour pass', async () => {
    await rig.saveCard();
    await rig.office.addCredit(20 * USD);
    await save();
    for (let round = 0; round < 4; round += 1) {
      await drained(1);
      await rig.later(HOUR_SECONDS / 2);
    }
    expect(await rig.charges()).toBe(4);
    expect(await rig.recharge()).toMatchObject({ pause: null });
  });
});
