/** The call rates behind the phone (F-08): searched, page by page, closed, and what comes too late. */
import { expect, test } from 'vitest';
import { createPhoneStore } from '../../../src/phone/phone-store.ts';
import { RateList } from '../../../src/phone/rate-list.ts';
import { StatementDesk } from '../../../src/phone/statement-desk.ts';
import type { RatesSnapshot } from '../../../src/phone/statement-snapshot.ts';
import { FakeStatements } from '../../support/fake-statements.ts';
import { PhoneTestClock, settled } from '../../support/phone-clock.ts';
import { FakeGate } from '../../support/phone-fakes.ts';
import { sampleRate } from '../../support/rate-scenes.ts';

function rig() {
  const statements = new FakeStatements();
  statements.ratePages = ({ search, cursor }) => ({
    rates: [sampleRate({ rateId: `${search}/${cursor ?? 'first'}` })],
    nextCursor: cursor === null ? '50' : null,
  });
  let now: RatesSnapshot | null = null;
  const list = new RateList({
    gate: statements,
    nowMs: () => 1_000,
    show: (rates) => {
      now = rates;
    },
  });
  const shown = (): RatesSnapshot => {
    if (now === null) throw new Error('Nothing was shown.');
    return now;
  };
  return { statements, list, shown, ids: () => shown().rates.map(({ rateId }) => rateId) };
}

test('F-08: a search shows its first page, and more on request until there is none', async () => {
  const { list, shown, ids, statements } = rig();
  await list.search('ger');
  expect([ids(), shown().isMoreThere]).toEqual([['ger/first'], true]);
  await Promise.all([list.more(), list.more()]);
  expect([ids(), shown().isMoreThere]).toEqual([['ger/first', 'ger/50'], false]);
  await list.more();
  expect(statements.log).toEqual(['rates ger', 'rates ger 50']);
});

test('the answer to what is no longer looked for is dropped', async () => {
  const { list, shown, ids, statements } = rig();
  let release = (): void => undefined;
  statements.gate = new Promise((resolve) => {
    release = resolve;
  });
  const late = list.search('a');
  statements.gate = Promise.resolve();
  await list.search('at');
  release();
  await late;
  expect([shown().search, ids(), shown().isLoading]).toEqual(['at', ['at/first'], false]);
});

test('a page that was lost is asked for again, and nothing that is shown goes with it', async () => {
  const { list, shown, ids, statements } = rig();
  statements.lostAnswers = 1;
  await list.search('');
  expect([ids(), shown().refusal?.code]).toEqual([[], 'unavailable']);
  await list.search('');
  expect([ids(), shown().refusal]).toEqual([['/first'], null]);
  statements.lostAnswers = 1;
  await list.more();
  expect([ids(), shown().refusal?.code]).toEqual([['/first'], 'unavailable']);
  await list.more();
  expect([ids(), shown().refusal]).toEqual([['/first', '/50'], null]);
});

test('the desk opens the list, closes it, and shows nothing that comes after', async () => {
  const { statements } = rig();
  const store = createPhoneStore();
  const context = {
    gate: new FakeGate([]),
    clock: new PhoneTestClock(),
    random: () => 0.5,
    newId: () => 'id',
    log: () => undefined,
    store,
  };
  const desk = new StatementDesk(context, { gate: statements, ownOfficeId: 'berlin' });
  desk.wish({ type: 'more_rates' });
  expect(statements.log).toEqual([]);
  desk.wish({ type: 'show_rates', search: '' });
  await settled();
  expect(store.snapshot.statement.rates?.rates).toHaveLength(1);
  desk.wish({ type: 'more_rates' });
  desk.wish({ type: 'show_rates', search: null });
  await settled();
  expect(store.snapshot.statement.rates).toBe(null);
  desk.close();
});
