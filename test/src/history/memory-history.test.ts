import { expect, test } from 'vitest';
import { createMemoryHistory } from '../../../src/history/memory-history.ts';
import type { HistoryEntry } from '../../../src/phone/ports.ts';

const entry = (callId: string, startedAtMs: number, change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  callId,
  personId: 'person-sam',
  direction: 'outbound',
  number: '600',
  destination: 'Echo test',
  startedAtMs,
  durationSeconds: 0,
  costMicros: null,
  currency: 'USD',
  endReason: null,
  isSettled: false,
  ...change,
});

test('keeps one entry per call, newest first, of each person apart', async () => {
  const history = createMemoryHistory();
  await history.put(entry('call-1', 1));
  await history.put(entry('call-2', 2));
  await history.put(entry('call-3', 3, { personId: 'person-dana' }));
  await history.put(entry('call-1', 1, { isSettled: true }));
  expect(await history.list({ personId: 'person-sam', limit: 10 })).toMatchObject([
    { callId: 'call-2' },
    { callId: 'call-1', isSettled: true },
  ]);
  expect(await history.list({ personId: 'person-sam', limit: 1 })).toHaveLength(1);
  expect(await history.unsettled({ personId: 'person-sam' })).toMatchObject([{ callId: 'call-2' }]);
});
