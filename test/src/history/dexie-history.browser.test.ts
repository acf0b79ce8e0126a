/** The history in a real IndexedDB. */
import { createCallHistory } from '../../../src/history/dexie-history.ts';
import type { HistoryEntry } from '../../../src/phone/ports.ts';
import { micros } from '../../../src/protocol/money.ts';

let databaseName = '';
let count = 0;
let notes: string[] = [];

function entry(callId: string, change: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    callId,
    personId: 'person-sam',
    direction: 'outbound',
    number: '600',
    destination: 'Echo test',
    startedAtMs: 1_000,
    durationSeconds: 0,
    costMicros: null,
    currency: 'USD',
    endReason: null,
    isSettled: false,
    ...change,
  };
}

function open(maxCalls = 1_000) {
  return createCallHistory({
    databaseName,
    maxCalls,
    log: (message, detail) => notes.push(`${message} ${detail?.cause ?? ''}`),
  });
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

const ids = (entries: readonly HistoryEntry[]) => entries.map(({ callId }) => callId);

describe('the call history in the browser', () => {
  beforeEach(() => {
    databaseName = `credit-phone-test-${Date.now()}-${count++}`;
    notes = [];
  });

  it('keeps a call over a reload and completes it under the same id', async () => {
    await open().put(entry('call-1'));
    const settled = entry('call-1', { costMicros: micros(720_000), durationSeconds: 723, isSettled: true });
    const afterReload = open();
    equal(ids(await afterReload.unsettled({ personId: 'person-sam' })), ['call-1']);
    await afterReload.put(settled);
    equal(await open().list({ personId: 'person-sam', limit: 10 }), [settled]);
    equal(await open().unsettled({ personId: 'person-sam' }), []);
    equal(notes, []);
  });

  it('lists the newest first, up to a limit, of one person only', async () => {
    const history = open();
    for (const at of [3, 1, 2]) await history.put(entry(`call-${at}`, { startedAtMs: at }));
    await history.put(entry('call-of-dana', { personId: 'person-dana', startedAtMs: 9 }));
    equal(ids(await history.list({ personId: 'person-sam', limit: 2 })), ['call-3', 'call-2']);
    equal(ids(await history.unsettled({ personId: 'person-dana' })), ['call-of-dana']);
  });

  it('forgets the oldest calls beyond its limit', async () => {
    const history = open(3);
    for (const at of [1, 2, 3, 4, 5]) await history.put(entry(`call-${at}`, { startedAtMs: at }));
    equal(ids(await history.list({ personId: 'person-sam', limit: 10 })), ['call-5', 'call-4', 'call-3']);
  });

  it('remembers calls until the page is left where there is no IndexedDB, and says so', async () => {
    const descriptor = Object.getOwnPropertyDescriptor(IDBFactory.prototype, 'open');
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    try {
      const history = open();
      await history.put(entry('call-1'));
      equal(ids(await history.list({ personId: 'person-sam', limit: 10 })), ['call-1']);
      equal(notes.length, 1);
    } finally {
      if (descriptor) Object.defineProperty(IDBFactory.prototype, 'open', descriptor);
    }
  });
});
