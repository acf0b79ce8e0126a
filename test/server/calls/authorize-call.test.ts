import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { micros } from '../../../src/protocol/money.ts';
import {
  ANN,
  AUSTRIA,
  codeOf,
  DANA,
  ECHO,
  EMERGENCY,
  GERMAN_MOBILE,
  granted,
  KIM,
  NO_PRICE,
  OfficeRig,
  PREMIUM,
  refusalOf,
  SAM,
  STRANGER,
  US_LOCAL,
} from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

describe('credit', () => {
  test('F-09, S-02, F-26: with no credit a paid call is refused, nothing is held and nothing is kept', async () => {
    const refusal = refusalOf(await rig.authorize(GERMAN_MOBILE));
    expect(refusal).toEqual({
      code: 'no_credit',
      whoCanFix: 'admin',
      neededMicros: 60_000,
      availableMicros: 0,
      currency: 'USD',
    });
    expect(await rig.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
  });

  test('a call needs connection fee and first block, to the micro', async () => {
    await rig.addCredit(51_666);
    expect(refusalOf(await rig.authorize(AUSTRIA))).toMatchObject({
      code: 'insufficient_credit',
      neededMicros: 51_667,
      availableMicros: 51_666,
    });
    await rig.addCredit(1);
    const { lease, quote } = granted(await rig.authorize(AUSTRIA));
    expect(lease).toEqual({ leaseSeconds: 1, renewalIndex: 0, isFinal: true, heldMicros: 51_667 });
    expect(quote.neededMicros).toBe(51_667);
    expect(await rig.wallet()).toEqual({ balance: 51_667, held: 51_667, available: 0 });
  });

  test('a wallet with enough holds the whole first lease', async () => {
    await rig.addCredit(1_000_000);
    const { lease } = granted(await rig.authorize(AUSTRIA));
    expect(lease).toEqual({ leaseSeconds: 60, renewalIndex: 0, isFinal: false, heldMicros: 150_000 });
    expect((await rig.wallet()).available).toBe(850_000);
  });

  test('a first lease is trimmed to what the wallet pays for, holds just that, and is final', async () => {
    await rig.addCredit(100_000);
    const { lease } = granted(await rig.authorize(AUSTRIA));
    expect(lease).toEqual({ leaseSeconds: 30, renewalIndex: 0, isFinal: true, heldMicros: 100_000 });
  });

  test('a first lease loses no second that the wallet pays for', async () => {
    await rig.addCredit(148_334);
    expect(granted(await rig.authorize(AUSTRIA)).lease).toMatchObject({ leaseSeconds: 59, heldMicros: 148_334 });
  });

  test('F-12: at the least amount a call is allowed, a micro below it is "low", nothing at all is "empty"', async () => {
    rig.policy = { ...DEFAULT_POLICY, credit: { ...DEFAULT_POLICY.credit, callFloorMicros: micros(2_000_000) } };
    expect(codeOf(await rig.authorize(GERMAN_MOBILE))).toBe('no_credit');
    await rig.addCredit(1_999_999);
    expect(refusalOf(await rig.authorize(GERMAN_MOBILE))).toMatchObject({
      code: 'low_credit',
      neededMicros: 2_000_000,
      availableMicros: 1_999_999,
    });
    await rig.addCredit(1);
    expect((await rig.authorize(GERMAN_MOBILE)).ok).toBe(true);
  });

  test('credit that other calls hold is told as such, with how many calls hold it', async () => {
    await rig.addCredit(120_000);
    await rig.answeredCall(GERMAN_MOBILE);
    await rig.answeredCall(GERMAN_MOBILE, { identity: KIM });
    expect(refusalOf(await rig.authorize(GERMAN_MOBILE))).toMatchObject({
      code: 'credit_held',
      neededMicros: 60_000,
      availableMicros: 0,
      holdingCalls: 2,
      whoCanFix: 'admin',
    });
  });

  test('thirty parallel calls on the money for one: one is admitted, and nothing goes below zero', async () => {
    await rig.addCredit(60_000);
    const calls = await Promise.all(Array.from({ length: 30 }, () => rig.authorize(GERMAN_MOBILE)));
    expect(calls.filter((call) => call.ok)).toHaveLength(1);
    expect(new Set(calls.filter((call) => !call.ok).map(codeOf))).toEqual(new Set(['credit_held']));
    expect(await rig.wallet()).toEqual({ balance: 60_000, held: 60_000, available: 0 });
  });

  test('D-12: spending of one office does not move the credit of another', async () => {
    await rig.addCredit(1_000_000, 'austin');
    expect(codeOf(await rig.authorize(GERMAN_MOBILE))).toBe('no_credit');
    expect((await rig.authorize(GERMAN_MOBILE, { identity: ANN })).ok).toBe(true);
    expect((await rig.wallet('berlin')).held).toBe(0);
    expect((await rig.wallet('austin')).held).toBe(60_000);
  });

  test('S-05: a refused call id works once credit is there', async () => {
    const callId = randomUUID();
    expect(codeOf(await rig.authorize(GERMAN_MOBILE, { callId }))).toBe('no_credit');
    await rig.addCredit(60_000);
    expect((await rig.authorize(GERMAN_MOBILE, { callId })).ok).toBe(true);
  });
});

describe('rate first, gate second', () => {
  test('free, emergency and internal calls are never gated by credit and hold nothing', async () => {
    granted(await rig.services.handlers.me(KIM, {}));
    for (const to of [ECHO, EMERGENCY, US_LOCAL, '201']) {
      const { quote, lease } = granted(await rig.authorize(to));
      expect({ to, isFree: quote.isFree, held: lease.heldMicros }).toEqual({ to, isFree: true, held: 0 });
      expect(lease.leaseSeconds).toBe(60);
    }
  });

  test('an office that never had credit calls what is free', async () => {
    const austin = { accountId: 'acme', officeId: 'new', name: 'New', walletId: 'new' };
    const row = { ...austin, country: 'US', timeZone: 'UTC', pausedAtMs: null, pausedByName: null };
    await rig.store.writeRows([{ table: 'office', mode: 'insert', row }]);
    const newcomer = { ...SAM, officeId: 'new' };
    expect((await rig.authorize(ECHO, { identity: newcomer })).ok).toBe(true);
    expect(codeOf(await rig.authorize(GERMAN_MOBILE, { identity: newcomer }))).toBe('no_credit');
  });

  test('a number without a price is refused as such, also when there is no credit', async () => {
    expect(refusalOf(await rig.authorize(NO_PRICE))).toEqual({ code: 'no_rate', whoCanFix: 'operator' });
    await rig.addCredit(1_000_000);
    expect(codeOf(await rig.authorize(NO_PRICE))).toBe('no_rate');
  });

  test('what is no number is refused as such', async () => {
    expect(codeOf(await rig.authorize('hello'))).toBe('number_invalid');
  });

  test('D-28: the licence of the caller decides the price', async () => {
    const free = granted(await rig.services.handlers.quote(SAM, { to: US_LOCAL }));
    const paid = granted(await rig.services.handlers.quote({ ...SAM, licence: 'contact-centre' }, { to: US_LOCAL }));
    expect([free.perMinuteMicros, paid.perMinuteMicros]).toEqual([0, 20_000]);
    expect([free.refusal, paid.refusal?.code]).toEqual([null, 'no_credit']);
  });

  test('an extension never stands before a short number of the network', async () => {
    const people = [401, 600, 112].map((extension) => ({ personId: `p${extension}`, extension: String(extension) }));
    const person = { accountId: 'acme', officeId: 'berlin', name: 'Shadow', role: 'agent', licence: null, seenAtMs: 0 };
    await rig.store.writeRows(
      people.map((row) => ({ table: 'person' as const, mode: 'insert' as const, row: { ...person, ...row } })),
    );
    const destinationOf = async (to: string) => granted(await rig.services.handlers.quote(SAM, { to })).destination;
    expect(await destinationOf('401')).toBe('Shadow');
    expect(await destinationOf(ECHO)).toBe('Echo test');
    expect(await destinationOf(EMERGENCY)).toBe('Emergency');
  });

  test('a colleague sees the extension and the name of who calls', async () => {
    granted(await rig.services.handlers.me(SAM, {}));
    const kim = granted(await rig.services.handlers.me(KIM, {}));
    const authorized = granted(await rig.authorize(kim.extension));
    const admission = await rig.admit(authorized);
    if (admission.decision !== 'allow') throw new Error('refused');
    expect(admission).toMatchObject({ callerNumber: '201', callerName: 'Sam Reed' });
    const called = { direction: 'inbound', edgeId: 'embedded', sipCallId: 'leg-2', calledUser: 'acme.kim' } as const;
    const ringing = await rig.services.edge.admit({ ...called, callerNumber: '201', calledNumber: null });
    expect(ringing).toMatchObject({ decision: 'allow', callerNumber: '201', callerName: 'Sam Reed' });
    const { calls } = granted(await rig.services.handlers.calls(KIM, {}));
    expect(calls).toMatchObject([{ direction: 'inbound', number: '201', destination: 'Sam Reed', kind: 'internal' }]);
  });

  test('D-01: a call to an extension of a colleague goes to that person and is free', async () => {
    const kim = granted(await rig.services.handlers.me(KIM, {}));
    const authorized = granted(await rig.authorize(kim.extension));
    expect(authorized.quote).toMatchObject({ kind: 'internal', destination: 'Kim Lee', isFree: true });
    expect(await rig.admit(authorized)).toMatchObject({ decision: 'allow', routeToUser: 'acme.kim' });
    expect(codeOf(await rig.authorize(kim.extension, { identity: STRANGER }))).toBe('no_rate');
  });
});

describe('rules', () => {
  test('S-03: a phone that is switched off calls nobody', async () => {
    const account = await rig.store.db
      .selectFrom('account')
      .selectAll()
      .where('accountId', '=', 'acme')
      .executeTakeFirstOrThrow();
    await rig.store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, isPhoneEnabled: false } }]);
    expect(codeOf(await rig.authorize(ECHO))).toBe('phone_disabled');
    expect(codeOf(await rig.services.handlers.me(SAM, {}))).toBe('phone_disabled');
  });

  test('a pause stops new paid calls; free ones and running ones go on', async () => {
    await rig.addCredit(1_000_000);
    const running = await rig.answeredCall(GERMAN_MOBILE);
    const sinceMs = rig.clock.nowMs();
    granted(await rig.services.handlers.setPause(DANA, { isPaused: true }));
    expect(refusalOf(await rig.authorize(GERMAN_MOBILE))).toEqual({
      code: 'calling_paused',
      whoCanFix: 'admin',
      sinceMs,
    });
    expect((await rig.authorize(ECHO)).ok).toBe(true);
    expect((await rig.authorize(EMERGENCY)).ok).toBe(true);
    await rig.pass(45);
    expect((await rig.row(running.callId)).leaseSeconds).toBe(100);
    granted(await rig.services.handlers.setPause(DANA, { isPaused: false }));
    expect((await rig.authorize(GERMAN_MOBILE)).ok).toBe(true);
  });

  test('blocked prefixes are refused, their neighbours are not, emergency never is', async () => {
    await rig.addCredit(1_000_000);
    rig.policy = { ...DEFAULT_POLICY, blockedPrefixes: ['4915', '112'] };
    expect(codeOf(await rig.authorize(GERMAN_MOBILE))).toBe('prefix_blocked');
    expect((await rig.authorize(AUSTRIA)).ok).toBe(true);
    expect((await rig.authorize(EMERGENCY)).ok).toBe(true);
  });

  test('a price a minute at the limit is allowed, above it refused with both numbers', async () => {
    await rig.addCredit(10_000_000);
    const withCap = (cap: number) => ({
      ...DEFAULT_POLICY,
      caps: { ...DEFAULT_POLICY.caps, perMinuteMicros: micros(cap) },
    });
    rig.policy = withCap(1_899_999);
    expect(refusalOf(await rig.authorize(PREMIUM))).toMatchObject({
      code: 'price_above_limit',
      perMinuteMicros: 1_900_000,
      limitMicros: 1_899_999,
    });
    rig.policy = withCap(1_900_000);
    expect((await rig.authorize(PREMIUM)).ok).toBe(true);
  });

  test('calls at once are capped per agent and per office, and a call that ends makes room', async () => {
    rig.policy = {
      ...DEFAULT_POLICY,
      caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: 1, officeCallsAtOnce: 2 },
    };
    const first = granted(await rig.authorize(ECHO));
    expect(refusalOf(await rig.authorize(ECHO))).toEqual({
      code: 'agent_call_limit',
      whoCanFix: 'agent',
      limitCalls: 1,
    });
    expect((await rig.authorize(ECHO, { identity: KIM })).ok).toBe(true);
    expect(codeOf(await rig.authorize(ECHO, { identity: DANA }))).toBe('office_call_limit');
    expect((await rig.authorize(EMERGENCY)).ok).toBe(true);
    expect((await rig.authorize(ECHO, { identity: ANN })).ok).toBe(true);
    granted(await rig.services.handlers.releaseCall(SAM, { callId: first.callId }));
    expect((await rig.authorize(ECHO)).ok).toBe(true);
  });

  test('spend a day is capped to the micro, by what is held and what was charged, until the office has its midnight', async () => {
    await rig.addCredit(10_000_000);
    rig.policy = { ...DEFAULT_POLICY, caps: { ...DEFAULT_POLICY.caps, agentDayMicros: micros(120_000) } };
    const first = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(first.callId, 30_000);
    const second = granted(await rig.authorize(GERMAN_MOBILE));
    expect(refusalOf(await rig.authorize(GERMAN_MOBILE))).toMatchObject({
      code: 'agent_spend_limit',
      limitMicros: 120_000,
      currency: 'USD',
    });
    expect((await rig.authorize(GERMAN_MOBILE, { identity: KIM })).ok).toBe(true);
    granted(await rig.services.handlers.releaseCall(SAM, { callId: second.callId }));
    const third = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(third.callId, 60_000);
    expect(codeOf(await rig.authorize(GERMAN_MOBILE))).toBe('agent_spend_limit');
    // 12:00 UTC is 13:00 in Berlin: eleven hours to its midnight.
    rig.clock.advance(11 * 3_600_000 - 1);
    expect(codeOf(await rig.authorize(GERMAN_MOBILE))).toBe('agent_spend_limit');
    rig.clock.advance(1);
    expect((await rig.authorize(GERMAN_MOBILE)).ok).toBe(true);
  });

  test('a spend cap that covers a part of the lease trims it', async () => {
    await rig.addCredit(10_000_000);
    rig.policy = { ...DEFAULT_POLICY, caps: { ...DEFAULT_POLICY.caps, officeDayMicros: micros(100_000) } };
    expect(granted(await rig.authorize(AUSTRIA)).lease).toMatchObject({ leaseSeconds: 30, isFinal: true });
    expect(codeOf(await rig.authorize(AUSTRIA, { identity: KIM }))).toBe('office_spend_limit');
  });
});

