import { describe, expect, test } from 'vitest';
import { randomUuid } from '../../../src/sip/random-uuid.ts';
import { takeSipInstance } from '../../../src/sip/sip-instance.ts';

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function fakeStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => items.delete(key),
    setItem: (key, value) => items.set(key, value),
  };
}

describe('the +sip.instance of a tab', () => {
  test('is the same after a reload', () => {
    const storage = fakeStorage();
    const first = takeSipInstance(() => storage);
    expect(first.id).toMatch(VERSION_4);
    first.giveBack();
    expect(takeSipInstance(() => storage).id).toBe(first.id);
  });

  test('is another one in another tab, in a duplicated one, and for a second widget on the page', () => {
    const storage = fakeStorage();
    const first = takeSipInstance(() => storage);
    expect(takeSipInstance(fakeStorage).id).not.toBe(first.id);
    expect(takeSipInstance(() => storage).id).not.toBe(first.id);
    first.giveBack();
    const reloaded = takeSipInstance(() => storage);
    expect(reloaded.id).toBe(first.id);
    expect(takeSipInstance(() => storage).id).not.toBe(first.id);
  });

  test('is made anew when something else stands in the storage', () => {
    const storage = fakeStorage();
    takeSipInstance(() => storage).giveBack();
    storage.setItem(storage.key(0) ?? '', '"><script>');
    expect(takeSipInstance(() => storage).id).toMatch(VERSION_4);
  });

  test('works where the page may not store anything', () => {
    const forbidden = () => {
      throw new Error('SecurityError');
    };
    for (const openStorage of [forbidden, () => null]) {
      const instance = takeSipInstance(openStorage);
      expect(instance.id).toMatch(VERSION_4);
      expect(() => instance.giveBack()).not.toThrow();
    }
  });
});

test('uuids are version 4 and do not repeat', () => {
  const made = new Set(Array.from({ length: 1000 }, randomUuid));
  expect(made.size).toBe(1000);
  for (const uuid of made) expect(uuid).toMatch(VERSION_4);
});
