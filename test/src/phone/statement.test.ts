/** The statement room behind the phone: whom it is for, months, lines, files, other offices, and what appears by itself. */
import { describe, expect, test } from 'vitest';
import { createPhoneStore } from '../../../src/phone/phone-store.ts';
import { StatementDesk } from '../../../src/phone/statement-desk.ts';
import type { StatementWish, UsageSnapshot } from '../../../src/phone/statement-snapshot.ts';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { STATEMENT_PAGE_SIZE } from '../../../src/protocol/statement.ts';
import { FakeStatements } from '../../support/fake-statements.ts';
import { PhoneTestClock, settled } from '../../support/phone-clock.ts';
import { FakeGate, type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { until } from '../../support/phone-gate-server.ts';
import { sampleBalance, sampleMe } from '../../support/phone-samples.ts';
import { sampleForecast, sampleLine, samplePage } from '../../support/statement-samples.ts';

type Rig = PhoneRig & { readonly statements: FakeStatements };

async function statementRig(statements = new FakeStatements(), role: 'agent' | 'billing' = 'billing'): Promise<Rig> {
  const rig = await phoneRig({
    prepare: ({ gate }) => {
      gate.me = async () => granted(sampleMe({ role }));
    },
    loadStatements: async () => statements,
  });
  await until(() => rig.phone.snapshot.me !== null && rig.phone.snapshot.balance !== null);
  return { ...rig, statements };
}

async function ask(rig: Rig, ...wishes: readonly StatementWish[]): Promise<void> {
  for (const wish of wishes) {
    rig.phone.askStatement(wish);
    await settled();
  }
}

async function opened(statements?: FakeStatements): Promise<Rig> {
  const rig = await statementRig(statements);
  rig.phone.askStatement({ type: 'open' });
  await until(() => !['unopened', 'loading'].includes(rig.phone.snapshot.statement.usage.state));
  await settled();
  return rig;
}

function full(rig: Rig): Extract<UsageSnapshot, { state: 'full' }> {
  const { usage } = rig.phone.snapshot.statement;
  if (usage.state !== 'full') throw new Error(`The usage is ${usage.state}.`);
  return usage;
}

function sayBalance(rig: Rig, balanceMicros: number, version: number): void {
  const balance = sampleBalance({
    balanceMicros: micros(balanceMicros),
    availableMicros: micros(balanceMicros),
    version,
  });
  rig.gate.say({ type: 'balance', balance });
}

const INTERNATIONAL = { group: 'outbound_call.international' } as const;
const lineNumbers = (rig: Rig): readonly number[] | undefined =>
  full(rig).details?.lines.map(({ sequence }) => sequence);

/** Pages of so many lines each, newest first; the newest is `newest`. */
function pagesFrom(newest: number): FakeStatements['pages'] {
  return ({ cursor }) => {
    const first = cursor === undefined ? newest : Number(cursor);
    const count = Math.min(STATEMENT_PAGE_SIZE, first);
    const lines = Array.from({ length: count }, (_one, index) => sampleLine({ sequence: first - index }));
    return samplePage({ lines, nextCursor: first > count ? String(first - count) : null, lineCount: newest });
  };
}

describe('who it is for', () => {
  test('F-05: an agent asks the server for nothing', async () => {
    const rig = await statementRig(undefined, 'agent');
    await ask(rig, { type: 'open' });
    expect([rig.statements.log, rig.phone.snapshot.statement.usage.state]).toEqual([[], 'unopened']);
  });

  test('L-17: an admin sees the running month, and how long the credit lasts', async () => {
    const rig = await opened();
    expect(full(rig)).toMatchObject({ month: '2026-03', currentMonth: '2026-03', summary: { lineCount: 6 } });
    expect(rig.phone.snapshot.statement.forecast).toEqual(sampleForecast);
  });

  test('a server without statements shows none; one that is not reached is asked again', async () => {
    const old = new FakeStatements();
    old.months = async () => refused(refusal('not_found'));
    expect((await opened(old)).phone.snapshot.statement.usage).toEqual({ state: 'off' });
    const away = new FakeStatements();
    away.lostAnswers = 2;
    const rig = await opened(away);
    expect(rig.phone.snapshot.statement.usage).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'open' });
    expect(full(rig).summary?.lineCount).toBe(6);
  });
});

