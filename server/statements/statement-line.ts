/** The row of a line: an entry, and what is known about it. */
import type { StatementLineRow } from '../storage/rows.ts';
import type { EntryFacts } from './entry-explainer.ts';
import { entryFlow } from './entry-flow.ts';
import { groupTitle } from './group-title.ts';
import type { WalletEntry } from './wallet-entries.ts';

/** Far more than any of these texts is; a longer one is found by its beginning. */
const MAX_SEARCHED = 600;

export function statementLine(
  entry: WalletEntry,
  { facts, officeId }: { readonly facts: EntryFacts; readonly officeId: string },
): StatementLineRow {
  const groupKey = facts.subKind === undefined ? entry.entryKind : `${entry.entryKind}.${facts.subKind}`;
  const texts = {
    personName: facts.personName ?? '',
    numberUsed: facts.numberUsed ?? '',
    otherNumber: facts.otherNumber ?? '',
    destination: facts.destination ?? '',
  };
  return {
    ...entry,
    ...texts,
    flow: entryFlow(entry.entryKind, entry.amountMicros),
    groupKey,
    officeId: facts.officeId ?? officeId,
    personId: facts.personId ?? '',
    durationSeconds: facts.durationSeconds ?? 0,
    parts: facts.parts && facts.parts.length > 1 ? JSON.stringify(facts.parts) : '',
    searchText: searchable([...Object.values(texts), entry.reference, groupTitle(groupKey)].join('\n')),
  };
}

/** What is looked for is written the same way. */
export function searchable(text: string): string {
  return storedText(text.slice(0, MAX_SEARCHED)).normalize('NFKC').toLowerCase();
}

/** As every store holds it: PostgreSQL has no U+0000 in a text, and UTF-8 no half of a surrogate pair. */
export function storedText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