describe('doing it twice is doing it once', () => {
  test('a repeat gets the same call and holds nothing more', async () => {
    await rig.addCredit(1_000_000);
    const callId = randomUUID();
    const first = granted(await rig.authorize(GERMAN_MOBILE, { callId }));
    const again = granted(await rig.authorize(GERMAN_MOBILE, { callId }));
    expect(again.lease).toEqual(first.lease);
    expect((await rig.wallet()).held).toBe(60_000);
    expect((await rig.admit(again)).decision).toBe('allow');
  });

  test('thirty repeats at once are one call', async () => {
    await rig.addCredit(1_000_000);
    const callId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 30 }, () => rig.authorize(GERMAN_MOBILE, { callId })));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect((await rig.wallet()).held).toBe(60_000);
  });

  test("another number, another person's id and another account's id are refused as reused", async () => {
    await rig.addCredit(1_000_000);
    const callId = randomUUID();
    granted(await rig.authorize(GERMAN_MOBILE, { callId }));
    expect(codeOf(await rig.authorize(AUSTRIA, { callId }))).toBe('id_reused');
    expect(codeOf(await rig.authorize(GERMAN_MOBILE, { callId, identity: KIM }))).toBe('id_reused');
    expect(codeOf(await rig.authorize(ECHO, { callId, identity: STRANGER }))).toBe('id_reused');
  });

  test('a call that is over is not begun again', async () => {
    await rig.addCredit(1_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(callId, 10_000);
    expect(codeOf(await rig.authorize(GERMAN_MOBILE, { callId }))).toBe('call_ended');
    expect((await rig.wallet()).held).toBe(0);
  });
});