describe('months (D-25)', () => {
  test('another month is shown once it is known; a late answer of the former one is not mistaken for it', async () => {
    const rig = await opened();
    const { shownSummary } = rig.statements;
    const answers = new Map<string, () => void>();
    rig.statements.summary = (month) =>
      new Promise((resolve) => {
        answers.set(month, () => resolve(granted({ ...shownSummary, from: `${month}-01` })));
      });
    await ask(rig, { type: 'choose_month', month: '2026-02' });
    expect(full(rig)).toMatchObject({ month: '2026-02', summary: null });
    await ask(rig, { type: 'choose_month', month: '2026-01' });
    for (const month of ['2026-01', '2026-02']) answers.get(month)?.();
    await settled();
    expect(full(rig)).toMatchObject({ month: '2026-01', summary: { from: '2026-01-01' } });
  });

  test('a month that cannot be shown says so, and the months stay', async () => {
    const rig = await opened();
    rig.statements.lostAnswers = 1;
    await ask(rig, { type: 'choose_month', month: '2026-02' });
    expect(full(rig)).toMatchObject({ month: '2026-02', summary: null, refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'open' });
    expect(full(rig)).toMatchObject({ month: '2026-02', summary: { lineCount: 6 }, refusal: null });
  });

  test('who looks at the running month is taken along to the next one', async () => {
    const rig = await opened();
    rig.statements.shownMonths = { ...rig.statements.shownMonths, currentMonth: '2026-04' };
    await ask(rig, { type: 'open' });
    expect(full(rig).month).toBe('2026-04');
    await ask(rig, { type: 'choose_month', month: '2026-02' });
    rig.statements.shownMonths = { ...rig.statements.shownMonths, currentMonth: '2026-05' };
    await ask(rig, { type: 'open' });
    expect(full(rig).month).toBe('2026-02');
  });
});

describe('lines (L-21)', () => {
  test('are those of the month and the filter, page by page, until there are no more', async () => {
    const statements = new FakeStatements();
    statements.pages = pagesFrom(STATEMENT_PAGE_SIZE + 2);
    const rig = await opened(statements);
    await ask(rig, { type: 'show_lines', query: { ...INTERNATIONAL, sort: 'time' } });
    expect(statements.queries).toEqual([{ month: '2026-03', ...INTERNATIONAL, sort: 'time' }]);
    expect([lineNumbers(rig)?.length, full(rig).details?.isMoreThere]).toEqual([STATEMENT_PAGE_SIZE, true]);
    rig.phone.askStatement({ type: 'more_lines' });
    rig.phone.askStatement({ type: 'more_lines' });
    await settled();
    expect([lineNumbers(rig)?.length, full(rig).details?.isMoreThere]).toEqual([STATEMENT_PAGE_SIZE + 2, false]);
    expect(statements.queries).toHaveLength(2);
    await ask(rig, { type: 'more_lines' }, { type: 'show_lines', query: null });
    expect([statements.queries.length, full(rig).details]).toEqual([2, null]);
  });

  test('an empty page that has a next one is gone on from', async () => {
    const statements = new FakeStatements();
    statements.pages = ({ cursor }) =>
      cursor === undefined ? samplePage({ lines: [], nextCursor: 'further', lineCount: null }) : samplePage();
    const rig = await opened(statements);
    await ask(rig, { type: 'show_lines', query: { text: 'rare' } });
    expect(full(rig).details).toMatchObject({ isMoreThere: false, isLoading: false });
    expect(lineNumbers(rig)?.length).toBe(6);
  });

  test('of another filter never appear under this one, however late they come', async () => {
    const rig = await opened();
    const answers: (() => void)[] = [];
    rig.statements.lines = ({ group }) =>
      new Promise((resolve) => {
        const lines = [sampleLine({ sequence: group === undefined ? 1 : 2 })];
        answers.push(() => resolve(granted(samplePage({ lines }))));
      });
    await ask(rig, { type: 'show_lines', query: {} }, { type: 'show_lines', query: INTERNATIONAL });
    for (const answer of answers.reverse()) {
      answer();
      await settled();
    }
    expect([lineNumbers(rig), full(rig).details?.query]).toEqual([[2], INTERNATIONAL]);
  });

  test('that cannot be shown say so', async () => {
    const rig = await opened();
    rig.statements.lostAnswers = 1;
    await ask(rig, { type: 'show_lines', query: {} });
    expect(full(rig).details).toMatchObject({ lines: [], isLoading: false, refusal: { code: 'unavailable' } });
  });

  test('complaint 14: each is explained on request, one at a time', async () => {
    const rig = await opened();
    await ask(rig, { type: 'show_lines', query: {} }, { type: 'explain', sequence: 6 });
    expect(full(rig).details?.why).toMatchObject({ sequence: 6, explained: { line: { sequence: 6 } } });
    rig.statements.lostAnswers = 1;
    await ask(rig, { type: 'explain', sequence: 5 });
    expect(full(rig).details?.why).toMatchObject({ sequence: 5, explained: null, refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'explain', sequence: null });
    expect(full(rig).details?.why).toBeNull();
  });
});

