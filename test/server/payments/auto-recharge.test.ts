import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { DANA } from '../../support/office-rig.ts';
import { agreed, codeOf, PaymentRig, USD } from '../../support/payment-rig.ts';

const HOUR = 3_600;
const AUTHENTICATED_ONCE = '4000002500003155';
const AUTHENTICATED_ALWAYS = '4000002760003184';
const SAVED_THEN_DECLINED = '4000000000000341';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

/** An office with `credit`, a saved card and auto-recharge below 5. */
async function officeWith(credit: number, card?: string): Promise<void> {
  await rig.saveCard(card);
  await rig.office.addCredit(credit * USD);
  await rig.turnOnRecharge();
}

const statuses = async () => (await rig.recharges()).map(({ status }) => status);

describe('the trigger', () => {
  test('is off by default, with a suggestion and the reason why it cannot be turned on (F-19, L-15)', async () => {
    const { autoRecharge } = agreed(await rig.ask('paymentSettings', {}));
    expect(autoRecharge).toMatchObject({
      isOn: false,
      thresholdMicros: 5 * USD,
      amountMicros: 25 * USD,
      mostInMonthMicros: 100 * USD,
      cannotTurnOn: 'card_missing',
      consent: null,
    });
  });

  test('C-10, D-17: below the threshold, not at it', async () => {
    await officeWith(20);
    await rig.use(15 * USD);
    await rig.later(1);
    expect(await statuses()).toEqual([]);
    await rig.use(10_000);
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
    expect(await rig.balance()).toBe(29_990_000);
    expect((await rig.recharges())[0]).toMatchObject({ availableMicros: 4_990_000, method: 'off_session' });
  });

  test('F-20: at the threshold where the policy says "reaches"', async () => {
    const { payments } = rig.office.policy;
    const autoRecharge = { ...payments.autoRecharge, comparison: 'at_or_below' as const };
    rig.office.policy = { ...rig.office.policy, payments: { ...payments, autoRecharge } };
    await officeWith(20);
    await rig.use(14_990_000);
    await rig.later(1);
    expect(await statuses()).toEqual([]);
    await rig.use(10_000);
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
  });

  test('looks at what is available: what running calls hold counts as gone', async () => {
    await officeWith(5.01);
    await rig.office.authorize('+4915123456789');
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
  });

  test('a wallet that was brought down by a correction is not charged until somebody uses the phone (complaint 7)', async () => {
    await officeWith(20);
    await rig.correct(18 * USD);
    await rig.later(1);
    await rig.later(HOUR);
    expect(await statuses()).toEqual([]);
    await rig.use(10_000);
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
  });

  test('credit that is low already is charged as soon as it is turned on, as the form says', async () => {
    await rig.saveCard();
    await rig.turnOnRecharge();
    await expect.poll(statuses).toEqual(['succeeded']);
    const { autoRecharge } = agreed(await rig.ask('paymentSettings', {}));
    expect(autoRecharge).toMatchObject({ takenThisMonthMicros: 25 * USD, consent: { byName: DANA.name } });
  });

  test('a wallet that cannot be written is no reason to charge the card (complaint 5)', async () => {
    await officeWith(20);
    await rig.use(19 * USD);
    const { applyBatch } = rig.office.store;
    rig.office.store.applyBatch = async () => {
      throw new Error('The disk is read-only');
    };
    await rig.later(1);
    expect([await rig.charges(), rig.createCount]).toEqual([0, 0]);
    rig.office.store.applyBatch = applyBatch.bind(rig.office.store);
    await rig.later(61);
    expect(await statuses()).toEqual(['succeeded']);
  });
});

