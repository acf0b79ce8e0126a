import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryLink, walletLink } from '../../../server/ledger/entry-link.ts';
import { STATEMENT_COLUMNS } from '../../../server/ledger/statement-columns.ts';
import { MAX_ROW_CHARACTERS, verifyStatement } from '../../../server/ledger/verify-statement.ts';
import { ACCOUNT, chargeOf, creditOf, WALLET } from '../../support/ledger-operations.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { type StatementRecord, statementCsv, statementRecords } from '../../support/statement-csv.ts';

/** What people write into notes, and what a spreadsheet would take for a formula. */
const REFERENCES = [
  'gift',
  '=HYPERLINK("x")',
  "'=quoted",
  '-1',
  "'",
  '@sum',
  'two\r\nlines, "quoted"',
  '\t',
  'é😀',
  '＝wide',
];

let folder: string;
let records: StatementRecord[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credit-phone-statement-'));
  const home = await createSqliteHome();
  const store = await home.open();
  for (const walletId of [WALLET, 'paris']) await store.openWallet({ accountId: ACCOUNT, walletId, currency: 'USD' });
  await store.applyBatch([
    creditOf(1_000, { operationId: 'fund' }),
    creditOf(5, { operationId: 'p', walletId: 'paris' }),
  ]);
  await store.applyBatch(
    REFERENCES.map((reference, index) =>
      chargeOf(index + 1, { operationId: `=c${index}`, reference, entryKind: '+kind' }),
    ),
  );
  records = await statementRecords(store);
  await store.close();
  await home.remove();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const verify = async (content: string | Uint8Array) => {
  const path = join(folder, 'statement.csv');
  await writeFile(path, content);
  return verifyStatement(path);
};
const ofBerlin = () => records.filter(({ wallet }) => wallet === WALLET);
/** The rows of Berlin, of which entry 4 (line 5, before any line break in a cell) is another one. */
const withEntry4 = (change: Partial<StatementRecord>) =>
  statementCsv(ofBerlin().map((record) => (record.sequence === 4 ? { ...record, ...change } : record)));

describe('a statement that nobody touched', () => {
  test('is right, whatever is written in it: balances, links and rows of each wallet are told', async () => {
    const report = await verify(statementCsv(records));
    expect(report).toMatchObject({ rows: 12, faultCount: 0, faults: [] });
    expect(report.wallets).toEqual([
      {
        ...{
          accountId: ACCOUNT,
          walletId: WALLET,
          currency: 'USD',
          rows: 11,
          firstSequence: 1,
          lastSequence: 11,
          gaps: 0,
        },
        ...{ openingMicros: 0, closingMicros: 945, closingLink: ofBerlin().at(-1)?.link },
        openingLink: walletLink({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' }),
      },
      expect.objectContaining({ walletId: 'paris', rows: 1, closingMicros: 5 }),
    ]);
  });

  test('is right whatever texts an entry has: no letter, sign or apostrophe makes a statement look changed', async () => {
    const sign = fc.constantFrom(
      "'",
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '"',
      ',',
      '＝',
      '\0',
      '\uD800',
      'a',
      'é',
      '😀',
    );
    const text = fc.string({
      unit: fc.oneof(sign, fc.string({ minLength: 1, maxLength: 1 })),
      minLength: 1,
      maxLength: 6,
    });
    const entry = fc.record({ operation: text, kind: text, reference: text, other_account: text });
    const wallet = fc.record({ account: text, wallet: text, currency: fc.constant('EUR') });
    const book = fc.tuple(wallet, fc.array(entry, { minLength: 1, maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(book, async ([owner, entries]) => {
        expect((await verify(statementCsv(chainOf(owner, entries)))).faults).toEqual([]);
      }),
      {
        numRuns: 200,
        examples: [
          [
            [
              { account: "'=a", wallet: "'+w", currency: 'EUR' },
              [{ operation: "'-", kind: "'@", reference: "'\t", other_account: "'=" }],
            ],
          ],
        ],
      },
    );
  });

  test('may have its columns in any order, and others, and rows of wallets in turn', async () => {
    const columns = [...Object.values(STATEMENT_COLUMNS), 'person', 'note'].reverse();
    const mixed = records.toSorted((one, other) => Number(one.sequence) - Number(other.sequence));
    const csv = statementCsv(
      mixed.map((record) => ({ ...record, person: '=Sam', note: 'a,b' })),
      columns,
    );
    expect(await verify(csv)).toMatchObject({ rows: 12, faultCount: 0 });
    // Without its first sign and its line ends it is a statement, too; but one reference had such an end within.
    const unixCsv = csv.replaceAll('\r\n', '\n').slice(1);
    expect(await verify(unixCsv)).toMatchObject({ rows: 12, faultCount: 1, faults: [{ column: 'link' }] });
  });

  test('may begin later: what it goes on from is told', async () => {
    const [before, ...later] = ofBerlin().slice(3);
    expect(await verify(statementCsv(later))).toMatchObject({
      faultCount: 0,
      wallets: [{ firstSequence: 5, gaps: 0, openingMicros: before?.balance_micros, openingLink: before?.link }],
    });
  });

  test('may be filtered, and is said to be', async () => {
    const odd = ofBerlin().filter(({ sequence }) => Number(sequence) % 3 !== 0);
    expect(await verify(statementCsv(odd))).toMatchObject({ rows: 8, faultCount: 0, wallets: [{ gaps: 3 }] });
  });

  test('without entries is one', async () => {
    expect(await verify(statementCsv([]))).toMatchObject({ rows: 0, wallets: [], faultCount: 0 });
  });
});

describe('a statement that was changed: line, entry, column and what was expected', () => {
  test.each<[string, Partial<StatementRecord>, object]>([
    ['an amount', { amount_micros: -2 }, { column: 'balanceMicros', expected: '995', found: '994' }],
    ['a balance', { balance_micros: 995 }, { column: 'balanceMicros', expected: '994', found: '995' }],
    ['an amount and its balance', { amount_micros: -2, balance_micros: 995 }, { column: 'link' }],
    ['a reference', { reference: 'other' }, { column: 'link' }],
    ['a kind', { kind: 'gift' }, { column: 'link' }],
    ['a time', { at_ms: 1 }, { column: 'link' }],
    ['an operation', { operation: 'x' }, { column: 'link' }],
    ['where the money went', { other_account: 'mine' }, { column: 'link' }],
    ['a currency', { currency: 'EUR' }, { column: 'currency', expected: 'USD', found: 'EUR' }],
    ['a link', { link: 'a'.repeat(64) }, { column: 'link', found: 'a'.repeat(64) }],
    ['the link before', { previous_link: 'a'.repeat(64) }, { column: 'previousLink', found: 'a'.repeat(64) }],
    ['an amount that is none', { amount_micros: '1e3' }, { sequence: null, column: 'amountMicros', found: '1e3' }],
    ['an amount of nothing', { amount_micros: 0 }, { sequence: null, column: 'amountMicros' }],
    [
      'an amount beyond all amounts',
      { balance_micros: '9007199254740993' },
      { sequence: null, column: 'balanceMicros' },
    ],
    ['a sequence below 1', { sequence: -4 }, { sequence: null, column: 'sequence', expected: '1 or more' }],
    ['a link that is none', { link: '' }, { sequence: null, column: 'link', expected: '64 digits from 0 to f' }],
  ])('%s', async (_, change, fault) => {
    const { faults } = await verify(withEntry4(change));
    expect(faults[0]).toMatchObject({ line: 5, sequence: 4, ...fault });
  });

  test('the first link must be that of the wallet, and a first balance its amount', async () => {
    const begins = (change: Partial<StatementRecord>) =>
      verify(statementCsv(ofBerlin().map((record, index) => (index === 0 ? { ...record, ...change } : record))));
    expect((await begins({ previous_link: 'b'.repeat(64) })).faults[0]).toMatchObject({
      line: 2,
      column: 'previousLink',
    });
    expect((await begins({ balance_micros: 2_000 })).faults[0]).toMatchObject({
      column: 'balanceMicros',
      expected: '1000',
    });
    expect((await begins({ currency: 'EUR' })).faults[0]).toMatchObject({ line: 2, column: 'previousLink' });
  });

  test('a row that was taken out, when the others were moved up', async () => {
    const moved = ofBerlin().flatMap((record) => {
      if (record.sequence === 4) return [];
      return [{ ...record, sequence: Number(record.sequence) - (Number(record.sequence) > 4 ? 1 : 0) }];
    });
    expect((await verify(statementCsv(moved))).faults[0]).toMatchObject({
      line: 5,
      sequence: 4,
      column: 'previousLink',
    });
  });

  test('two rows in another order, and one that stands there twice', async () => {
    const [first, second, ...rest] = ofBerlin();
    if (!first || !second) throw new Error('There are no rows');
    const fault = { line: 3, sequence: 1, column: 'sequence', expected: '3 or more', found: '1' };
    expect((await verify(statementCsv([second, first, ...rest]))).faults[0]).toMatchObject(fault);
    expect((await verify(statementCsv([first, first]))).faults[0]).toMatchObject({ ...fault, expected: '2 or more' });
  });

  test('a row that was added with a link of its own: the next one does not go on from it', async () => {
    const [first, second, third, ...rest] = ofBerlin();
    if (!first || !second || !third) throw new Error('There are no rows');
    const entry = {
      accountId: ACCOUNT,
      walletId: WALLET,
      sequence: 3,
      operationId: 'new',
      atMs: 1,
      entryKind: 'k',
      reference: 'r',
    };
    const money = { otherAccount: 'o', amountMicros: -1, balanceMicros: Number(second.balance_micros) - 1 };
    const added = {
      ...{ ...second, sequence: 3, operation: 'new', at_ms: 1, kind: 'k', reference: 'r', other_account: 'o' },
      ...{ amount_micros: -1, balance_micros: money.balanceMicros, previous_link: second.link },
      link: entryLink(String(second.link), { ...entry, ...money }),
    };
    const moved = [third, ...rest].map((record) => ({ ...record, sequence: Number(record.sequence) + 1 }));
    const { faults } = await verify(statementCsv([first, second, added, ...moved]));
    expect(faults[0]).toMatchObject({ line: 5, sequence: 4, column: 'previousLink' });
  });

  test('everywhere: only the first faults are listed', async () => {
    const { faultCount, faults } = await verify(
      statementCsv(Array.from({ length: 50 }, () => ({ ...ofBerlin()[0], link: 'c'.repeat(64) }))),
    );
    expect(faultCount).toBe(50);
    expect(faults).toHaveLength(20);
  });
});

describe('what a statement says twice: for people and for the chain', () => {
  const AT = Date.UTC(2026, 10, 22, 6, 21, 40, 352);
  const SEEN = { date: '2026-11-22', time: '07:21:40', amount: '-0.000002', balance: '0.000003' };
  type Seen = Readonly<Partial<typeof SEEN>>;
  const columns = ['date', 'time', 'amount', 'balance', ...Object.values(STATEMENT_COLUMNS)];
  const faultsOf = async (change: Seen) => {
    const owner = { account: ACCOUNT, wallet: WALLET, currency: 'USD' };
    const texts = { operation: 'o', kind: 'k', reference: 'r', other_account: 'x' };
    const [first, second] = chainOf(owner, [texts, texts], { amounts: [5, -2], atMs: AT });
    if (!first || !second) throw new Error('There are no rows');
    const csv = statementCsv(
      [
        { ...first, ...SEEN, ...FIRST_AMOUNTS },
        { ...second, ...SEEN, ...change },
      ],
      columns,
    );
    return (await verify(csv)).faults;
  };
  const FIRST_AMOUNTS = { amount: '0.000005', balance: '0.00000500' };

  test('is right when both say the same, in any time zone of the world', async () => {
    expect(await faultsOf({})).toEqual([]);
    expect(await faultsOf({ time: '12:06:40' })).toEqual([]);
    expect(await faultsOf({ date: '2026-11-21', time: '18:21:40' })).toEqual([]);
    expect(await faultsOf({ time: '20:21:40' })).toEqual([]);
  });

  test.each<[string, Seen, object]>([
    ['an amount', { amount: '-0.00002' }, { column: 'amount', expected: '-0.000002', found: "'-0.00002" }],
    ['an amount without its sign', { amount: '0.000002' }, { column: 'amount' }],
    ['an amount that is left out', { amount: '' }, { column: 'amount', found: '' }],
    ['an amount that is a word', { amount: 'two' }, { column: 'amount', found: 'two' }],
    ['a balance', { balance: '3' }, { column: 'balance', expected: '0.000003', found: '3' }],
    ['a day', { date: '2026-11-24' }, { column: 'date', expected: '2026-11-22 06:21:40 UTC, in some time zone' }],
    ['some minutes', { time: '07:31:40' }, { column: 'date', found: '2026-11-22 07:31:40' }],
    ['a day that is none', { date: 'yesterday' }, { column: 'date', found: 'yesterday 07:21:40' }],
  ])('%s that was changed is found, though every link is right', async (_, change, fault) => {
    expect(await faultsOf(change)).toMatchObject([{ line: 3, sequence: 2, ...fault }]);
  });
});

describe('what is no statement is told in one sentence', () => {
  const whole = () => statementCsv(ofBerlin());

  test.each<[string, () => string | Uint8Array, RegExp]>([
    ['nothing', () => '', /^is empty$/],
    ['other columns', () => 'a,b\n1,2\n', /^is no statement: its first line lacks the columns account, wallet/],
    ['a column twice', () => `${Object.values(STATEMENT_COLUMNS).join(',')},account\n`, /has the column account twice/],
    [
      'a picture',
      () => Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256),
      /^is (no statement|not CSV)/,
    ],
    ['a web page', () => '<!doctype html>\n<html lang="en"><p>Sign in</p>', /^is (no statement|not CSV)/],
    [
      'an end in the middle of a row',
      () => whole().slice(0, whole().indexOf('=c3')),
      /^has a row with more or fewer cells .* at line 6:/,
    ],
    [
      'an end within quotation marks',
      () => whole().slice(0, whole().indexOf('lines,')),
      /a quotation mark is not closed/,
    ],
    [
      'a cell without end',
      () => `${whole()}"${'x'.repeat(2 * MAX_ROW_CHARACTERS)}`,
      /a row of more than 65536 characters/,
    ],
    ['a quotation mark in the middle', () => `${whole()}a"b"c,d\n`, /^is not CSV \(RFC 4180\)/],
  ])('%s', async (_, content, sentence) => {
    await expect(verify(content())).rejects.toThrow(sentence);
  });

  test('an end within the last link is a link that is none', async () => {
    expect((await verify(whole().slice(0, -20))).faults).toMatchObject([{ column: 'link' }]);
  });

  test('a folder, and a file that is not there', async () => {
    await expect(verifyStatement(folder)).rejects.toThrow('EISDIR');
    await expect(verifyStatement(join(folder, 'nothing.csv'))).rejects.toThrow('ENOENT');
  });
});

test('progress is told in bytes, to the end', async () => {
  const path = join(folder, 'long.csv');
  const long = statementCsv(Array.from({ length: 2_000 }, () => ofBerlin()[0] ?? {}));
  await writeFile(path, long);
  const told: number[] = [];
  await verifyStatement(path, { onProgress: ({ done, total }) => told.push(done / total) });
  expect(told.length).toBeGreaterThan(5);
  expect(told).toEqual(told.toSorted((one, other) => one - other));
  expect(told.at(-1)).toBe(1);
});

type Texts = Pick<StatementRecord, 'operation' | 'kind' | 'reference' | 'other_account'>;

/** The statement of a wallet that got one micro-unit with each entry. */
function chainOf(
  owner: Record<'account' | 'wallet' | 'currency', string>,
  entries: readonly Texts[],
  { amounts = [], atMs = 1 }: { readonly amounts?: readonly number[]; readonly atMs?: number } = {},
): StatementRecord[] {
  let link = walletLink({ accountId: owner.account, walletId: owner.wallet, currency: owner.currency });
  let balanceMicros = 0;
  return entries.map((texts, index) => {
    const previousLink = link;
    const amountMicros = amounts[index] ?? 1;
    balanceMicros += amountMicros;
    link = entryLink(previousLink, {
      ...{ accountId: owner.account, walletId: owner.wallet, sequence: index + 1, atMs },
      ...{ operationId: String(texts.operation), entryKind: String(texts.kind), reference: String(texts.reference) },
      ...{ otherAccount: String(texts.other_account), amountMicros, balanceMicros },
    });
    const money = { amount_micros: amountMicros, balance_micros: balanceMicros };
    return { ...owner, ...texts, ...money, sequence: index + 1, at_ms: atMs, previous_link: previousLink, link };
  });
}
