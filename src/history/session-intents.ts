/** What somebody has begun to pay, in the window's session storage: there after a reload, gone with the window. */
import type { IntentStore } from '../phone/payment-ports.ts';

const KEY = 'credit-phone-payment';

/** Where storage is forbidden or missing, the page's own memory has to do. */
export function createSessionIntents(storage: () => Storage = () => globalThis.sessionStorage): IntentStore {
  const memory = new Map<string, string>();
  return {
    read(personId) {
      const key = `${KEY} ${personId}`;
      return attempt(() => storage().getItem(key)) ?? memory.get(key) ?? null;
    },
    write(personId, text) {
      const key = `${KEY} ${personId}`;
      if (text === null) memory.delete(key);
      else memory.set(key, text);
      attempt(() => (text === null ? storage().removeItem(key) : storage().setItem(key, text)));
    },
  };
}

function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
