/** Numbers that were bought and their rent: the reference is the number itself. */
import type { EntryExplainer } from './entry-explainer.ts';

export const numberExplainer: EntryExplainer = {
  explains: (entryKind) => entryKind === 'number_purchase' || entryKind === 'number_renewal',
  factsOf: async (_store, entries) =>
    new Map(entries.map(({ operationId, reference }) => [operationId, { numberUsed: reference }])),
  explain: async () => null,
};
