import { expect, test } from 'vitest';
import { createProgress } from '../../../server/operator/operator-progress.ts';

function watched() {
  const lines: string[] = [];
  let now = 0;
  const progress = createProgress({
    what: 'checking',
    unit: 'rows',
    isTerminal: false,
    write: (line) => lines.push(line),
    nowMs: () => now,
  });
  const at = (ms: number, done: number) => {
    now = ms;
    progress.update({ done, total: 10_000_000 });
  };
  return { lines, at, progress };
}

test('where nobody watches, a line every few seconds tells how far it is, how fast and how long', () => {
  const { lines, at, progress } = watched();
  at(0, 0);
  at(4_999, 1_000_000);
  at(5_000, 1_250_000);
  at(9_000, 2_000_000);
  at(10_000, 2_500_000);
  at(39_000, 9_900_000);
  progress.stop();
  expect(lines).toEqual([
    'checking: 1,250,000 of 10,000,000 rows, 250,000 a second, 35 s left',
    'checking: 2,500,000 of 10,000,000 rows, 250,000 a second, 30 s left',
    'checking: 9,900,000 of 10,000,000 rows, 253,846 a second, 1 s left',
  ]);
});

test('minutes are told as minutes, and nothing is foretold before anything is done', () => {
  const { lines, at } = watched();
  at(5_000, 0);
  at(10_000, 100_000);
  expect(lines).toEqual([
    'checking: 0 of 10,000,000 rows, 0 a second',
    'checking: 100,000 of 10,000,000 rows, 10,000 a second, 16 min 30 s left',
  ]);
});

test('what is over in a moment says nothing', () => {
  const { lines, at, progress } = watched();
  at(0, 0);
  at(3_000, 10_000_000);
  progress.stop();
  expect(lines).toEqual([]);
});
