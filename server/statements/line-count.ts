/** How many lines fit a filter, as far as the sums of days know it; and which of its values has fewest. */
import type { StatementFlow } from '../../src/protocol/statement.ts';
import type { Store } from '../storage/store.ts';
import { groupValue, type SumDimension } from './day-sums.ts';
import type { LineColumn, LineFilter } from './line-query.ts';
import { type DayRange, type LineRange, type StatementView, sumsOf } from './statement-view.ts';

const FLOWS: readonly StatementFlow[] = ['usage', 'added', 'returned'];

const DIMENSIONS: Readonly<Record<Exclude<LineColumn, 'reference'>, SumDimension>> = {
  group_key: 'group',
  person_id: 'person',
  number_used: 'number',
  destination: 'destination',
};

interface Counting {
  readonly view: StatementView;
  readonly days: DayRange;
  readonly range: LineRange;
  readonly filter: LineFilter;
}

export interface LineCount {
  /** The same filter, the value with the fewest lines first. */
  readonly filter: LineFilter;
  /** Lines of that value, of the period; of all when there is no value. */
  readonly walkedCount: number;
  /** Null when only reading them all would tell. */
  readonly lineCount: number | null;
}

export async function countLines(store: Pick<Store, 'db'>, counting: Counting): Promise<LineCount> {
  const { filter, range } = counting;
  const counted = await Promise.all(
    filter.values.map(async (value) => ({ value, count: await countOf(store, { ...counting, value }) })),
  );
  counted.sort((a, b) => a.count - b.count);
  const walkedCount = counted[0]?.count ?? range.lineCount;
  return {
    filter: { ...filter, values: counted.map(({ value }) => value) },
    walkedCount,
    lineCount: await exactCount(store, { ...counting, walkedCount }),
  };
}

async function exactCount(
  store: Pick<Store, 'db'>,
  { walkedCount, ...counting }: Counting & { readonly walkedCount: number },
): Promise<number | null> {
  const { flow, text, values } = counting.filter;
  if (walkedCount === 0) return 0;
  if (text !== null || values.length > 1) return null;
  if (flow === null) return walkedCount;
  const [value] = values;
  if (value === undefined) return await countOfFlow(store, { ...counting, flow });
  if (value.column !== 'group_key') return null;
  return await countIn(store, {
    ...counting,
    dimension: 'group',
    values: [groupValue({ flow, groupKey: value.value })],
  });
}

async function countOf(
  store: Pick<Store, 'db'>,
  { value, ...counting }: Counting & { readonly value: LineFilter['values'][number] },
): Promise<number> {
  if (value.column === 'reference') throw new Error('Nobody counts lines by reference');
  const dimension = DIMENSIONS[value.column];
  const values =
    dimension === 'group' ? FLOWS.map((flow) => groupValue({ flow, groupKey: value.value })) : [value.value];
  return await countIn(store, { ...counting, dimension, values });
}

async function countIn(
  store: Pick<Store, 'db'>,
  {
    dimension,
    values,
    ...counting
  }: Counting & { readonly dimension: SumDimension; readonly values: readonly string[] },
): Promise<number> {
  const found = await sumsOf(store, { ...counting, dimensions: [dimension] })
    .where('value', 'in', values)
    .select(({ fn }) => fn.sum('lineCount').as('lineCount'))
    .executeTakeFirst();
  return Number(found?.lineCount ?? 0);
}

async function countOfFlow(
  store: Pick<Store, 'db'>,
  { flow, ...counting }: Counting & { readonly flow: StatementFlow },
): Promise<number> {
  const found = await sumsOf(store, { ...counting, dimensions: ['group'] })
    // What begins with "usage:".
    .where('value', '>=', `${flow}:`)
    .where('value', '<', `${flow};`)
    .select(({ fn }) => fn.sum('lineCount').as('lineCount'))
    .executeTakeFirst();
  return Number(found?.lineCount ?? 0);
}
