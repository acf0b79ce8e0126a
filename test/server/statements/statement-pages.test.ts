/** Filters, sorting and paging: every combination gives what a plain look at all lines gives, in pages of any size (D-25). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLinePage } from '../../../server/statements/read-lines.ts';
import {
  STATEMENT_FLOWS,
  STATEMENT_SORTS,
  type StatementLine,
  type StatementLinePage,
  type StatementQuery,
} from '../../../src/protocol/statement.ts';
import { BERLIN, GERMANY, StatementRig, TOLL_FREE } from '../../support/statement-rig.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';

const USD = 1_000_000;
const LINES = 60;

describe.each(STATEMENT_STORES)('pages of a statement on %s', (_, createHome) => {
  let rig: StatementRig;
  let all: StatementLine[];
  beforeAll(async () => {
    rig = await StatementRig.open(createHome);
    await rig.credit('credit', 1_000 * USD);
    for (let index = 0; index < LINES; index += 1) await oneOfMany(index);
    all = await rig.lines();
  }, 60_000);
  afterAll(() => rig.close());

  async function oneOfMany(index: number): Promise<void> {
    rig.clock.advance(9 * 3_600_000);
    if (index % 9 === 0) return void (await rig.charge(`number-${index}`, 1 * USD, { reference: `+49301${index}` }));
    if (index % 13 === 0) return void (await rig.credit(`credit-${index}`, 5 * USD));
    if (index % 17 === 0)
      return void (await rig.charge(`back-${index}`, 7, { entryKind: 'payment_refund', reference: '50%_!' }));
    await rig.call({
      callId: `call-${String(index).padStart(4, '0')}`,
      // Several of the same length, so that the sequence has to settle their order.
      durationSeconds: 60 * (1 + (index % 4)),
      rate: index % 3 === 0 ? TOLL_FREE : GERMANY,
      personId: `person-${index % 5}`,
      personName: ['Ann', 'Bob', 'Çelik', 'ÅSA', "O'Neill"][index % 5] ?? '',
      callerNumber: index % 2 === 0 ? '+4930111' : '+4930222',
      number: `+4917${index}`,
    });
  }

  const keys = {
    time: (line: StatementLine) => line.sequence,
    amount: (line: StatementLine) => line.amountMicros,
    duration: (line: StatementLine) => line.durationSeconds ?? 0,
  };

  /** What a page must have, found by looking at every line. */
  function expected(query: StatementQuery): number[] {
    const key = keys[query.sort ?? 'time'];
    const isDescending = (query.direction !== 'asc') !== (query.sort === 'amount');
    const sorted = all
      .filter((line) => fits(line, query))
      .toSorted((a, b) => key(a) - key(b) || a.sequence - b.sequence);
    return (isDescending ? sorted.reverse() : sorted).map(({ sequence }) => sequence);
  }

  function fits(line: StatementLine, query: StatementQuery): boolean {
    const texts = [line.personName, line.numberUsed, line.otherNumber, line.destination, line.reference, line.title];
    return (
      (query.group === undefined || line.groupKey === query.group) &&
      (query.personId === undefined || line.personId === query.personId) &&
      (query.numberUsed === undefined || line.numberUsed === query.numberUsed) &&
      (query.destination === undefined || line.destination === query.destination) &&
      (query.flow === undefined || line.flow === query.flow) &&
      (query.text === undefined ||
        texts.some((text) => text?.toLowerCase().includes(query.text?.toLowerCase() ?? ''))) &&
      (query.month === undefined || berlinMonth(line.atMs) === query.month)
    );
  }

  const berlinMonth = (atMs: number) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(atMs).slice(0, 7);

  const FILTERS: readonly StatementQuery[] = [
    {},
    { month: '2026-11' },
    { group: 'outbound_call.international' },
    { group: 'nothing' },
    { personId: 'person-3' },
    { numberUsed: '+4930222', month: '2026-11' },
    { destination: 'US toll-free' },
    { text: 'çel' },
    { text: 'toll-free call', personId: 'person-1', month: '2026-11' },
    {
      group: 'outbound_call.international',
      personId: 'person-2',
      numberUsed: '+4930111',
      destination: 'Germany, mobile',
    },
    ...STATEMENT_FLOWS.map((flow) => ({ flow })),
    { flow: 'usage', group: 'number_purchase', text: '+49301' },
  ];
  const sorted = (filter: StatementQuery): readonly StatementQuery[] =>
    STATEMENT_SORTS.flatMap((sort) => (['asc', 'desc'] as const).map((direction) => ({ ...filter, sort, direction })));

  test.each(FILTERS)('%j, in every order', async (filter) => {
    for (const query of sorted(filter)) {
      const found = await rig.lines({ ...query, pageSize: '17' });
      expect([query, found.map(({ sequence }) => sequence)]).toEqual([query, expected(query)]);
    }
    const page = await rig.statements.handlers.statementLines(BERLIN, filter);
    if (!page.ok) throw new Error(page.refusal.code);
    if (page.value.lineCount !== null) expect(page.value.lineCount).toBe(expected(filter).length);
  });

  test('a count is known wherever there is one filter by value, or none', async () => {
    const counted = FILTERS.filter(({ text, flow }) => text === undefined && flow === undefined).slice(0, 7);
    for (const filter of counted) {
      expect([filter, await rig.statements.handlers.statementLines(BERLIN, filter)]).toMatchObject([
        filter,
        { value: { lineCount: expected(filter).length } },
      ]);
    }
  });

  test('hostile words find nothing they should not, and break nothing', async () => {
    for (const text of [
      "'; DROP TABLE statement_line; --",
      '%',
      '_',
      '!',
      '\\',
      '%%',
      '\u0000',
      '\ud800',
      'x'.repeat(100),
    ]) {
      expect([text, (await rig.lines({ text })).map(({ sequence }) => sequence)]).toEqual([text, expected({ text })]);
      expect([text, await rig.lines({ group: text, personId: text, numberUsed: text })]).toEqual([text, []]);
    }
    expect((await rig.lines({ text: '50%_!' })).length).toBeGreaterThan(0);
    expect(await rig.lines({ text: '   ' })).toHaveLength(all.length);
  });

  test('a number is found however it is written', async () => {
    const [call] = all.filter(({ otherNumber }) => otherNumber !== null);
    const number = call?.otherNumber ?? '';
    const written = `${number.slice(0, 3)} (${number.slice(3, 5)}) ${number.slice(5)}`;
    expect(await rig.lines({ text: written })).toEqual(await rig.lines({ text: number }));
  });

  test('a cursor that is none of ours begins at the first page; a day that no calendar has ends its month', async () => {
    for (const cursor of ['x', '1', '1.', '.5', '9'.repeat(99), '-1.-1', "1.1' OR 1=1"]) {
      const page = await rig.statements.handlers.statementLines(BERLIN, { cursor });
      expect(page).toMatchObject({ value: { lines: [{ sequence: all[0]?.sequence }, ...Array(49).fill({})] } });
    }
    expect(await rig.lines({ from: '2026-11-01', to: '2026-11-31' })).toEqual(await rig.lines({ month: '2026-11' }));
    expect(await rig.lines({ from: '2026-12-31', to: '2026-11-01' })).toEqual([]);
    expect((await rig.lines({ from: '2026-02-31', to: '2027-02-31' })).length).toBe(all.length);
  });

  test('page sizes have limits', async () => {
    for (const [pageSize, lines] of [
      ['0', 1],
      ['1', 1],
      ['999', LINES + 1],
    ] as const) {
      const page = await rig.statements.handlers.statementLines(BERLIN, { pageSize });
      expect(page).toMatchObject({ ok: true, value: { lines: expect.objectContaining({ length: lines }) } });
    }
  });

  test.each([
    { scannedLines: 20, sortedLines: 0 },
    { scannedLines: 1_000, sortedLines: 12 },
  ])('whatever the limits of one request (%j), all its pages together are the same', async (limits) => {
    const view = await rig.view();
    for (const query of FILTERS.flatMap(sorted)) {
      const found: number[] = [];
      let cursor: string | null = null;
      do {
        const asked: StatementQuery = { ...query, pageSize: '30', ...(cursor !== null && { cursor }) };
        const page: StatementLinePage = await readLinePage(rig.store, { view, query: asked, limits });
        found.push(...page.lines.map(({ sequence }) => sequence));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect([query, found]).toEqual([query, expected(query)]);
    }
  });
});