describe('one at a time', () => {
  test('scenarios 10 and 59: a thousand looks at once on two servers charge once', async () => {
    await officeWith(20);
    const other = rig.office.newServices().payments;
    await rig.use(19 * USD);
    rig.office.clock.advance(1_000);
    const looks = Array.from({ length: 1_000 }, (_, index) => rig.lookAtRecharges(index % 2 ? other : rig.service));
    await Promise.all(looks);
    expect(await statuses()).toEqual(['succeeded']);
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
  });

  test('each crossing is one charge, whoever sees it first', async () => {
    const crossings = 40;
    await officeWith(20);
    agreed(
      await rig.ask('saveAutoRecharge', {
        isOn: true,
        thresholdMicros: micros(5 * USD),
        amountMicros: micros(25 * USD),
        monthlyLimitMicros: micros(3_875 * USD),
        hasConsented: true,
      }),
    );
    const other = rig.office.newServices().payments;
    for (let crossing = 1; crossing <= crossings; crossing += 1) {
      await rig.use((await rig.balance()) - 1 * USD);
      rig.office.clock.advance(6 * HOUR * 1_000);
      await Promise.all([rig.service, other, rig.service, other].map((service) => rig.lookAtRecharges(service)));
      expect(await rig.charges()).toBe(crossing);
    }
    expect(await rig.balance()).toBe(26 * USD);
  });

  test('a time-out is not a failure: nothing more is charged until the sweep knows', async () => {
    await officeWith(20);
    rig.faults.push('lost_after');
    await rig.use(19 * USD);
    await rig.later(1);
    await rig.later(30);
    expect(await statuses()).toEqual(['pending']);
    await rig.later(61);
    expect(await statuses()).toEqual(['succeeded']);
    expect(await rig.balance()).toBe(26 * USD);
  });

  test('at least a minute lies between two', async () => {
    await officeWith(20);
    await rig.use(20 * USD);
    await rig.later(1);
    await rig.use(25 * USD);
    await rig.later(30);
    expect((await statuses()).length).toBe(1);
    await rig.later(31);
    expect((await statuses()).length).toBe(2);
  });

  test('scenario 36: five in a day, then no more until the next', async () => {
    rig.office.policy = { ...rig.office.policy, alerts: { ...rig.office.policy.alerts, rechargesInHour: null } };
    await officeWith(20);
    agreed(
      await rig.ask('saveAutoRecharge', {
        isOn: true,
        thresholdMicros: micros(5 * USD),
        amountMicros: micros(25 * USD),
        monthlyLimitMicros: micros(1_000 * USD),
        hasConsented: true,
      }),
    );
    for (let round = 0; round < 7; round += 1) {
      await rig.use(await rig.balance());
      await rig.later(90);
    }
    expect((await statuses()).length).toBe(5);
    await rig.later(24 * HOUR);
    expect((await statuses()).length).toBe(6);
  });

  test('scenario 54: the monthly limit holds, one whose end is not known included, and begins afresh with the month', async () => {
    await officeWith(20);
    for (let round = 0; round < 6; round += 1) {
      if (round === 3) rig.faults.push('lost_after');
      await rig.use(await rig.balance());
      await rig.later(round === 3 ? 1 : 90);
      rig.office.clock.advance(5 * HOUR * 1_000);
    }
    await rig.later(90);
    expect((await rig.recharges()).length).toBe(4);
    const { autoRecharge } = agreed(await rig.ask('paymentSettings', {}));
    expect(autoRecharge.takenThisMonthMicros).toBe(100 * USD);
    await rig.later(17 * 24 * HOUR);
    expect((await rig.recharges()).length).toBe(5);
  });
});

describe('failures', () => {
  test('scenario 14: after an hour, after six, then paused; a new card resumes', async () => {
    await officeWith(20, SAVED_THEN_DECLINED);
    await rig.use(19 * USD);
    await rig.later(1);
    await rig.later(HOUR - 10);
    expect(await statuses()).toEqual(['failed']);
    await rig.later(11);
    expect(await statuses()).toEqual(['failed', 'failed']);
    await rig.later(6 * HOUR - 10);
    expect((await statuses()).length).toBe(2);
    await rig.later(11);
    await rig.later(48 * HOUR);
    expect((await statuses()).length).toBe(3);
    expect(await rig.recharge()).toMatchObject({ pause: 'failed_often', failures: 3, inFlightPaymentId: null });
    expect(await rig.balance()).toBe(1 * USD);
    await rig.saveCard();
    await rig.later(1);
    expect((await statuses()).at(-1)).toBe('succeeded');
  });

  test('scenarios 15 and 17: authentication required pauses at once; confirmed by a person it is credited', async () => {
    await officeWith(20, AUTHENTICATED_ALWAYS);
    await rig.use(19 * USD);
    await rig.later(1);
    expect(await rig.recharge()).toMatchObject({ pause: 'authentication_required' });
    await rig.later(24 * HOUR);
    const [failed] = await rig.recharges();
    expect(await statuses()).toEqual(['failed']);
    const shown = agreed(await rig.ask('payment', { paymentId: failed?.paymentId ?? '' }));
    expect(shown).toMatchObject({
      payment: { failure: { kind: 'authentication_required' } },
      step: { kind: 'authenticate' },
    });
    await rig.provider.authenticate({ clientSecret: shown.step?.clientSecret ?? '', isConfirmed: true });
    await rig.deliverAll();
    expect(await statuses()).toEqual(['succeeded']);
    expect(await rig.balance()).toBe(26 * USD);
  });

  test('scenario 16: a card whose owner confirmed it once pays by itself', async () => {
    await officeWith(20, AUTHENTICATED_ONCE);
    await rig.use(19 * USD);
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
  });

  test('a top-up by hand resumes it', async () => {
    await officeWith(20, SAVED_THEN_DECLINED);
    await rig.use(19 * USD);
    await rig.later(1);
    const { payment } = await rig.payWithNewCard('4242424242424242', { keepsCard: true });
    agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
    expect(await rig.recharge()).toMatchObject({ pause: null, failures: 0, notBeforeMs: 0 });
  });

  test('scenario 34: a card that is removed stops it, here and at the provider', async () => {
    await officeWith(20);
    const { cardRef } = await rig.payer();
    await rig.provider.forgetCard(cardRef ?? '');
    await rig.deliverAll();
    expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({
      card: null,
      autoRecharge: { pause: 'card_missing', cannotTurnOn: 'card_missing' },
    });
    await rig.use(19 * USD);
    await rig.later(1);
    expect(await statuses()).toEqual([]);
    await rig.saveCard();
    await rig.later(1);
    expect(await statuses()).toEqual(['succeeded']);
    agreed(await rig.ask('removeCard', {}));
    expect(await rig.recharge()).toMatchObject({ pause: 'card_missing' });
  });
});

