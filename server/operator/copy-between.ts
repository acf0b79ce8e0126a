/** One installation into another: refuse what would go wrong, carry, compare, check the books, and only then commit. */
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { claimsHeld } from '../storage/copy/claims-held.ts';
import { type CopyReport, changedTables, copyInstallation } from '../storage/copy/copy-installation.ts';
import type { CopyTarget } from '../storage/copy/copy-target.ts';
import type { Store } from '../storage/store.ts';
import { systemClock } from '../system-clock.ts';
import { checkBooksWithin, checkLines } from './check-books.ts';
import { type Installation, openCopyTarget, openInstallation } from './installation.ts';
import type { OperatorContext } from './operator-context.ts';
import { createProgress, grouped, type OperatorProgress } from './operator-progress.ts';

export interface CopyPlan {
  readonly from: Installation;
  readonly to: Installation;
  /** Undo it at the end; then servers may run. */
  readonly isRehearsal: boolean;
}

/** True when the target holds all of it, or would but for a rehearsal. Otherwise it is as empty as it was. */
export async function copyBetween(context: OperatorContext, plan: CopyPlan): Promise<boolean> {
  const source = await openInstallation(plan.from);
  try {
    if (!plan.isRehearsal) await assertNobodyWorks(source, 'source');
    const emptyTarget = await openInstallation(plan.to);
    if (emptyTarget.place === source.place) throw new Error('--from and --to are the same place.');
    await assertNobodyWorks(emptyTarget, 'target').finally(() => emptyTarget.close());
    const target = await openCopyTarget(plan.to);
    try {
      return await carry(context, { source, target, ...plan });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function assertNobodyWorks(store: Store, side: 'source' | 'target'): Promise<void> {
  if ((await claimsHeld(store, systemClock.nowMs())) === 0) return;
  const instead = side === 'source' ? ' "--rehearse" tries it without.' : '';
  throw new Error(
    `A server works on the ${side}, ${store.place}, or has died within the last seconds. Stop all its servers first.${instead}`,
  );
}

interface Carrying extends CopyPlan {
  readonly source: Store;
  readonly target: CopyTarget;
}

async function carry(context: OperatorContext, { source, target, isRehearsal }: Carrying): Promise<boolean> {
  const report = await withSteps((onProgress) => copyInstallation({ source, target, onProgress }));
  for (const line of reportLines(report)) context.print(line);
  const books = await checkBooksWithin(target);
  for (const line of checkLines(books)) context.print(line);
  const changed = await changedTables(source, { tables: report.tables, storable: target.storable });
  const verdict = verdictOn({ report, books: books.differenceCount, changed, isRehearsal });
  if (verdict.isGood && !isRehearsal) await target.commit();
  context.print(verdict.words(target.place));
  return verdict.isGood;
}

interface Findings {
  readonly report: CopyReport;
  readonly books: number;
  readonly changed: readonly string[];
  readonly isRehearsal: boolean;
}

function verdictOn({ report, books, changed, isRehearsal }: Findings) {
  const undone = (why: string) => ({
    isGood: false,
    words: (place: string) => `${why} Nothing was kept: ${place} is as empty as before.`,
  });
  if (!report.isSame) return undone('The copy is not the same as its source.');
  if (books > 0) return undone('The books do not add up: the source has the same differences, see "ledger check".');
  if (isRehearsal) return { isGood: true, words: (place: string) => `It would work. ${place} is as empty as before.` };
  if (changed.length > 0) {
    return undone(`The source was written to meanwhile (${changed.join(', ')}): stop its servers and copy again.`);
  }
  return { isGood: true, words: (place: string) => `${place} holds all of it, checked row by row.` };
}

function reportLines({ tables, wallets, mendedRows }: CopyReport): readonly string[] {
  const lines = tables.map(({ table, source, copy, isSame }) =>
    [
      table.padEnd(16),
      grouped(source.rows).padStart(14),
      grouped(copy.rows).padStart(14),
      isSame ? 'same' : 'DIFFERENT',
    ]
      .join('  ')
      .trimEnd(),
  );
  const sums = [...wallets.sums].map(
    ([currency, { balanceMicros, heldMicros }]) =>
      `balances ${decimal(balanceMicros)} ${currency}, held ${decimal(heldMicros)} ${currency}`,
  );
  const mended =
    mendedRows === 0 ? [] : [`${grouped(mendedRows)} rows with signs that PostgreSQL cannot hold: now U+FFFD`];
  const verdict = `${grouped(wallets.wallets)} wallets compared one by one: ${grouped(wallets.differenceCount)} differences`;
  return [
    ['table'.padEnd(16), 'rows here'.padStart(14), 'rows there'.padStart(14), 'values'].join('  '),
    ...lines,
    ...sums,
    ...wallets.differences,
    ...mended,
    verdict,
  ];
}

/** A sum over all wallets may be beyond what one amount can be. */
function decimal(sum: bigint): string {
  const isExact = sum <= BigInt(Number.MAX_SAFE_INTEGER) && sum >= BigInt(Number.MIN_SAFE_INTEGER);
  return isExact ? decimalFromMicros(micros(Number(sum))) : `${sum / 1_000_000n} (rounded down)`;
}

type Step = Parameters<Parameters<typeof copyInstallation>[0]['onProgress']>[0];

async function withSteps<Result>(work: (onProgress: (progress: Step) => void) => Promise<Result>): Promise<Result> {
  let running: { readonly step: Step['step']; readonly progress: OperatorProgress } | null = null;
  try {
    return await work(({ step, ...progress }) => {
      if (running?.step !== step) {
        running?.progress.stop();
        running = { step, progress: createProgress({ what: step, unit: 'rows' }) };
      }
      running.progress.update(progress);
    });
  } finally {
    // Assigned in a callback, where the compiler does not look.
    (running as { readonly progress: OperatorProgress } | null)?.progress.stop();
  }
}
