/**
 * Who knows what an entry was for. An entry names a kind and a reference; the room that made it has kept the rest. Each kind has an
 * explainer in known-entries.ts; an entry of a kind that none of them explains is a line all the same.
 */
import type { StatementExplanation, StatementPart } from '../../src/protocol/statement.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { WalletEntry } from './wallet-entries.ts';

/** What a line says beyond its entry. Left out: not known. */
export interface EntryFacts {
  /** Behind the entry's kind: "international" makes "outbound_call.international". */
  readonly subKind?: string;
  readonly officeId?: string;
  readonly personId?: string | null;
  readonly personName?: string | null;
  readonly numberUsed?: string | null;
  readonly otherNumber?: string | null;
  readonly destination?: string | null;
  readonly durationSeconds?: number;
  /** Sum to the amount of the entry. */
  readonly parts?: readonly StatementPart[];
}

export interface EntryExplainer {
  explains(entryKind: string): boolean;
  /** By operation id; entries of which nothing is known are left out. A page of entries is asked for at once. */
  factsOf(store: Pick<Store, 'db'>, entries: readonly WalletEntry[]): Promise<ReadonlyMap<string, EntryFacts>>;
  /** References of other entries that belong together with this one; none when left out. */
  related?(store: Pick<Store, 'db'>, line: StatementLineRow): Promise<readonly string[]>;
  /** Null: the entry itself is all there is. */
  explain(store: Pick<Store, 'db'>, line: StatementLineRow): Promise<StatementExplanation | null>;
}

/** Facts by the reference of entries: each explainer's way from rows of its own to entries. */
export function factsByReference<Row>(
  entries: readonly WalletEntry[],
  found: { readonly rows: readonly Row[]; readonly referenceOf: (row: Row) => string; readonly factsOf: FactsOf<Row> },
): ReadonlyMap<string, EntryFacts> {
  const rows = new Map(found.rows.map((row) => [found.referenceOf(row), row]));
  const facts = new Map<string, EntryFacts>();
  for (const entry of entries) {
    const row = rows.get(entry.reference);
    if (row !== undefined) facts.set(entry.operationId, found.factsOf(row, entry));
  }
  return facts;
}

type FactsOf<Row> = (row: Row, entry: WalletEntry) => EntryFacts;

/** Those references that the entries name, each once. */
export function referencesOf(entries: readonly WalletEntry[]): readonly string[] {
  return [...new Set(entries.map(({ reference }) => reference))];
}
