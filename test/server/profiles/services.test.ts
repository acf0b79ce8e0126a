/** What the products say of everything that is neither a call nor a number: extras, messages, faxes, transcription, subscriptions. */
import { afterEach, describe, expect, test } from 'vitest';
import type { CallExtra } from '../../../server/edge/edge-contract.ts';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import type { Profile } from '../../../server/policy/profile.ts';
import { readPolicies } from '../../../server/policy/read-policies.ts';
import { serviceEntryKind } from '../../../src/protocol/service.ts';
import { GERMAN, MeteringRig, withKinds } from '../../support/metering-rig.ts';
import { DANA, ECHO, GERMAN_MOBILE, granted, SAM, US_LOCAL } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';

let rig: ProfileRig;
let metering: MeteringRig;

async function open(profile: Profile): Promise<void> {
  rig = await ProfileRig.open(profile);
  metering = new MeteringRig(rig.office);
}

afterEach(() => rig.close());

describe('freshcaller', () => {
  test('F-07: a call with recording, barging, transfer and conference shows each apart from the price of its minutes', async () => {
    await open('freshcaller');
    await rig.haveCredit(10);
    const { callId } = await rig.office.answeredCall(GERMAN_MOBILE);
    await rig.office.pass(90);
    const extras: CallExtra[] = [
      { kind: 'recording', durationSeconds: 90 },
      { kind: 'transfer', units: 1 },
    ];
    const said = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0, durationMs: 90_000 };
    await rig.office.services.edge.ended(callId, { ...said, reason: 'hung_up', extras });
    const { lines = [], totalMicros } = granted(await rig.office.services.handlers.call(SAM, { callId }));
    expect(lines.map(({ kind, costMicros }) => [kind, costMicros])).toEqual([
      ['call', 120_000],
      ['recording', 5_000],
      ['transfer', 10_000],
    ]);
    expect(lines.reduce((sum, { costMicros }) => sum + costMicros, 0)).toBe(totalMicros);
    expect(await rig.payments.balance()).toBe(dollars(10) - (totalMicros ?? 0));
  });

  test('F-04, F-06: numbers, calls in and out and messages are paid from one balance, each debit says what it was for', async () => {
    await open('freshcaller');
    await rig.haveCredit(20);
    expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
    await rig.talk(GERMAN_MOBILE, { seconds: 60 });
    await rig.talkIn(TOLL_FREE, 60);
    agreed(await metering.charge({ units: 2 }));
    const debits = await rig.debits();
    expect([...new Set(debits.map(([kind]) => kind))].toSorted()).toEqual([
      'inbound_call',
      'number_purchase',
      'outbound_call',
      serviceEntryKind('sms'),
    ]);
    expect(debits.reduce((sum, [, micros]) => sum + micros, 0)).toBe(dollars(20) - (await rig.payments.balance()));
  });

  test('F-12: a message is refused below 2.00 as a call is', async () => {
    await open('freshcaller');
    await rig.haveCredit(1.99);
    expect(codeOf(await metering.charge())).toBe('low_credit');
    await rig.haveCredit(2);
    agreed(await metering.charge());
  });
});

describe('cloudtalk', () => {
  test('C-20: a text message is deducted from credit, as one debit row', async () => {
    await open('cloudtalk');
    await rig.haveCredit(10);
    agreed(await metering.charge({ units: 3 }));
    expect(await rig.debits()).toEqual([[serviceEntryKind('sms'), 270_000]]);
  });

  test('C-21: speech to text is billed from credit, or, once it is set so, by invoice', async () => {
    await open('default');
    await rig.haveCredit(10);
    const minutes = { kind: 'transcription', units: 10, to: null } as const;
    expect(agreed(await metering.charge(minutes))).toMatchObject({ paidBy: 'credit', costMicros: 240_000 });
    rig.office.policy = { ...rig.office.policy, ...withKinds({ transcription: { payBy: 'invoice' } }) };
    expect(agreed(await metering.charge(minutes))).toMatchObject({ paidBy: 'invoice', costMicros: 240_000 });
    expect(await rig.debits()).toEqual([[serviceEntryKind('transcription'), 240_000]]);
    expect((await metering.rows()).map(({ paidBy }) => paidBy).toSorted()).toEqual(['credit', 'invoice']);
    await metering.later(1);
    rig.office.clock.advance(31 * 86_400_000);
    await rig.office.services.payments.workOnce();
    const { invoices } = agreed(await rig.office.services.payments.handlers.invoices(DANA, {}));
    expect(invoices.filter(({ kind }) => kind === 'invoice')).toMatchObject([{ amountMicros: 240_000, isOpen: true }]);
  });
});

describe('cloudtalk and diallink', () => {
  test.each([
    'cloudtalk',
    'diallink',
  ] as const)('C-22, L-02: at %s no subscription is ever paid by credit: API, ledger and policy refuse it', async (profile) => {
    await open(profile);
    await rig.haveCredit(100);
    const fee = { kind: 'subscription', units: 1, to: null } as const;
    expect([codeOf(await metering.charge(fee)), codeOf(await metering.authorize(fee))]).toEqual([
      'service_not_metered',
      'service_not_metered',
    ]);
    const debit = {
      kind: 'charge',
      operationId: 'a-monthly-job',
      accountId: 'acme',
      walletId: 'berlin',
      atMs: rig.office.clock.nowMs(),
      amountMicros: dollars(25),
      revenueAccount: 'subscriptions',
      entryKind: 'subscription',
      reference: 'november',
      alongside: [],
    } as const;
    await expect(rig.office.ledger.submit(debit)).rejects.toThrow('credit never pays for a subscription');
    const kinds = { subscription: { unit: 'month', priceBy: 'flat', payBy: 'credit' } };
    const file = JSON.stringify({ profiles: { [profile]: { services: { kinds } } } });
    expect(() => readPolicies(file)).toThrow('is a subscription, and credit never pays for one');
    expect([await rig.debits(), await rig.payments.balance()]).toEqual([[], dollars(100)]);
  });

  test('L-01: credit pays for what is metered: a call inside the included area costs nothing, a message its price', async () => {
    await open('diallink');
    await rig.haveCredit(10);
    expect(await rig.talk(US_LOCAL, { seconds: 600 })).toBe(0);
    expect(await rig.debits()).toEqual([]);
    agreed(await metering.charge({ to: '+12025550100', units: 10 }));
    expect(await rig.debits()).toEqual([[serviceEntryKind('sms'), 79_000]]);
  });
});

