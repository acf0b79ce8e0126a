/** Which number somebody shows when calling, in the browser's local storage: there the next day, and for this browser alone. */
import type { CallerChoice } from '../phone/own-numbers-ports.ts';

const KEY = 'credit-phone-caller';

/** Where storage is forbidden or missing, the page's own memory has to do. */
export function createCallerChoice(storage: () => Storage = () => globalThis.localStorage): CallerChoice {
  const memory = new Map<string, string>();
  return {
    read(personId) {
      const key = `${KEY} ${personId}`;
      return attempt(() => storage().getItem(key)) ?? memory.get(key) ?? null;
    },
    write(personId, number) {
      const key = `${KEY} ${personId}`;
      if (number === null) memory.delete(key);
      else memory.set(key, number);
      attempt(() => (number === null ? storage().removeItem(key) : storage().setItem(key, number)));
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
