/** A call history that lasts until the page is left. */
import type { CallHistory, HistoryEntry } from '../phone/ports.ts';

export function createMemoryHistory(): CallHistory {
  const calls = new Map<string, HistoryEntry>();
  const ofPerson = (personId: string) => [...calls.values()].filter((entry) => entry.personId === personId);
  return {
    async put(entry) {
      calls.set(entry.callId, entry);
    },
    async list({ personId, limit }) {
      return ofPerson(personId)
        .sort((a, b) => b.startedAtMs - a.startedAtMs)
        .slice(0, limit);
    },
    async unsettled({ personId }) {
      return ofPerson(personId).filter((entry) => !entry.isSettled);
    },
  };
}
