/** The call history in IndexedDB. */
import type { CallHistory } from '../phone/ports.ts';

export interface CallHistoryOptions {
  readonly log: (message: string) => void;
}

export function createCallHistory(_options: CallHistoryOptions): CallHistory {
  return { put: async () => undefined, list: async () => [], unsettled: async () => [] };
}