describe('what appears by itself', () => {
  test('a call that was charged: the sums and the lines follow within a second, once for several', async () => {
    const statements = new FakeStatements();
    const rig = await opened(statements);
    statements.pages = pagesFrom(6);
    await ask(rig, { type: 'show_lines', query: {} });
    const asked = statements.log.length;
    statements.pages = pagesFrom(7);
    statements.shownSummary = { ...statements.shownSummary, lineCount: 7 };
    sayBalance(rig, 17_000_000, 50);
    sayBalance(rig, 16_000_000, 51);
    await rig.clock.advance(1_000);
    expect([full(rig).summary?.lineCount, lineNumbers(rig)]).toEqual([7, [7, 6, 5, 4, 3, 2, 1]]);
    expect(statements.log.slice(asked).sort()).toEqual(['forecast', 'lines', 'months', 'summary 2026-03']);
  });

  test('what is only held is no charge', async () => {
    const rig = await opened();
    const { balance } = rig.phone.snapshot;
    if (balance === null) throw new Error('There is no balance.');
    const asked = rig.statements.log.length;
    rig.gate.say({ type: 'balance', balance: { ...balance, heldMicros: micros(5), version: balance.version + 1 } });
    await rig.clock.advance(2_000);
    expect(rig.statements.log).toHaveLength(asked);
  });

  test('new lines go above the pages that are read already, which stay', async () => {
    const statements = new FakeStatements();
    statements.pages = pagesFrom(120);
    const rig = await opened(statements);
    await ask(rig, { type: 'show_lines', query: {} }, { type: 'more_lines' });
    statements.pages = pagesFrom(122);
    sayBalance(rig, 17_000_000, 50);
    await rig.clock.advance(1_000);
    expect([lineNumbers(rig)?.length, lineNumbers(rig)?.slice(0, 3)]).toEqual([102, [122, 121, 120]]);
    await ask(rig, { type: 'more_lines' });
    expect(lineNumbers(rig)).toEqual(Array.from({ length: 122 }, (_one, index) => 122 - index));
  });

  test('more than a page at once: the list begins anew, without a gap', async () => {
    const statements = new FakeStatements();
    statements.pages = pagesFrom(120);
    const rig = await opened(statements);
    await ask(rig, { type: 'show_lines', query: {} }, { type: 'more_lines' });
    statements.pages = pagesFrom(500);
    sayBalance(rig, 17_000_000, 50);
    await rig.clock.advance(1_000);
    await ask(rig, { type: 'more_lines' });
    expect(lineNumbers(rig)).toEqual(Array.from({ length: 100 }, (_one, index) => 500 - index));
  });
});

