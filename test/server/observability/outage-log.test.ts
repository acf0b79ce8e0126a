import { beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../../server/observability/logger.ts';
import { createOutageLog, type OutageLog } from '../../../server/observability/outage-log.ts';
import { UnavailableError } from '../../../server/storage/store.ts';

describe('the log of outages', () => {
  let lines: { readonly level: string; readonly msg: string; readonly [fact: string]: unknown }[];
  let timers: (() => void)[];
  let isStoreThere: boolean;
  let nowMs: number;
  let log: OutageLog;

  beforeEach(() => {
    [lines, timers, isStoreThere, nowMs] = [[], [], false, 0];
    log = createOutageLog({
      store: {
        place: 'SQLite file /srv/a',
        check: async () => {
          if (!isStoreThere) throw new UnavailableError('still full');
        },
      },
      logger: createLogger('info', { write: (line) => lines.push(JSON.parse(line)) }),
      nowMs: () => nowMs,
      after: (_delayMs, callback) => {
        timers.push(callback);
        return () => {
          timers = timers.filter((other) => other !== callback);
        };
      },
    });
  });

  async function passSecond(): Promise<void> {
    nowMs += 1_000;
    for (const callback of timers.splice(0)) callback();
    await new Promise(setImmediate);
  }

  test('a thousand requests that meet an outage are one line, and its end is another', async () => {
    for (let request = 0; request < 1_000; request += 1) expect(log.met(new UnavailableError('disk full'))).toBe(true);
    for (let second = 0; second < 60; second += 1) await passSecond();
    expect(lines).toMatchObject([{ level: 'error', place: 'SQLite file /srv/a', cause: 'disk full' }]);
    isStoreThere = true;
    await passSecond();
    expect(lines.slice(1)).toMatchObject([{ level: 'info', msg: 'the store commits', outageMs: 61_000 }]);
    expect(timers).toEqual([]);
  });

  test('the next outage is told again', async () => {
    log.met(new UnavailableError('first'));
    isStoreThere = true;
    await passSecond();
    log.met(new UnavailableError('second'));
    expect(lines.map(({ cause }) => cause)).toEqual(['first', undefined, 'second']);
  });

  test('what is no outage is left to whoever met it', () => {
    expect(log.met(new TypeError('a bug'))).toBe(false);
    expect(log.met('thrown text')).toBe(false);
    expect([lines, timers]).toEqual([[], []]);
  });

  test('asks no more when the server stops, also when an answer is still to come', async () => {
    log.met(new UnavailableError('disk full'));
    const [ask] = timers;
    ask?.();
    log.stop();
    await new Promise(setImmediate);
    expect(timers).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});
