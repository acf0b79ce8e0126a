import { describe, expect, test } from 'vitest';
import { randomUuid } from '../../../src/sip/random-uuid.ts';
import { sipInstanceId } from '../../../src/sip/sip-instance.ts';

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
    const first = sipInstanceId(() => storage);
    expect(first).toMatch(VERSION_4);
    expect(sipInstanceId(() => storage)).toBe(first);
  });

  test('is another one in another tab', () => {
    expect(sipInstanceId(fakeStorage)).not.toBe(sipInstanceId(fakeStorage));
  });

  test('is made anew when something else stands in the storage', () => {
    const storage = fakeStorage();
    sipInstanceId(() => storage);
    storage.setItem(storage.key(0) ?? '', '"><script>');
    expect(sipInstanceId(() => storage)).toMatch(VERSION_4);
  });

  test('works where the page may not store anything', () => {
    const forbidden = () => {
      throw new Error('SecurityError');
    };
    expect(sipInstanceId(forbidden)).toMatch(VERSION_4);
    expect(sipInstanceId(() => null)).toMatch(VERSION_4);
  });
});

test('uuids are version 4 and do not repeat', () => {
  const made = new Set(Array.from({ length: 1000 }, randomUuid));
  expect(made.size).toBe(1000);
  for (const uuid of made) expect(uuid).toMatch(VERSION_4);
});
