import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallReport } from '../../../../demo/phone-network/metering/edge-gate.ts';
import { type CallEnding, MeteredCall } from '../../../../demo/phone-network/metering/metered-call.ts';
import { allow } from '../../../support/fake-gate-server.ts';
import { MovingTimers } from '../moving-timers.ts';

function start({ leaseSeconds = 60, ringSeconds = 30 } = {}) {
  const clock = new MovingTimers();
  const reports: CallReport[] = [];
  const endings: CallEnding[] = [];
  const admission = allow({ leaseSeconds, ringSeconds });
  if (admission.decision !== 'allow') throw new Error('unreachable');
  const call = new MeteredCall({ admission, clock, report: (report) => reports.push(report) });
  call.onEnded((ending) => endings.push(ending));
  const ended = () => reports.find((report) => report.kind === 'ended');
  return { clock, reports, endings, call, ended };
}

describe('MeteredCall', () => {
  test('runs its lease from the answer, not from the ringing', () => {
    const { clock, call, ended } = start({ leaseSeconds: 10 });
    call.ring();
    clock.advance(8_000);
    call.answer();
    clock.advance(9_999);
    expect(ended()).toBeUndefined();
    clock.advance(1);
    expect(ended()).toMatchObject({ durationMs: 10_000, reason: 'lease_expired', happenedAtMs: 18_000 });
  });

  test('a timer that fires late does not make the call longer than its lease', () => {
    const { clock, call, ended } = start({ leaseSeconds: 60 });
    call.answer();
    clock.advance(60_000, { lateMs: 40 });
    expect(ended()).toMatchObject({ durationMs: 60_000 });
  });

  test('reports ringing, answered and ended once each and in order', () => {
    const { clock, call, reports } = start();
    call.ring();
    call.ring();
    clock.advance(1_000);
    call.answer();
    call.answer();
    call.ring();
    clock.advance(2_500);
    call.end({ reason: 'hung_up', text: '' });
    call.end({ reason: 'failed', text: '' });
    clock.advance(100_000);
    expect(reports.map(({ kind, happenedAtMs }) => [kind, happenedAtMs])).toEqual([
      ['ringing', 0],
      ['answered', 1_000],
      ['ended', 3_500],
    ]);
    expect(reports[2]).toMatchObject({ durationMs: 2_500, reason: 'hung_up' });
  });

  test('a call that is never answered has no duration', () => {
    const { clock, call, ended, endings } = start({ ringSeconds: 5 });
    call.ring();
    clock.advance(5_000);
    expect(ended()).toMatchObject({ durationMs: null, reason: 'no_answer' });
    expect(endings).toHaveLength(1);
  });

  test('the ring limit does not reach into the talk', () => {
    const { clock, call, ended } = start({ ringSeconds: 5, leaseSeconds: 60 });
    clock.advance(4_000);
    call.answer();
    clock.advance(30_000);
    expect(ended()).toBeUndefined();
  });

  test('a lease that was lengthened before the answer counts', () => {
    const { clock, call, ended } = start({ leaseSeconds: 10 });
    call.setLease(20);
    call.answer();
    clock.advance(19_999);
    expect(ended()).toBeUndefined();
    clock.advance(1);
    expect(ended()).toMatchObject({ durationMs: 20_000 });
  });

  test('a lease below what was used ends the call at once, charged by the lease', () => {
    const { clock, call, ended } = start();
    call.answer();
    clock.advance(5_000);
    call.setLease(3);
    expect(ended()).toMatchObject({ durationMs: 3_000, reason: 'lease_expired' });
  });

  test('nothing comes back to life', () => {
    const { clock, call, reports } = start();
    call.end({ reason: 'cancelled', text: '' });
    call.answer();
    call.ring();
    call.setLease(100);
    clock.advance(1_000_000);
    expect(reports).toHaveLength(1);
    expect(call.snapshot()).toBeNull();
    expect(clock.pending).toBe(0);
  });

  test('who listens late hears of the end at once', () => {
    const { call } = start();
    call.end({ reason: 'busy', text: '' });
    const heard: string[] = [];
    call.onEnded(({ reason }) => heard.push(reason));
    expect(heard).toEqual(['busy']);
  });

  test('tells the server what it is: ringing or answered, how long, which lease', () => {
    const { clock, call } = start({ leaseSeconds: 30 });
    expect(call.snapshot()).toMatchObject({ state: 'ringing', elapsedMs: null, leaseSeconds: 30 });
    call.answer();
    clock.advance(1_234);
    expect(call.snapshot()).toMatchObject({ state: 'answered', elapsedMs: 1_234 });
  });

  test('a lease of months does not fire early', () => {
    const { clock, call, ended } = start({ leaseSeconds: 100 * 24 * 3600 });
    call.answer();
    clock.advance(99 * 24 * 3600 * 1000);
    expect(ended()).toBeUndefined();
  });

  test('whatever is done to it: at most one end, never longer than the lease in force', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('advance' as const), ms: fc.nat({ max: 20_000 }) }),
      fc.record({ kind: fc.constant('lease' as const), seconds: fc.nat({ max: 60 }) }),
      fc.record({ kind: fc.constantFrom('ring' as const, 'answer' as const, 'end' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, call, reports } = start({ leaseSeconds: 10 });
        let leaseSeconds = 10;
        for (const one of steps) {
          if (one.kind === 'advance') clock.advance(one.ms, { lateMs: 3 });
          else if (one.kind === 'lease') {
            if (!call.ending) leaseSeconds = one.seconds;
            call.setLease(one.seconds);
          } else if (one.kind === 'ring') call.ring();
          else if (one.kind === 'answer') call.answer();
          else call.end({ reason: 'hung_up', text: '' });
        }
        clock.advance(100_000);
        const ends = reports.filter((report) => report.kind === 'ended');
        expect(ends).toHaveLength(1);
        const [end] = ends;
        if (end?.kind === 'ended' && end.durationMs !== null)
          expect(end.durationMs).toBeLessThanOrEqual(leaseSeconds * 1000);
        expect(reports.at(-1)?.kind).toBe('ended');
        expect(clock.pending).toBe(0);
      }),
    );
  });
});
