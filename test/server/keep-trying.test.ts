import { describe, expect, test } from 'vitest';
import { FIRST_PAUSE_MS, keepTrying, LONGEST_PAUSE_MS, type Trying } from '../../server/keep-trying.ts';

/** Pauses that are over at once, and are noted. */
function rig(attempt: () => Promise<string>, more: Partial<Trying<string>> = {}) {
  const pausesMs: number[] = [];
  const failures: unknown[] = [];
  const disposed: string[] = [];
  const stopping = new AbortController();
  const result = keepTrying({
    attempt,
    isFinal: (error) => error instanceof TypeError,
    onFailure: (error) => failures.push(error),
    signal: stopping.signal,
    dispose: async (value) => void disposed.push(value),
    after: (delayMs, callback) => {
      pausesMs.push(delayMs);
      setImmediate(callback);
      return () => undefined;
    },
    ...more,
  });
  return { result, pausesMs, failures, disposed, stopping };
}

function failing(times: number, error: Error = new Error('not yet')): () => Promise<string> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw error;
    return 'there';
  };
}

describe('keepTrying', () => {
  test('gives the first success without a pause', async () => {
    const { result, pausesMs, failures } = rig(failing(0));
    expect(await result).toBe('there');
    expect([pausesMs, failures]).toEqual([[], []]);
  });

  test('pauses twice as long after each failure, up to the longest pause', async () => {
    const { result, pausesMs, failures } = rig(failing(7));
    expect(await result).toBe('there');
    expect(pausesMs).toEqual([FIRST_PAUSE_MS, 500, 1_000, 2_000, 4_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
    expect(failures).toHaveLength(7);
  });

  test('throws what is final at once', async () => {
    const { result, failures } = rig(failing(1, new TypeError('a bug')));
    await expect(result).rejects.toThrow('a bug');
    expect(failures).toEqual([]);
  });

  test('ends in the middle of a pause when it is told to, and leaves no timer', async () => {
    let isCancelled = false;
    const after = () => () => {
      isCancelled = true;
    };
    const { result, stopping } = rig(failing(9), { after });
    await new Promise(setImmediate);
    stopping.abort(new Error('SIGTERM'));
    await expect(result).rejects.toThrow('SIGTERM');
    expect(isCancelled).toBe(true);
  });

  test('ends in the middle of an attempt that hangs, and throws away what comes of it later', async () => {
    let succeed = (_value: string): void => undefined;
    const hanging = new Promise<string>((resolve) => {
      succeed = resolve;
    });
    const { result, stopping, disposed } = rig(() => hanging);
    stopping.abort(new Error('SIGTERM'));
    await expect(result).rejects.toThrow('SIGTERM');
    succeed('late');
    await new Promise(setImmediate);
    expect(disposed).toEqual(['late']);
  });

  test('makes no attempt when it is told to end before', async () => {
    const stopping = AbortSignal.abort(new Error('SIGTERM'));
    const { result } = rig(() => Promise.reject(new Error('attempted')), { signal: stopping });
    await expect(result).rejects.toThrow('SIGTERM');
  });
});