describe('the file (D-27)', () => {
  test('is that of the whole month, tells how far it is, and what is in it', async () => {
    const rig = await opened();
    await ask(rig, { type: 'save', query: { sort: 'amount', direction: 'asc' } });
    expect(rig.statements.wanted).toMatchObject({ filter: { month: '2026-03' }, expectedRows: 6 });
    expect(rig.statements.wanted?.filter).toEqual({ month: '2026-03' });
    expect(rig.statements.wanted?.name).toBe(`credit-usage-${sampleMe().office.officeId}-2026-03.csv`);
    rig.statements.wanted?.onProgress({ rows: 3, allRows: null });
    expect(full(rig).saving).toEqual({ state: 'busy', rows: 3, allRows: 6 });
    const first = rig.statements.wanted;
    await ask(rig, { type: 'save', query: {} });
    expect(rig.statements.wanted).toBe(first);
    rig.statements.endSaving(granted({ rows: 6, spentMicros: micros(12_400_000) }));
    await settled();
    expect(full(rig).saving).toEqual({ state: 'done', rows: 6, spentMicros: 12_400_000 });
  });

  test('of a filter holds what is shown, and says in its name that it is a part', async () => {
    const rig = await opened();
    await ask(rig, { type: 'show_lines', query: INTERNATIONAL }, { type: 'save', query: INTERNATIONAL });
    expect(rig.statements.wanted?.filter).toEqual({ month: '2026-03', ...INTERNATIONAL });
    expect(rig.statements.wanted?.name).toMatch(/-2026-03-part\.csv$/);
  });

  test('is stopped, and can be begun again; a failure says so', async () => {
    const rig = await opened();
    await ask(rig, { type: 'save', query: {} }, { type: 'stop_saving' });
    expect([rig.statements.wanted?.signal.aborted, full(rig).saving]).toEqual([true, { state: 'stopped' }]);
    await ask(rig, { type: 'save', query: {} });
    rig.statements.endSaving(refused(refusal('unavailable')));
    await settled();
    expect(full(rig).saving).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'choose_month', month: '2026-02' });
    expect(full(rig).saving).toEqual({ state: 'none' });
  });
});

describe('other offices (D-13)', () => {
  test('the statement is that of the office that is shown; late answers of the former one are dropped', async () => {
    const own = new FakeStatements();
    const berlin = new FakeStatements();
    berlin.shownSummary = { ...berlin.shownSummary, lineCount: 77 };
    own.others.set('berlin', berlin);
    const store = createPhoneStore();
    const world = { gate: new FakeGate([]), clock: new PhoneTestClock(), random: () => 0, log: () => undefined };
    const desk = new StatementDesk({ ...world, store, newId: () => 'id' }, { gate: own, ownOfficeId: 'lisbon' });
    const say = async (...wishes: readonly StatementWish[]): Promise<void> => {
      for (const wish of wishes) desk.wish(wish);
      await settled();
    };
    await say({ type: 'open' });
    let answer = (): void => undefined;
    own.gate = new Promise((resolve) => {
      answer = resolve;
    });
    await say({ type: 'open' }, { type: 'save', query: {} });
    store.update({ offices: { choices: [], other: { officeId: 'berlin', name: 'Berlin office', balance: null } } });
    expect(store.snapshot.statement).toEqual({ forecast: null, usage: { state: 'unopened' } });
    expect(own.wanted?.signal.aborted).toBe(true);
    answer();
    await settled();
    expect(store.snapshot.statement.usage.state).toBe('unopened');
    await say({ type: 'open' });
    expect(store.snapshot.statement.usage).toMatchObject({ state: 'full', summary: { lineCount: 77 } });
    await say({ type: 'save', query: {} });
    expect(berlin.wanted?.name).toBe('credit-usage-berlin-2026-03.csv');
    store.update({ offices: { choices: [], other: null } });
    await say({ type: 'open' });
    expect(store.snapshot.statement.usage).toMatchObject({ state: 'full', summary: { lineCount: 6 } });
  });
});
