/**
 * The +sip.instance of this tab (RFC 5626 section 4.1): stable over reloads, so that the registrar replaces the old contact instead of
 * ringing a dead one. It lies in the storage only between two pages: a duplicated tab gets a copy of the storage, and a second widget the
 * same one, and with the id in it they would take each other's calls away.
 */
import { randomUuid } from './random-uuid.ts';

export interface SipInstance {
  readonly id: string;
  /** Leaves the id to the next page of this tab. */
  giveBack(): void;
}

const STORAGE_KEY = 'credit-phone.sip-instance';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `openStorage` throws or gives null where the host page may not store anything; then the instance lasts as long as the page. */
export function takeSipInstance(openStorage: () => Storage | null = () => globalThis.sessionStorage): SipInstance {
  const known = withStorage(openStorage, (storage) => {
    const kept = storage.getItem(STORAGE_KEY);
    storage.removeItem(STORAGE_KEY);
    return kept;
  });
  const id = known !== null && UUID.test(known) ? known : randomUuid();
  return { id, giveBack: () => withStorage(openStorage, (storage) => storage.setItem(STORAGE_KEY, id)) };
}

function withStorage<T>(openStorage: () => Storage | null, use: (storage: Storage) => T): T | null {
  try {
    const storage = openStorage();
    return storage && use(storage);
  } catch {
    // Blocked storage is a setting of the person, not an error of ours: a fresh id registers as well.
    return null;
  }
}
