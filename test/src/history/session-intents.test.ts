import { describe, expect, test } from 'vitest';
import { createSessionIntents } from '../../../src/history/session-intents.ts';

class MemoryStorage implements Storage {
  readonly #kept = new Map<string, string>();
  get length(): number {
    return this.#kept.size;
  }
  clear = () => this.#kept.clear();
  key = (index: number) => [...this.#kept.keys()][index] ?? null;
  getItem = (key: string) => this.#kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#kept.set(key, value);
  removeItem = (key: string) => void this.#kept.delete(key);
}

describe('what somebody has begun to pay', () => {
  test('is there for the next page of the window, for the same person only, until it is forgotten', () => {
    const storage = new MemoryStorage();
    createSessionIntents(() => storage).write('dana', 'payment 1');
    const next = createSessionIntents(() => storage);
    expect([next.read('dana'), next.read('luis')]).toEqual(['payment 1', null]);
    next.write('dana', null);
    expect([next.read('dana'), storage.length]).toEqual([null, 0]);
  });

  test('stays in memory where storage is forbidden', () => {
    const intents = createSessionIntents(() => {
      throw new Error('SecurityError');
    });
    intents.write('dana', 'payment 1');
    expect(intents.read('dana')).toBe('payment 1');
    intents.write('dana', null);
    expect(intents.read('dana')).toBeNull();
  });
});
