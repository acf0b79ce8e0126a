import { beforeEach, expect, test } from 'vitest';
import { lookRegularly, type RegularLook } from '../../server/look-regularly.ts';
import { MovingTimers, settle } from '../demo/phone-network/moving-timers.ts';

let timers: MovingTimers;
let begun: number;
let finish: (error?: Error) => void;
let errors: unknown[];
let looking: RegularLook;

beforeEach(() => {
  timers = new MovingTimers();
  begun = 0;
  errors = [];
  finish = () => undefined;
  looking = lookRegularly({
    everyMs: 1_000,
    look: () => {
      begun += 1;
      return new Promise((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
    },
    onError: (error) => errors.push(error),
    after: (delayMs, callback) => timers.after(delayMs, callback),
  });
});

async function finished(error?: Error): Promise<void> {
  finish(error);
  await settle();
}

test('looks again after each look, also after one that failed', async () => {
  timers.advance(999);
  expect(begun).toBe(0);
  timers.advance(1);
  expect(begun).toBe(1);
  await finished(new Error('away'));
  timers.advance(1_000);
  await finished();
  expect([begun, errors]).toEqual([2, [new Error('away')]]);
});

test('looks at once when it is told, and once more when that was while it looked', async () => {
  looking.soon();
  expect(begun).toBe(1);
  looking.soon();
  looking.soon();
  expect(begun).toBe(1);
  await finished();
  expect(begun).toBe(2);
  await finished();
  expect(begun).toBe(2);
  // One timer only, however often it was told.
  expect(timers.pending).toBe(1);
});

test('stops after the look that is under way, and is not woken again', async () => {
  looking.soon();
  let isStopped = false;
  const stopped = looking.stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect(isStopped).toBe(false);
  finish();
  await stopped;
  looking.soon();
  timers.advance(10_000);
  expect([begun, timers.pending]).toEqual([1, 0]);
});
