/** One frozen snapshot, replaced as a whole; a listener hears of every replacement, in order. */
import { FIRST_SNAPSHOT } from './first-snapshot.ts';
import type { PhoneSnapshot } from './phone-snapshot.ts';
import type { Unsubscribe } from './ports.ts';

export interface PhoneStore {
  readonly snapshot: PhoneSnapshot;
  /** Replaces the named facts. Says nothing when none of them changed. */
  update(changes: Partial<PhoneSnapshot>): void;
  subscribe(listener: (snapshot: PhoneSnapshot) => void): Unsubscribe;
}

export function createPhoneStore(): PhoneStore {
  const listeners = new Set<(snapshot: PhoneSnapshot) => void>();
  let snapshot = FIRST_SNAPSHOT;
  return {
    get snapshot() {
      return snapshot;
    },
    update(changes) {
      if (!hasNews(snapshot, changes)) return;
      snapshot = Object.freeze({ ...snapshot, ...changes });
      for (const listener of [...listeners]) listener(snapshot);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function hasNews(snapshot: PhoneSnapshot, changes: Partial<PhoneSnapshot>): boolean {
  // Object.keys forgets which object it read; the keys of `changes` are keys of the snapshot.
  const keys = Object.keys(changes) as (keyof PhoneSnapshot)[];
  return keys.some((key) => snapshot[key] !== changes[key]);
}
