import { describe, expect, test } from 'vitest';
import type { CallReport, EdgeGate, ReportOutcome } from '../../../../demo/phone-network/metering/edge-gate.ts';
import { ReportQueue } from '../../../../demo/phone-network/metering/report-queue.ts';
import type { ReportAnswer } from '../../../../server/edge/edge-contract.ts';
import { MovingTimers, settle } from '../moving-timers.ts';

const ACKNOWLEDGED: ReportOutcome = { outcome: 'acknowledged', answer: { leaseSeconds: 42, isOver: false } };
const UNREACHABLE: ReportOutcome = { outcome: 'unreachable', cause: 'nobody there' };

function start(answers: ReportOutcome[]) {
  const clock = new MovingTimers();
  const sent: [string, string, number][] = [];
  const heard: [string, ReportAnswer][] = [];
  const gate: Pick<EdgeGate, 'report'> = {
    report: async (report, happenedAgoMs) => {
      sent.push([report.callId, report.kind, happenedAgoMs]);
      return answers.shift() ?? ACKNOWLEDGED;
    },
  };
  const queue = new ReportQueue({ gate, clock, onAnswer: ({ callId }, answer) => heard.push([callId, answer]) });
  const add = (callId: string, kind: 'ringing' | 'answered' | 'ended') => {
    const happenedAtMs = clock.monotonicMs();
    const report: CallReport =
      kind === 'ended'
        ? { accountId: 'acme', callId, kind, happenedAtMs, durationMs: 1, reason: 'hung_up' }
        : { accountId: 'acme', callId, kind, happenedAtMs };
    queue.add(report);
  };
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { clock, queue, sent, heard, add, advance };
}

describe('ReportQueue', () => {
  test('sends at once and passes on what the server answered', async () => {
    const { add, sent, heard, queue } = start([]);
    add('a', 'answered');
    await settle();
    expect(sent).toEqual([['a', 'answered', 0]]);
    expect(heard).toEqual([['a', { leaseSeconds: 42, isOver: false }]]);
    expect(queue.size).toBe(0);
  });

  test('repeats until acknowledged, older each time, and keeps the order of a call', async () => {
    const { add, sent, advance, queue } = start([UNREACHABLE, UNREACHABLE]);
    add('a', 'answered');
    add('a', 'ended');
    await settle();
    expect(queue.size).toBe(2);
    await advance(300);
    await advance(600);
    expect(sent.map(([, kind]) => kind)).toEqual(['answered', 'answered', 'answered', 'ended']);
    const ages = sent.slice(0, 3).map(([, , ageMs]) => ageMs);
    expect(ages[0]).toBe(0);
    expect(ages[1]).toBeGreaterThanOrEqual(150);
    expect(ages[2]).toBeGreaterThan(Number(ages[1]));
    expect(queue.size).toBe(0);
  });

  test('one call that waits does not hold up another', async () => {
    const { add, sent } = start([UNREACHABLE]);
    add('a', 'answered');
    add('b', 'answered');
    await settle();
    expect(sent.map(([callId]) => callId)).toEqual(['a', 'b']);
  });

  test('backs off to five seconds and a bit, never further', async () => {
    const { add, sent, clock, advance } = start(Array.from({ length: 400 }, () => UNREACHABLE));
    add('a', 'ended');
    await settle();
    for (let second = 0; second < 600; second += 1) await advance(1_000);
    expect(clock.monotonicMs()).toBe(600_000);
    expect(sent.length).toBeGreaterThan(600_000 / 6_250);
    expect(sent.length).toBeLessThan(600_000 / 3_750 + 12);
  });

  test('a report that the server will never take does not block the next one', async () => {
    const { add, sent, heard, queue } = start([{ outcome: 'refused', status: 404 }]);
    add('a', 'answered');
    add('a', 'ended');
    await settle();
    expect(sent.map(([, kind]) => kind)).toEqual(['answered', 'ended']);
    expect(heard).toHaveLength(1);
    expect(queue.size).toBe(0);
  });

  test('stays quiet once it is closed', async () => {
    const { add, sent, queue, advance, clock } = start([UNREACHABLE]);
    add('a', 'ended');
    await settle();
    queue.close();
    await advance(60_000);
    expect(sent).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
