import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANN, DANA, granted, KIM, LUIS, SAM, STRANGER } from '../../support/office-rig.ts';
import { codeOf } from '../../support/payment-rig.ts';
import { RENTED, RentRig, USD } from '../../support/rent-rig.ts';

const AUSTIN_DANA = { ...ANN, personId: 'dora', name: 'Dora', role: 'billing' } as const;

let rig: RentRig;
beforeEach(async () => {
  rig = await RentRig.open({ setAsideDays: 5 });
  rig.turnTo('2026-02-03');
  await rig.own();
  for (const identity of [SAM, KIM, DANA, LUIS, ANN]) granted(await rig.office.services.handlers.me(identity, {}));
});
afterEach(async () => {
  await rig.close();
});

describe('releasing a number', () => {
  test('is for good, told to every widget of the office, and once, however often it is sent', async () => {
    rig.office.told.length = 0;
    const changeId = randomUUID();
    const answers = await Promise.all([rig.release(RENTED, changeId), rig.release(RENTED, changeId)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await rig.shown()).toMatchObject({ state: 'returned', givenBackOn: '2026-02-03' });
    expect(rig.office.eventsOf('own_numbers')).not.toEqual([]);
    expect(await rig.release(RENTED, changeId)).toMatchObject({ ok: true });
    expect(codeOf(await rig.release())).toBe('number_unknown');
  });

  test('needs the number once more', async () => {
    const wrong = { number: RENTED, changeId: randomUUID(), confirmedNumber: '+12025550102' };
    expect(codeOf(await rig.ask('releaseNumber', wrong))).toBe('request_invalid');
    expect(await rig.row()).toMatchObject({ state: 'active' });
  });

  test('is for admins of its own office, or of the company', async () => {
    const input = { number: RENTED, changeId: randomUUID(), confirmedNumber: RENTED };
    expect(codeOf(await rig.ask('releaseNumber', input, { identity: AUSTIN_DANA }))).toBe('number_unknown');
    expect(codeOf(await rig.ask('releaseNumber', input, { identity: { ...STRANGER, role: 'company' } }))).toBe(
      'number_unknown',
    );
    expect(await rig.ask('releaseNumber', input, { identity: LUIS })).toMatchObject({ ok: true });
  });

  test('goes on until the place that it came from has taken it back, whatever the first tries say', async () => {
    const answers: (boolean | Error)[] = [new Error('The carrier cannot be reached'), false, true];
    const asked: string[] = [];
    const service = rig.serviceWith(async (owned) => {
      asked.push(owned.number);
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer ? owned : null;
    });
    const input = { number: RENTED, changeId: randomUUID(), confirmedNumber: RENTED };
    expect(await rig.ask('releaseNumber', input, { service })).toMatchObject({
      ok: true,
      value: { state: 'returning' },
    });
    rig.office.clock.advance(60_000);
    await rig.round(service);
    expect(await rig.row()).toMatchObject({ state: 'returning' });
    rig.office.clock.advance(60_000);
    await rig.round(service);
    expect(await rig.row()).toMatchObject({ state: 'returned', dueAtMs: null });
    await rig.round(service);
    expect(asked).toEqual([RENTED, RENTED, RENTED]);
  });
});

describe('assigning a number', () => {
  const assign = (to: { officeId: string; personId: string | null }, identity = DANA) =>
    rig.ask('assignNumber', { number: RENTED, ...to }, { identity });

  test('to a person and back to everybody; doing it twice is doing it once', async () => {
    const once = await assign({ officeId: 'berlin', personId: 'kim' });
    expect(once).toMatchObject({ ok: true, value: { person: { personId: 'kim', name: 'Kim Lee' } } });
    expect(await assign({ officeId: 'berlin', personId: 'kim' })).toEqual(once);
    expect(await assign({ officeId: 'berlin', personId: null })).toMatchObject({ ok: true, value: { person: null } });
  });

  test('to nobody who is not of that office', async () => {
    expect(codeOf(await assign({ officeId: 'berlin', personId: 'ann' }))).toBe('assignee_unknown');
    expect(codeOf(await assign({ officeId: 'berlin', personId: 'nobody' }))).toBe('assignee_unknown');
  });

  test('to another office by the company only, which then pays the rent; what was set aside goes back', async () => {
    await rig.office.addCredit(3 * USD);
    await rig.office.addCredit(2 * USD, 'austin');
    await rig.live('2026-02-26');
    expect(await rig.office.wallet()).toMatchObject({ held: USD });
    expect(codeOf(await assign({ officeId: 'austin', personId: null }))).toBe('office_forbidden');
    expect(codeOf(await assign({ officeId: 'nowhere', personId: null }, LUIS))).toBe('office_forbidden');
    expect(await assign({ officeId: 'austin', personId: 'ann' }, LUIS)).toMatchObject({
      ok: true,
      value: { office: { name: 'Austin' }, person: { name: 'Ann Fox' } },
    });
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD, held: 0 });
    await rig.round();
    expect(await rig.office.wallet('austin')).toMatchObject({ held: USD });
    await rig.live('2026-03-03');
    expect(await rig.office.wallet('austin')).toMatchObject({ balance: USD, held: 0 });
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD });
  });

  test('two admins at the same moment: both are answered, one of the two wishes holds', async () => {
    const answers = await Promise.all([
      assign({ officeId: 'berlin', personId: 'kim' }),
      assign({ officeId: 'berlin', personId: 'sam' }, LUIS),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(['kim', 'sam']).toContain((await rig.row()).personId);
  });
});

