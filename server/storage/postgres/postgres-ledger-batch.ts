/**
 * Operations into PostgreSQL: one call of a database function a batch, one round trip. The function (ledger-apply-function.ts) decides
 * and writes; here operations become its arrays, and its arrays become results.
 */
import type { ClientBase } from 'pg';
import { micros, ZERO_MICROS } from '../../../src/protocol/money.ts';
import { availableOf } from '../../ledger/decide.ts';
import type { Operation, OperationRefusal, OperationResult, WalletState } from '../../ledger/operation.ts';
import { amountOf, ledgerApplyArguments } from './ledger-apply-arguments.ts';
import { LEDGER_APPLY_PARAMETERS, LEDGER_APPLY_RESULTS } from './ledger-apply-function.ts';

/** Exported for the benchmark, which calls the function without us. */
const LEDGER_APPLY_CALL = `SELECT * FROM ledger_apply(${Object.keys(LEDGER_APPLY_PARAMETERS)
  .map((_, index) => `$${index + 1}`)
  .join(', ')})`;

/**
 * Applies operations in arrival order in one transaction, committed when it resolves: `client` is in none, in READ COMMITTED. When it
 * rejects with an error of PostgreSQL, nothing was applied; when the connection was lost, nobody knows. Rejects with a lost race
 * (postgres-error.ts) when another server was there first: the same question then finds what that one has stored.
 */
export async function applyLedgerBatch(
  client: Pick<ClientBase, 'query'>,
  operations: readonly Operation[],
): Promise<readonly OperationResult[]> {
  if (operations.length === 0) return [];
  const { rows } = await client.query({
    name: 'ledger_apply',
    text: LEDGER_APPLY_CALL,
    values: ledgerApplyArguments(operations),
    rowMode: 'array',
    types: AS_TEXT,
  });
  return resultsIn(operations, rows[0]);
}

/** Arrays of numbers are read faster here than by pg, and the same whatever parsers the pool was given. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** The columns of LEDGER_APPLY_RESULTS; the elements are those of the operations, one for one. */
interface Answers {
  readonly outcomes: readonly string[];
  /** These two are asked only when something was refused, and stay as they came. */
  readonly reachedLimits: string;
  readonly conflictTables: string;
  readonly held: readonly (number | null)[];
  readonly captured: readonly (number | null)[];
  readonly short: readonly (number | null)[];
  readonly balances: readonly (number | null)[];
  readonly walletHeld: readonly (number | null)[];
  readonly versions: readonly (number | null)[];
}

function resultsIn(operations: readonly Operation[], row: readonly string[] | undefined): readonly OperationResult[] {
  if (row?.length !== Object.keys(LEDGER_APPLY_RESULTS).length) throw new Error('ledger_apply gave no answer');
  const [outcomes = '', reachedLimits = '', conflictTables = '', ...numbers] = row;
  const [held = [], captured = [], short = [], balances = [], walletHeld = [], versions = []] = numbers.map(numbersIn);
  const answers: Answers = {
    outcomes: wordsIn(outcomes),
    reachedLimits,
    conflictTables,
    held,
    captured,
    short,
    balances,
    walletHeld,
    versions,
  };
  return operations.map((operation, index) => resultAt(operation, index, answers));
}

function resultAt(operation: Operation, index: number, answers: Answers): OperationResult {
  const outcome = answers.outcomes[index];
  const wallet = walletAt(answers, index);
  if (outcome !== 'applied' && outcome !== 'repeat') {
    const refused = {
      code: outcome,
      wallet,
      limit: numbersIn(answers.reachedLimits)[index],
      table: wordsIn(answers.conflictTables)[index],
    };
    return { applied: false, refusal: refusalOf(operation, refused), wallet };
  }
  if (wallet === null) throw new Error('ledger_apply applied an operation to no wallet');
  return {
    applied: true,
    isRepeat: outcome === 'repeat',
    heldMicros: micros(answers.held[index] ?? Number.NaN),
    capturedMicros: micros(answers.captured[index] ?? Number.NaN),
    shortMicros: micros(answers.short[index] ?? Number.NaN),
    wallet,
  };
}

function walletAt({ balances, walletHeld, versions }: Answers, index: number): WalletState | null {
  const [balance, held, version] = [balances[index], walletHeld[index], versions[index]];
  if (balance === null || held === null || version === null) return null;
  return {
    balanceMicros: micros(balance ?? Number.NaN),
    heldMicros: micros(held ?? Number.NaN),
    version: version ?? Number.NaN,
  };
}

interface Refused {
  readonly code: string | undefined;
  readonly wallet: WalletState | null;
  /** The place of the limit that was reached, from 1. */
  readonly limit: number | null | undefined;
  readonly table: string | undefined;
}

/** The numbers that explain a refusal are known here; the function only tells which one it is. */
function refusalOf(operation: Operation, { code, wallet, limit, table }: Refused): OperationRefusal {
  const availableMicros = wallet === null ? ZERO_MICROS : availableOf(wallet);
  switch (code) {
    case 'insufficient': {
      const neededMicros = 'minimumMicros' in operation ? operation.minimumMicros : amountOf(operation);
      return { code, neededMicros, availableMicros };
    }
    case 'below_floor':
      if (operation.kind !== 'hold') break;
      return { code, neededMicros: operation.floorMicros, availableMicros };
    case 'limit_reached': {
      const reached = operation.kind === 'hold' ? operation.limits[(limit ?? 0) - 1] : undefined;
      if (reached === undefined) break;
      return { code, limitKey: reached.limitKey, ceiling: reached.ceiling };
    }
    case 'row_conflict':
      if (table === undefined) break;
      return { code, table };
    case 'hold_unknown':
    case 'hold_closed':
    case 'wallet_unknown':
    case 'id_reused':
      return { code };
  }
  throw new Error(`ledger_apply refused a ${operation.kind} as ${code}`);
}

/** '{1,NULL,3}' */
function numbersIn(array: string): (number | null)[] {
  const json = `[${array.slice(1, -1)}]`;
  // PostgreSQL writes nothing but numbers and NULL into an array of numbers.
  return JSON.parse(json.includes('N') ? json.replaceAll('NULL', 'null') : json) as (number | null)[];
}

/** '{applied,id_reused}': words that need no quotes. */
function wordsIn(array: string): string[] {
  return array.slice(1, -1).split(',');
}
