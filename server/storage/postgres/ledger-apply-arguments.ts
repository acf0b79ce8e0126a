/** Operations as the parallel arrays of ledger_apply, in the text that PostgreSQL reads arrays from. */
import type { Micros } from '../../../src/protocol/money.ts';
import type { Operation } from '../../ledger/operation.ts';
import { operationFingerprint } from '../../ledger/operation-fingerprint.ts';
import { LEDGER_APPLY_PARAMETERS } from './ledger-apply-function.ts';
import { postgresText, rowWritesJson } from './row-write-functions.ts';

/** In the order of LEDGER_APPLY_PARAMETERS. */
export function ledgerApplyArguments(operations: readonly Operation[]): string[] {
  const columns = columnsOf(operations);
  // The keys of both are the same, which the type of columnsOf says.
  return Object.keys(LEDGER_APPLY_PARAMETERS).map((name) => columns[name as keyof typeof LEDGER_APPLY_PARAMETERS]);
}

/** What an operation is about: what it holds, wishes, captures, adds or takes. */
export function amountOf(operation: Operation): Micros {
  switch (operation.kind) {
    case 'extend':
      return operation.totalMicros;
    case 'settle':
      return operation.captureMicros;
    case 'hold':
    case 'credit':
    case 'charge':
      return operation.amountMicros;
  }
}

function columnsOf(operations: readonly Operation[]): Readonly<Record<keyof typeof LEDGER_APPLY_PARAMETERS, string>> {
  const wallets = slotsOf(operations, ({ walletId }) => walletId);
  const ids = slotsOf(operations, ({ operationId }) => operationId);
  const holds = slotsOf(operations, holdIdOf);
  const walletPlaces = new Map(wallets.firsts.map((first, index) => [first + 1, index + 1]));
  const owners = wallets.firsts.map((first) => operations[first]);
  const texts = (told: (operation: Operation) => string | null) => arrayText(operations.map(told));
  const numbers = (told: (operation: Operation) => number) => arrayText(operations.map(told));
  return {
    wallet_account_ids: arrayText(owners.map((owner) => owner?.accountId ?? null)),
    wallet_ids: arrayText(owners.map((owner) => owner?.walletId ?? null)),
    wallet_slots: arrayText(wallets.slots.map((slot) => walletPlaces.get(slot ?? 0) ?? null)),
    account_ids: texts(({ accountId }) => accountId),
    operation_ids: texts(({ operationId }) => operationId),
    operation_slots: arrayText(ids.slots),
    fingerprints: texts(operationFingerprint),
    kinds: texts(({ kind }) => kind),
    amounts: numbers(amountOf),
    minimums: numbers((operation) => ('minimumMicros' in operation ? operation.minimumMicros : 0)),
    floors: numbers((operation) => (operation.kind === 'hold' ? operation.floorMicros : 0)),
    hold_ids: texts(holdIdOf),
    hold_slots: arrayText(holds.slots),
    other_accounts: texts(otherAccountOf),
    entry_kinds: texts((operation) => ('entryKind' in operation ? operation.entryKind : null)),
    entry_references: texts((operation) => ('reference' in operation ? operation.reference : null)),
    times_ms: numbers(({ atMs }) => atMs),
    limits: texts(limitsOf),
    rows_alongside: texts(({ alongside }) => (alongside.length === 0 ? null : rowWritesJson(alongside))),
  };
}

interface Slots {
  /** For each operation the place, from 1, of the first one that has the same id of the same account; null without id. */
  readonly slots: readonly (number | null)[];
  /** The indexes of those first ones. */
  readonly firsts: readonly number[];
}

function slotsOf(operations: readonly Operation[], idOf: (operation: Operation) => string | null): Slots {
  const placesByAccount = new Map<string, Map<string, number>>();
  const firsts: number[] = [];
  const slots = operations.map((operation, index) => {
    const id = idOf(operation);
    if (id === null) return null;
    const [accountId, storedId] = [asStored(operation.accountId), asStored(id)];
    let places = placesByAccount.get(accountId);
    if (places === undefined) {
      places = new Map();
      placesByAccount.set(accountId, places);
    }
    const place = places.get(storedId);
    if (place !== undefined) return place;
    firsts.push(index);
    places.set(storedId, index + 1);
    return index + 1;
  });
  return { slots, firsts };
}

/** What PostgreSQL cannot store becomes something else, and two ids may become one. */
function asStored(text: string): string {
  return NOT_STORABLE.test(text) ? postgresText(text) : text;
}

const NOT_STORABLE = /[\0\uD800-\uDFFF]/;

function holdIdOf(operation: Operation): string | null {
  return 'holdId' in operation ? operation.holdId : null;
}

function otherAccountOf(operation: Operation): string | null {
  switch (operation.kind) {
    case 'credit':
      return operation.sourceAccount;
    case 'settle':
    case 'charge':
      return operation.revenueAccount;
    case 'hold':
    case 'extend':
      return null;
  }
}

function limitsOf(operation: Operation): string | null {
  if (operation.kind !== 'hold' || operation.limits.length === 0) return null;
  return JSON.stringify(operation.limits.map((limit) => ({ ...limit, limitKey: postgresText(limit.limitKey) })));
}

/**
 * '{"a","b",NULL}'. JSON writes the same inside its brackets, faster than we could, but for what it escapes with a letter: control
 * characters and halves of surrogate pairs.
 */
function arrayText(values: readonly (string | number | null)[]): string {
  const json = JSON.stringify(values);
  return `{${(ESCAPED_WITH_A_LETTER.test(json) ? plainJson(values) : json).slice(1, -1)}}`;
}

const ESCAPED_WITH_A_LETTER = /\\[^"\\]/;

function plainJson(values: readonly (string | number | null)[]): string {
  const elements = values.map((value) => (typeof value === 'string' ? quoted(value) : String(value)));
  return `[${elements.join(',')}]`;
}

function quoted(text: string): string {
  return `"${postgresText(text).replace(/["\\]/g, '\\$&')}"`;
}
