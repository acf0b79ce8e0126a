/** All that is known about entries, by whoever explains their kind: the first that does. */
import type { StatementExplanation } from '../../src/protocol/statement.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { EntryExplainer, EntryFacts } from './entry-explainer.ts';
import { callExplainer } from './explain-calls.ts';
import { numberExplainer } from './explain-numbers.ts';
import { paymentExplainer } from './explain-payments.ts';
import { serviceExplainer } from './explain-services.ts';
import type { WalletEntry } from './wallet-entries.ts';

const ENTRY_EXPLAINERS: readonly EntryExplainer[] = [
  callExplainer,
  numberExplainer,
  paymentExplainer,
  serviceExplainer,
];

/** By operation id. */
export async function knownFacts(
  store: Pick<Store, 'db'>,
  entries: readonly WalletEntry[],
): Promise<ReadonlyMap<string, EntryFacts>> {
  const groups = Map.groupBy(entries, ({ entryKind }) => explainerOf(entryKind));
  const found = await Promise.all([...groups].map(([explainer, own]) => explainer?.factsOf(store, own) ?? new Map()));
  return new Map(found.flatMap((facts) => [...facts]));
}

export async function explainLine(store: Pick<Store, 'db'>, line: StatementLineRow): Promise<StatementExplanation> {
  const { otherAccount, reference } = line;
  const explained = await explainerOf(line.entryKind)?.explain(store, line);
  return explained ?? { type: 'entry', otherAccount, reference };
}

/** What else is about the same thing: the extras of a call, and the call of an extra (F-07). */
export async function relatedReferences(store: Pick<Store, 'db'>, line: StatementLineRow): Promise<readonly string[]> {
  const others = await explainerOf(line.entryKind)?.related?.(store, line);
  return [line.reference, ...(others ?? [])];
}

function explainerOf(entryKind: string): EntryExplainer | undefined {
  return ENTRY_EXPLAINERS.find((explainer) => explainer.explains(entryKind));
}
