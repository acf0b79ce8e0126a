/** Sums of the lines of a day, from each of the sides that a summary shows. Sums of whole numbers: exact as long as they are safe. */
import type { WalletAddress } from '../accounts/wallet.ts';
import type { StatementLineRow, StatementMarkRow, StatementSumRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

const SUM_DIMENSIONS = ['total', 'group', 'person', 'office', 'number', 'destination'] as const;
export type SumDimension = (typeof SUM_DIMENSIONS)[number];

type Side = Pick<StatementSumRow, 'dimension' | 'value' | 'label'>;

/** The group with its flow: money that went out and came back under one kind is two groups. */
export function groupValue({ flow, groupKey }: Pick<StatementLineRow, 'flow' | 'groupKey'>): string {
  return `${flow}:${groupKey}`;
}

function sidesOf(line: StatementLineRow): readonly (Side & { readonly dimension: SumDimension })[] {
  return [
    { dimension: 'total', value: '', label: '' },
    { dimension: 'group', value: groupValue(line), label: '' },
    { dimension: 'person', value: line.personId, label: line.personName },
    { dimension: 'office', value: line.officeId, label: '' },
    { dimension: 'number', value: line.numberUsed, label: '' },
    { dimension: 'destination', value: line.destination, label: '' },
  ];
}

export interface AddedLines {
  readonly lines: readonly StatementLineRow[];
  readonly dayOf: (atMs: number) => string;
  readonly mark: Pick<StatementMarkRow, 'accountId' | 'walletId' | 'epoch'>;
}

/** The rows of all sums that these lines change, with the lines added to them. */
export async function sumsWith(store: Pick<Store, 'db'>, added: AddedLines): Promise<readonly StatementSumRow[]> {
  const sums = new SumsOfLines();
  sums.add(added);
  for (const known of await readSums(store, added.mark, sums.rows)) {
    // Rows of an earlier epoch are written over.
    if (known.epoch === added.mark.epoch) sums.goOnFrom(known);
  }
  return sums.rows;
}

export class SumsOfLines {
  readonly #rows = new Map<string, StatementSumRow>();

  get rows(): readonly StatementSumRow[] {
    return [...this.#rows.values()];
  }

  add({ lines, dayOf, mark: { epoch } }: AddedLines): void {
    for (const line of lines) {
      const day = dayOf(line.atMs);
      for (const side of sidesOf(line)) {
        const key = keyOf({ ...side, day });
        const known = this.#rows.get(key);
        const own = sumsOfLine(line, { ...side, day, epoch });
        this.#rows.set(key, known === undefined ? own : together(known, own));
      }
    }
  }

  /** Does nothing for sums that no line was added to. */
  goOnFrom(stored: StatementSumRow): void {
    const more = this.#rows.get(keyOf(stored));
    if (more !== undefined) this.#rows.set(keyOf(stored), together(stored, more));
  }
}

function keyOf({ day, dimension, value }: Pick<StatementSumRow, 'day' | 'dimension' | 'value'>): string {
  return `${day}\n${dimension}\n${value}`;
}

function sumsOfLine(
  line: StatementLineRow,
  side: Side & { readonly day: string; readonly epoch: number },
): StatementSumRow {
  const { accountId, walletId, amountMicros, durationSeconds, sequence } = line;
  const isUsage = line.flow === 'usage';
  return {
    accountId,
    walletId,
    ...side,
    lineCount: 1,
    durationSeconds,
    spentMicros: Math.max(0, -amountMicros),
    addedMicros: Math.max(0, amountMicros),
    usageCount: isUsage ? 1 : 0,
    usageSeconds: isUsage ? durationSeconds : 0,
    usageMicros: isUsage ? -amountMicros : 0,
    firstSequence: sequence,
    lastSequence: sequence,
  };
}

/** `later` has the newer name. */
function together(earlier: StatementSumRow, later: StatementSumRow): StatementSumRow {
  const sum = (name: SummedColumn) => {
    const value = earlier[name] + later[name];
    if (!Number.isSafeInteger(value)) throw new RangeError(`The sum of ${name} is past what can be counted: ${value}`);
    return value;
  };
  return {
    ...later,
    lineCount: sum('lineCount'),
    durationSeconds: sum('durationSeconds'),
    spentMicros: sum('spentMicros'),
    addedMicros: sum('addedMicros'),
    usageCount: sum('usageCount'),
    usageSeconds: sum('usageSeconds'),
    usageMicros: sum('usageMicros'),
    firstSequence: Math.min(earlier.firstSequence, later.firstSequence),
    lastSequence: Math.max(earlier.lastSequence, later.lastSequence),
  };
}

type SummedColumn =
  | 'lineCount'
  | 'durationSeconds'
  | 'spentMicros'
  | 'addedMicros'
  | 'usageCount'
  | 'usageSeconds'
  | 'usageMicros';

async function readSums(
  { db }: Pick<Store, 'db'>,
  { accountId, walletId }: WalletAddress,
  wanted: readonly Pick<StatementSumRow, 'day' | 'value'>[],
): Promise<readonly StatementSumRow[]> {
  return await db
    .selectFrom('statement_sum')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    .where('day', 'in', [...new Set(wanted.map(({ day }) => day))])
    .where('dimension', 'in', [...SUM_DIMENSIONS])
    .where('value', 'in', [...new Set(wanted.map(({ value }) => value))])
    .execute();
}