describe('changes while one is in flight', () => {
  test('scenario 51: another card is saved meanwhile; the old one pays, once', async () => {
    await officeWith(20);
    rig.faults.push('lost_after');
    await rig.use(19 * USD);
    await rig.later(1);
    await rig.saveCard('5555555555554444');
    await rig.later(61);
    expect((await rig.recharges())[0]).toMatchObject({ status: 'succeeded' });
    expect((await rig.recharges())[0]?.card).toContain('4242');
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
  });

  test('scenario 53: it is turned off meanwhile; what was begun is credited, and nothing follows', async () => {
    await officeWith(20);
    rig.faults.push('lost_after');
    await rig.use(19 * USD);
    await rig.later(1);
    agreed(
      await rig.ask('saveAutoRecharge', {
        isOn: false,
        thresholdMicros: micros(1 * USD),
        amountMicros: micros(10 * USD),
        monthlyLimitMicros: micros(10 * USD),
        hasConsented: false,
      }),
    );
    await rig.later(61);
    await rig.use(26 * USD);
    await rig.later(HOUR);
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 0]);
  });
});

describe('settings', () => {
  const wish = {
    isOn: true,
    thresholdMicros: micros(5 * USD),
    amountMicros: micros(30 * USD),
    monthlyLimitMicros: micros(100 * USD),
    hasConsented: true,
  };

  test('scenario 56: not during the trial (F-23)', async () => {
    await rig.saveCard();
    const endsAtMs = rig.office.clock.nowMs() + 1_000;
    await rig.office.store.writeRows([{ table: 'trial', mode: 'insert', row: { accountId: 'acme', endsAtMs } }]);
    expect(codeOf(await rig.ask('saveAutoRecharge', wish))).toBe('trial_account');
    expect(agreed(await rig.ask('paymentSettings', {})).autoRecharge.cannotTurnOn).toBe('trial');
    rig.office.clock.advance(1_000);
    agreed(await rig.ask('saveAutoRecharge', wish));
  });

  test('only with consent, and only with a card (L-15)', async () => {
    expect(codeOf(await rig.ask('saveAutoRecharge', wish))).toBe('card_missing');
    await rig.saveCard();
    expect(codeOf(await rig.ask('saveAutoRecharge', { ...wish, hasConsented: false }))).toBe('consent_missing');
    expect(agreed(await rig.ask('paymentSettings', {})).autoRecharge.isOn).toBe(false);
  });

  test('the most it can take in a month counts whole recharges: 30 under a limit of 100 is 90', async () => {
    await rig.saveCard();
    const { autoRecharge } = agreed(await rig.ask('saveAutoRecharge', wish));
    expect(autoRecharge).toMatchObject({ isOn: true, amountMicros: 30 * USD, mostInMonthMicros: 90 * USD });
  });

  test.each([
    ['/thresholdMicros', { thresholdMicros: micros(990_000) }],
    ['/thresholdMicros', { thresholdMicros: micros(500_010_000) }],
    ['/amountMicros', { amountMicros: micros(9_990_000) }],
    ['/amountMicros', { amountMicros: micros(1_000_010_000) }],
    ['/amountMicros', { amountMicros: micros(30_000_001) }],
    ['/monthlyLimitMicros', { monthlyLimitMicros: micros(29_990_000) }],
  ])('%s out of bounds is refused, with the field', async (field, change) => {
    await rig.saveCard();
    const outcome = await rig.ask('saveAutoRecharge', { ...wish, ...change });
    expect(outcome).toMatchObject({ refusal: { code: 'amount_out_of_bounds', errors: [{ field }] } });
  });
});
