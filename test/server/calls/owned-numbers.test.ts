/** Calls by and to numbers that the account owns: who may show one, whom one rings, what a held one does, what licences pay (D-28). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sipUserOf } from '../../../server/edge/sip-user.ts';
import { RateBook } from '../../../server/rates/rate-book.ts';
import { RateDeck } from '../../../server/rates/rate-deck.ts';
import type { Identity } from '../../../server/services.ts';
import type { CallAuthorization } from '../../../src/protocol/call.ts';
import { dialableNumber } from '../../../src/protocol/phone-number.ts';
import { ANN, codeOf, DANA, GERMAN_MOBILE, granted, KIM, LUIS, RATES, rate, SAM } from '../../support/office-rig.ts';
import { RENTED, RentRig, USD } from '../../support/rent-rig.ts';

const OTHER = '+12025550102';

let rig: RentRig;
beforeEach(async () => {
  rig = await RentRig.open({ setAsideDays: 0, announceDays: 0, lateDays: 7 });
  rig.turnTo('2026-02-03');
  await rig.own();
  await rig.own({ number: OTHER });
  for (const identity of [SAM, KIM, DANA, LUIS, ANN]) granted(await rig.office.services.handlers.me(identity, {}));
});
afterEach(async () => {
  await rig.close();
});

async function assign(number: string, to: { officeId?: string; personId: string | null }, identity: Identity = DANA) {
  return await rig.ask('assignNumber', { number, officeId: 'berlin', ...to }, { identity });
}

async function numbersOf(identity: Identity): Promise<readonly string[]> {
  return granted(await rig.office.services.handlers.me(identity, {})).callerNumbers;
}

function call(callerNumber: string | null, identity: Identity = SAM) {
  const { handlers } = rig.office.services;
  const shown = callerNumber === null ? null : dialableNumber(callerNumber);
  return handlers.authorizeCall(identity, { callId: randomUUID(), to: GERMAN_MOBILE, callerNumber: shown });
}

async function ring(calledNumber: string, user: Identity = SAM) {
  return await rig.office.services.edge.admit({
    direction: 'inbound',
    edgeId: 'embedded',
    sipCallId: randomUUID(),
    callerNumber: '+442079460958',
    calledUser: sipUserOf(user),
    calledNumber,
  });
}

describe('who may show a number', () => {
  beforeEach(async () => {
    await rig.office.addCredit(50 * USD);
  });

  test('everybody of its office may, nobody of another one', async () => {
    expect(await numbersOf(SAM)).toEqual([RENTED, OTHER]);
    expect(await numbersOf(ANN)).toEqual([]);
  });

  test('one that is assigned is shown by that person, before those of the office, and by nobody else', async () => {
    expect(await assign(OTHER, { personId: 'sam' })).toMatchObject({
      ok: true,
      value: { person: { name: 'Sam Reed' } },
    });
    expect(await numbersOf(SAM)).toEqual([OTHER, RENTED]);
    expect(await numbersOf(KIM)).toEqual([RENTED]);
  });

  test('a call carries the number that was chosen to the edge, and the first one when none was', async () => {
    for (const [wished, expected] of [
      [OTHER, OTHER],
      [null, RENTED],
    ] as const) {
      const authorized = granted(await call(wished));
      expect(await rig.office.admit(authorized)).toMatchObject({ decision: 'allow', callerNumber: expected });
    }
  });

  test('any other number is refused before anything is held: another’s, one on hold, one that nobody here has', async () => {
    await assign(OTHER, { personId: 'kim' });
    expect(codeOf(await call(OTHER))).toBe('caller_number_forbidden');
    expect(codeOf(await call('+493012345678'))).toBe('caller_number_forbidden');
    expect(codeOf(await call(RENTED, { ...ANN }))).toBe('caller_number_forbidden');
    expect(await rig.office.wallet()).toMatchObject({ held: 0 });
    expect(granted(await call(OTHER, KIM)).callId).toBeTruthy();
  });
});

describe('whom a number rings', () => {
  beforeEach(async () => {
    await rig.office.addCredit(50 * USD);
    await rig.office.addCredit(50 * USD, 'austin');
  });

  test('whom the edge named, while it is everybody’s of that office', async () => {
    expect(await ring(RENTED)).toMatchObject({ decision: 'allow', routeToUser: sipUserOf(SAM) });
  });

  test('whom it is assigned to, whomever the edge named; the call is that person’s', async () => {
    await assign(RENTED, { personId: 'kim' });
    const admission = await ring(RENTED);
    expect(admission).toMatchObject({ decision: 'allow', routeToUser: sipUserOf(KIM) });
    const callId = admission.decision === 'allow' ? admission.callId : '';
    expect(await rig.office.row(callId)).toMatchObject({ personId: 'kim', callerNumber: RENTED });
  });

  test('the same INVITE again rings the same person, also after it was assigned to another', async () => {
    const request = {
      direction: 'inbound',
      edgeId: 'embedded',
      sipCallId: 'the-same',
      callerNumber: '+442079460958',
      calledUser: sipUserOf(SAM),
      calledNumber: RENTED,
    } as const;
    const { edge } = rig.office.services;
    await assign(RENTED, { personId: 'kim' });
    expect(await edge.admit(request)).toMatchObject({ routeToUser: sipUserOf(KIM) });
    await assign(RENTED, { personId: 'sam' });
    expect(await edge.admit(request)).toMatchObject({ routeToUser: sipUserOf(KIM) });
  });

  test('somebody of its new office, which pays for the call, after it was given to another one', async () => {
    await assign(RENTED, { officeId: 'austin', personId: null }, LUIS);
    const admission = await ring(RENTED);
    expect(admission).toMatchObject({ decision: 'allow', routeToUser: sipUserOf(ANN) });
    expect(await rig.office.wallet('austin')).toMatchObject({ held: 8_500 });
    expect(await rig.office.wallet('berlin')).toMatchObject({ held: 0 });
  });

  test('a colleague who dials it inside the house reaches whom it is assigned to', async () => {
    await assign(RENTED, { personId: 'kim' });
    const quote = granted(await rig.office.services.handlers.quote(SAM, { to: RENTED }));
    expect(quote).toMatchObject({ destination: 'Kim Lee', isFree: true });
  });
});

describe('a call in the house, which is free', () => {
  async function callInside(): Promise<CallAuthorization> {
    const { handlers } = rig.office.services;
    const call = { callId: randomUUID(), to: RENTED, callerNumber: null };
    const inside = granted(await handlers.authorizeCall(SAM, call));
    expect(inside.quote).toMatchObject({ kind: 'internal', isFree: true });
    return inside;
  }
  const refusedAsUnknown = { decision: 'refuse', sipStatus: 404, refusal: { code: 'number_unknown' } };

  test('is not let out into the network when nobody of the house is behind the number any more', async () => {
    const inside = await callInside();
    await assign(RENTED, { personId: 'sam' });
    expect(await rig.office.admit(inside)).toMatchObject(refusedAsUnknown);
    await assign(RENTED, { personId: 'kim' });
    expect(await rig.office.admit(inside)).toMatchObject({ decision: 'allow', routeToUser: sipUserOf(KIM) });
  });

  test('nor when its INVITE is repeated', async () => {
    const inside = await callInside();
    expect(await rig.office.admit(inside)).toMatchObject({ decision: 'allow', routeToUser: expect.any(String) });
    await assign(RENTED, { personId: 'sam' });
    expect(await rig.office.admit(inside)).toMatchObject(refusedAsUnknown);
  });
});

describe('a number that is not paid', () => {
  test('works while it is late; on hold it is neither shown nor rung, and somebody sees the missed call', async () => {
    rig.office.policy = { ...rig.office.policy, inboundAtZero: 'allow' };
    await rig.live('2026-03-03');
    expect(await numbersOf(SAM)).toEqual([RENTED, OTHER]);
    expect(await ring(RENTED)).toMatchObject({ decision: 'allow' });
    await rig.live('2026-03-10');
    expect(await numbersOf(SAM)).toEqual([]);
    const refused = await ring(RENTED);
    expect(refused).toMatchObject({ decision: 'refuse', sipStatus: 480, refusal: { code: 'number_on_hold' } });
    expect(rig.office.eventsOf('missed_call')).toMatchObject([{ call: { agentId: 'sam' } }]);
    await rig.office.addCredit(50 * USD);
    expect(codeOf(await call(RENTED))).toBe('caller_number_forbidden');
    expect(await rig.restore()).toMatchObject({ ok: true });
    expect(await numbersOf(SAM)).toEqual([RENTED]);
    expect(await ring(RENTED)).toMatchObject({ decision: 'allow' });
  });

  test('one that was released is not known any more', async () => {
    expect(await rig.release()).toMatchObject({ ok: true });
    expect(await numbersOf(SAM)).toEqual([OTHER]);
    expect(codeOf(await call(RENTED))).toBe('caller_number_forbidden');
  });
});

describe('D-28: what an inbound call costs', () => {
  test('depends on the licence of the person who is called', async () => {
    await rig.office.addCredit(50 * USD);
    const terms = { prefix: '1202', destination: 'Washington', kind: 'local', direction: 'inbound' } as const;
    const rates = [...RATES, rate({ ...terms, licence: 'sales', perMinute: 10_000 })];
    const services = rig.office.newServices({ rates: new RateBook(RateDeck.from(rates)) });
    rig.office.services = services;
    granted(await services.handlers.me({ ...KIM, licence: 'sales' }, {}));
    await ring(RENTED, SAM);
    expect(await rig.office.wallet()).toMatchObject({ held: 8_500 });
    await ring(RENTED, KIM);
    expect(await rig.office.wallet()).toMatchObject({ held: 18_500 });
  });
});