describe('dialpad', () => {
  test('D-02: messages, faxes, toll-free calls in and calls out each have a price, and each can be switched free or charged', async () => {
    await open('default');
    await rig.haveCredit(50);
    const sms = async () => agreed(await metering.charge({ to: '+12025550100' })).costMicros;
    const mms = async () => agreed(await metering.charge({ kind: 'mms', to: '+12025550100' })).costMicros;
    const fax = async () => agreed(await metering.charge({ kind: 'fax', to: GERMAN, units: 3 })).costMicros;
    const abroad = () => rig.talk(GERMAN_MOBILE, { seconds: 60 });
    const tollFree = () => rig.talkIn(TOLL_FREE, 60);
    const charged = [7_900, 20_000, 280_000, 60_000, 20_000];
    const prices = async () => [await sms(), await mms(), await fax(), await abroad(), await tollFree()];
    expect(await prices()).toEqual(charged);
    const standard = rig.office.policy;
    const free = (kind: string) => ({ ...standard, ...withKinds({ [kind]: { payBy: 'free' } }) });
    for (const [at, kind] of ['sms', 'mms', 'fax'].entries()) {
      rig.office.policy = free(kind);
      expect(await prices()).toEqual(charged.with(at, 0));
    }
    for (const [at, kind] of [
      [3, 'mobile'],
      [4, 'toll_free'],
    ] as const) {
      rig.office.policy = { ...standard, ungatedKinds: [...standard.ungatedKinds, kind] };
      expect(await prices()).toEqual(charged.with(at, 0));
    }
    expect(await rig.talk(ECHO, { seconds: 60 })).toBe(0);
  });

  test('D-02: what is free needs no credit, what is charged does', async () => {
    await open('dialpad');
    expect(DEFAULT_POLICIES.dialpad.services.kinds.fax?.payBy).toBe('credit');
    expect(codeOf(await metering.charge({ kind: 'fax', to: GERMAN }))).toBe('no_credit');
    await rig.goBy('default');
    rig.office.policy = { ...rig.office.policy, ...withKinds({ fax: { payBy: 'free' } }) };
    rig.office.clock.advance(2_000);
    expect(agreed(await metering.charge({ kind: 'fax', to: GERMAN })).paidBy).toBe('free');
  });

  test('D-10: at balance 0 an outbound message is refused with the code that a call gets, and no debit is made', async () => {
    await open('dialpad');
    expect(codeOf(await metering.authorize({ to: '+12025550100' }))).toBe('no_credit');
    expect(await rig.callOut(GERMAN_MOBILE)).toBe('no_credit');
    await rig.haveCredit(0.01);
    expect(agreed(await metering.authorize({ to: '+12025550100' })).heldMicros).toBe(7_900);
    expect(codeOf(await metering.authorize({ to: '+12025550100' }))).toBe('credit_held');
    expect(await rig.debits()).toEqual([]);
  });

  test('D-11: with automatic refill on, 50 messages that cost three times the credit are all sent', async () => {
    await open('dialpad');
    await rig.payments.saveCard();
    await rig.haveCredit(5);
    await rig.turnOnRecharge();
    for (let message = 0; message < 50; message += 1) {
      agreed(await metering.charge({ units: 6 }));
      rig.office.clock.advance(120_000);
    }
    // Nobody looked at the wallet in between: each recharge came before the message that would have been refused.
    expect(await rig.payments.charges()).toBe(1);
    expect(await rig.payments.balance()).toBe(dollars(5) + dollars(50) - 50 * 540_000);
  });

  test('D-11: messages at the same moment wait for the same charge of the card', async () => {
    await open('dialpad');
    await rig.payments.saveCard();
    await rig.haveCredit(5);
    await rig.turnOnRecharge();
    await rig.haveCredit(0);
    const sent = await Promise.all(Array.from({ length: 50 }, () => metering.charge()));
    expect(sent.filter(({ ok }) => !ok)).toEqual([]);
    expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([1, dollars(50) - 50 * 90_000]);
  });

  test('D-11: messages are usage: after a correction by the operator they bring the card back in', async () => {
    await open('dialpad');
    await rig.payments.saveCard();
    await rig.haveCredit(20);
    await rig.turnOnRecharge();
    await rig.payments.correct(dollars(19.9));
    expect(codeOf(await metering.charge({ units: 2 }))).toBe('insufficient_credit');
    agreed(await metering.charge());
    agreed(await metering.charge({ units: 2 }));
    expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([1, dollars(50.1 - 0.27)]);
  });

  test('D-11: where the card is declined the message is refused, and costs nothing', async () => {
    await open('dialpad');
    await rig.payments.saveCard('4000000000000341');
    await rig.haveCredit(5);
    await rig.turnOnRecharge();
    await rig.haveCredit(0);
    expect(codeOf(await metering.charge())).toBe('no_credit');
    expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([0, 0]);
  });
});
