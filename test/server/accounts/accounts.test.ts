/** Who is there, what credit the office has, and asking for more of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyLinePassword } from '../../../server/edge/line-password.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import type { Identity } from '../../../server/services.ts';
import { balanceSchema, lineCredentialsSchema, meSchema } from '../../../src/protocol/account.ts';
import { micros } from '../../../src/protocol/money.ts';
import {
  ANN,
  AUSTRIA,
  codeOf,
  DANA,
  GERMAN_MOBILE,
  granted,
  KIM,
  LUIS,
  OfficeRig,
  refusalOf,
  SAM,
  STRANGER,
} from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

describe('me', () => {
  test('shows person, office, and the admins who can add credit', async () => {
    const { handlers } = rig.services;
    for (const admin of [DANA, LUIS, { ...ANN, role: 'billing' as const }]) granted(await handlers.me(admin, {}));
    const me = granted(await handlers.me(SAM, {}));
    expect(meSchema.parse(me)).toEqual(me);
    expect(me).toMatchObject({
      personId: 'sam',
      role: 'agent',
      office: { officeId: 'berlin', country: 'DE' },
      currency: 'USD',
      creditAdmins: ['Dana Whitfield', 'Luis Ortega'],
      isDemo: true,
    });
  });

  test('extensions are given from 201 on, once, also to newcomers who come together, and kept for good', async () => {
    const people = Array.from({ length: 10 }, (_, index) => ({ ...SAM, personId: `p${index}` }));
    const mes = await Promise.all([...people, ...people].map((person) => rig.services.handlers.me(person, {})));
    const extensions = mes.map((me) => granted(me).extension);
    expect(new Set(extensions)).toEqual(new Set(Array.from({ length: 10 }, (_, index) => String(201 + index))));
    expect(extensions.slice(0, 10)).toEqual(extensions.slice(10));
    await rig.restart();
    expect(granted(await rig.services.handlers.me({ ...SAM, personId: 'p3', name: 'New Name' }, {})).extension).toBe(
      extensions[3],
    );
    expect(granted(await rig.services.handlers.me(STRANGER, {})).extension).toBe('201');
  });

  test('no extension is a short number of the network', async () => {
    const person = { accountId: 'acme', officeId: 'berlin', name: 'x', role: 'agent', licence: null, seenAtMs: 0 };
    const people = Array.from({ length: 399 }, (_, index) => ({
      ...person,
      personId: `p${index}`,
      extension: `${201 + index}`,
    }));
    await rig.store.writeRows(people.map((row) => ({ table: 'person' as const, mode: 'insert' as const, row })));
    expect(granted(await rig.services.handlers.me(SAM, {})).extension).toBe('601');
  });

  test('a token for an office that is not there is refused', async () => {
    expect(codeOf(await rig.services.handlers.me({ ...SAM, officeId: 'nowhere' }, {}))).toBe('office_forbidden');
  });
});

test('line credentials are of this person and can be checked by an edge', async () => {
  const line = granted(await rig.services.handlers.mintLineCredentials(SAM, {}));
  expect(lineCredentialsSchema.parse(line)).toEqual(line);
  expect(line).toMatchObject({ sipUri: 'sip:acme.sam@phone.test', expiresInSeconds: 600 });
  const checked = verifyLinePassword(line, { secret: 'a-secret-for-lines', nowMs: rig.clock.nowMs() });
  expect(checked).toMatchObject({ isValid: true, person: { accountId: 'acme', personId: 'sam' } });
});

describe('the balance', () => {
  const read = async (identity = DANA) => granted(await rig.services.handlers.balance(identity, {}));

  test('F-03, F-13: shows what there is, what is held and by what, and what works with it', async () => {
    await rig.addCredit(10_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    const balance = await read();
    expect(balanceSchema.parse(balance)).toEqual(balance);
    expect(balance).toMatchObject({
      currency: 'USD',
      balanceMicros: 10_000_000,
      heldMicros: 60_000,
      availableMicros: 9_940_000,
      level: 'ok',
      talkSeconds: null,
      heldBy: [{ callId, agentName: 'Sam Reed', destination: 'Germany, mobile', heldMicros: 60_000 }],
      works: { callingOut: true, receiving: true, buyingNumbers: true },
      pause: null,
    });
    await rig.ended(callId, 60_000);
    expect(await read()).toMatchObject({ heldMicros: 0, heldBy: [], talkSeconds: 9_940 });
    expect((await read()).version).toBeGreaterThan(balance.version);
  });

  test('levels begin at their lines: low at 5.00, critical at 1.00, empty at 0', async () => {
    expect(await read()).toMatchObject({
      level: 'empty',
      works: { callingOut: false, receiving: false, buyingNumbers: false },
    });
    const levels: string[] = [];
    for (const amount of [1_000_000, 500_000, 3_500_000, 1_000_000]) {
      await rig.addCredit(amount);
      levels.push((await read()).level);
    }
    expect(levels).toEqual(['critical', 'low', 'low', 'ok']);
  });

  test('D-12: every office has its own', async () => {
    await rig.addCredit(5_000_000, 'austin');
    expect((await read()).balanceMicros).toBe(0);
    expect((await read(ANN)).balanceMicros).toBe(5_000_000);
  });

  test('D-13: company may choose among the offices of its account, billing has its own, nobody has another account’s', async () => {
    const ids = async (identity: Identity) =>
      granted(await rig.services.handlers.offices(identity, {})).offices.map(({ officeId }) => officeId);
    expect(await ids(LUIS)).toEqual(expect.arrayContaining(['austin', 'berlin']));
    expect(await ids(DANA)).toEqual(['berlin']);
    expect(await ids({ ...LUIS, accountId: 'nobody' })).toEqual([]);
  });

  test('tells who paused calling and since when', async () => {
    await rig.addCredit(5_000_000);
    const paused = granted(await rig.services.handlers.setPause(DANA, { isPaused: true }));
    expect(paused.pause).toEqual({ sinceMs: rig.clock.nowMs(), byName: 'Dana Whitfield' });
    expect(paused.works).toEqual({ callingOut: false, receiving: true, buyingNumbers: true });
    rig.clock.advance(60_000);
    const again = granted(await rig.services.handlers.setPause(LUIS, { isPaused: true }));
    expect(again.pause).toEqual(paused.pause);
    expect(granted(await rig.services.handlers.setPause(DANA, { isPaused: false })).pause).toBeNull();
  });

  test('many changes in a moment are told at once and once more, with the newest state', async () => {
    await rig.addCredit(10_000_000);
    for (let call = 0; call < 4; call += 1) granted(await rig.authorize(AUSTRIA));
    await rig.settleDown();
    expect(rig.eventsOf('balance')).toHaveLength(1);
    await rig.pass(1);
    const balances = rig.eventsOf('balance');
    expect(balances).toHaveLength(2);
    expect(balances.at(-1)?.balance.heldMicros).toBe(600_000);
  });

  test('is hidden from agents where the policy says so, and never from admins', async () => {
    await rig.addCredit(10_000_000);
    const { callId } = await rig.answeredCall(GERMAN_MOBILE);
    await rig.ended(callId, 60_000);
    const whole = await read();
    rig.policy = { ...DEFAULT_POLICY, showBalanceToAgents: 'time' };
    const hidden = { balanceMicros: 0, heldMicros: 0, availableMicros: 0, heldBy: [], level: 'ok' };
    expect(await read(SAM)).toMatchObject({ ...hidden, talkSeconds: 9_940 });
    expect(await read()).toEqual(whole);
    rig.policy = { ...DEFAULT_POLICY, showBalanceToAgents: 'none' };
    expect(await read(SAM)).toMatchObject({ ...hidden, talkSeconds: null });
    const event = { type: 'balance', balance: whole } as const;
    expect(rig.services.visibleEvent(SAM, event)).toMatchObject({ balance: hidden });
    expect(rig.services.visibleEvent(DANA, event)).toEqual(event);
    const quote = granted(await rig.services.handlers.quote(SAM, { to: GERMAN_MOBILE }));
    expect(quote).toMatchObject({ availableMicros: 0, talkSeconds: null, perMinuteMicros: 60_000, refusal: null });
    const refusal = refusalOf(await rig.authorize(GERMAN_MOBILE, { identity: ANN }));
    expect(refusal).toMatchObject({ code: 'no_credit', neededMicros: 60_000 });
    expect(refusal).not.toHaveProperty('availableMicros');
  });
});

describe('play credit', () => {
  const add = (creditId: string, amount = 1_000_000) =>
    rig.services.handlers.addPlayCredit(DANA, { creditId, amountMicros: micros(amount) });

  test('is added once however often it is asked for, and the same id for another amount is refused', async () => {
    expect(granted(await add('credit-0001')).balanceMicros).toBe(1_000_000);
    expect(granted(await add('credit-0001')).balanceMicros).toBe(1_000_000);
    expect(codeOf(await add('credit-0001', 2_000_000))).toBe('id_reused');
    expect(granted(await add('credit-0002')).balanceMicros).toBe(2_000_000);
  });
});

describe('asking for credit', () => {
  const ask = (requestId: string, identity = SAM) =>
    rig.services.handlers.askForCredit(identity, { requestId, reason: 'customer on the line' });

  test('reaches the admins and the asker, and the answer comes back', async () => {
    const request = granted(await ask('request-0001'));
    expect(request).toMatchObject({ agentName: 'Sam Reed', state: 'asked', reason: 'customer on the line' });
    const answer = { requestId: 'request-0001', words: null, addedMicros: null };
    expect(granted(await rig.services.handlers.answerCreditRequest(DANA, { ...answer, state: 'seen' })).state).toBe(
      'seen',
    );
    const granting = { ...answer, state: 'granted' as const, words: 'go on', addedMicros: micros(25_000_000) };
    granted(await rig.services.handlers.answerCreditRequest(DANA, granting));
    const late = granted(await rig.services.handlers.answerCreditRequest(LUIS, { ...answer, state: 'seen' }));
    expect(late).toMatchObject({
      state: 'granted',
      answeredByName: 'Dana Whitfield',
      addedMicros: 25_000_000,
      words: 'go on',
    });
    const told = rig.told.filter(({ event }) => event.type === 'credit_request');
    expect(told).toHaveLength(3);
    expect(new Set(told.map(({ audience }) => audience.personId))).toEqual(new Set(['sam']));
    expect(await rig.wallet()).toMatchObject({ balance: 0 });
  });

  test('again too soon is refused with the time to wait, to the second; an answer ends the waiting', async () => {
    granted(await ask('request-0001'));
    expect(granted(await ask('request-0001')).requestId).toBe('request-0001');
    rig.clock.advance(180_000);
    expect(refusalOf(await ask('request-0002'))).toMatchObject({ code: 'already_asked', retryInSeconds: 120 });
    expect((await ask('request-0003', KIM)).ok).toBe(true);
    rig.clock.advance(119_999);
    expect(refusalOf(await ask('request-0002'))).toMatchObject({ code: 'already_asked', retryInSeconds: 1 });
    rig.clock.advance(1);
    expect((await ask('request-0002')).ok).toBe(true);
    const decline = {
      requestId: 'request-0002',
      state: 'declined' as const,
      words: 'wait until Monday',
      addedMicros: null,
    };
    granted(await rig.services.handlers.answerCreditRequest(DANA, decline));
    expect((await ask('request-0004')).ok).toBe(true);
  });

  test('is seen by the asker and the admins of the office, and by nobody else', async () => {
    granted(await ask('request-0001'));
    granted(await ask('request-0002', ANN));
    const seenBy = async (identity: typeof SAM) =>
      granted(await rig.services.handlers.creditRequests(identity, {}))
        .requests.map(({ requestId }) => requestId)
        .toSorted();
    expect(await seenBy(SAM)).toEqual(['request-0001']);
    expect(await seenBy(KIM)).toEqual([]);
    expect(await seenBy(DANA)).toEqual(['request-0001']);
    expect(await seenBy(LUIS)).toEqual(['request-0001', 'request-0002']);
    expect(await seenBy(STRANGER)).toEqual([]);
    const answer = { requestId: 'request-0002', state: 'seen' as const, words: null, addedMicros: null };
    expect(codeOf(await rig.services.handlers.answerCreditRequest(DANA, answer))).toBe('request_unknown');
    expect(codeOf(await ask('request-0001', KIM))).toBe('id_reused');
  });
});