describe('the list', () => {
  test('agents see what they may show and no money, billing the office, the company everything', async () => {
    await rig.own({ number: '+12025550102', officeId: 'austin' });
    await rig.ask('assignNumber', { number: RENTED, officeId: 'berlin', personId: 'kim' });
    const seen = async (identity: typeof DANA) => {
      const { numbers, rent, offices, people } = await rig.page(identity);
      return [numbers.map(({ number }) => number), rent === null, offices.length, people.length];
    };
    expect(await seen(SAM)).toEqual([[], true, 0, 0]);
    expect(await seen(KIM)).toEqual([[RENTED], true, 0, 0]);
    expect(await seen(DANA)).toEqual([[RENTED], false, 1, 4]);
    expect(await seen(LUIS)).toEqual([[RENTED, '+12025550102'], false, 2, 5]);
    expect(await seen(STRANGER)).toEqual([[], true, 0, 0]);
  });

  test('is turned page by page without gaps or repeats', async () => {
    const numbers = Array.from({ length: 70 }, (_, index) => `+1303555${1000 + index}`);
    for (const number of numbers) await rig.own({ number });
    const first = await rig.page();
    expect(first.numbers).toHaveLength(50);
    const second = await rig.ask('ownNumbers', { cursor: first.nextCursor ?? '' });
    const all = [...first.numbers, ...(second.ok ? second.value.numbers : [])].map(({ number }) => number);
    expect(all).toEqual([RENTED, ...numbers].toSorted());
    expect(second).toMatchObject({ ok: true, value: { nextCursor: null } });
  });

  test('what pays one rent does not pay another: the nearest rent day comes first', async () => {
    await rig.own({ number: '+12025550102', purchasedAtMs: Date.parse('2026-01-20T12:00:00Z') });
    await rig.office.addCredit(USD);
    expect(await rig.shown('+12025550102')).toMatchObject({ isCovered: true, nextRentDay: '2026-02-20' });
    expect(await rig.shown(RENTED)).toMatchObject({ isCovered: false, nextRentDay: '2026-03-03' });
  });

  test('a number that was given back is listed for 30 days', async () => {
    await rig.release();
    await rig.live('2026-03-04');
    expect(await rig.shown()).toMatchObject({ state: 'returned', givenBackOn: '2026-02-03' });
    await rig.live('2026-03-06');
    expect((await rig.page()).numbers).toEqual([]);
  });
});
