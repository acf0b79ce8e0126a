import { describe, expect, test } from 'vitest';
import type { CallReport, ExtraQuestion } from '../../../../demo/phone-network/metering/edge-gate.ts';
import { MeteredCall } from '../../../../demo/phone-network/metering/metered-call.ts';
import { type ExtraChange, MeteredExtra } from '../../../../demo/phone-network/metering/metered-extra.ts';
import { allow } from '../../../support/fake-gate-server.ts';
import { MovingTimers, settle } from '../moving-timers.ts';

/** An answered call with a recording that is off. */
function start({ leaseSeconds = 3_600 } = {}) {
  const clock = new MovingTimers();
  const reports: CallReport[] = [];
  const changes: ExtraChange[] = [];
  const asked: ExtraQuestion[] = [];
  const answers: ((isPaid: boolean) => void)[] = [];
  const admission = allow({ leaseSeconds });
  if (admission.decision !== 'allow') throw new Error('unreachable');
  const call = new MeteredCall({ admission, clock, report: (report) => reports.push(report) });
  call.answer();
  const allowExtra = (question: ExtraQuestion) => {
    asked.push(question);
    return new Promise<boolean>((answer) => answers.push(answer));
  };
  const recording = new MeteredExtra({
    call,
    kind: 'recording',
    clock,
    gate: { allowExtra },
    onChange: (change) => changes.push(change),
  });
  return {
    clock,
    changes,
    call,
    toggle: () => void recording.toggle(),
    asked: () => asked.map(({ extra }) => ('durationSeconds' in extra ? extra.durationSeconds : null)),
    answer: async (isPaid: boolean) => {
      answers.shift()?.(isPaid);
      await settle();
    },
    /** Of the report of the end. */
    extras: () => reports.flatMap((report) => (report.kind === 'ended' ? [report.extras] : [])),
    hangUp: () => call.end({ reason: 'hung_up', text: '' }),
  };
}

const recorded = (durationSeconds: number) => [[{ kind: 'recording', durationSeconds }]];

describe('F-07: an extra that runs beside the talk', () => {
  test('does not run before it was allowed', async () => {
    const { clock, toggle, asked, answer, changes, extras, hangUp } = start();
    toggle();
    clock.advance(2_000);
    expect(changes).toEqual([]);
    await answer(true);
    expect(changes).toEqual(['started']);
    clock.advance(10_100);
    hangUp();
    expect(asked()).toEqual([60]);
    expect(extras()).toEqual(recorded(11));
  });

  test('that is refused does not begin and was not used; the next try asks again', async () => {
    const { clock, toggle, asked, answer, changes, extras, hangUp } = start();
    toggle();
    await answer(false);
    clock.advance(100_000);
    toggle();
    await answer(false);
    hangUp();
    expect(changes).toEqual(['refused', 'refused']);
    expect(asked()).toEqual([60, 60]);
    expect(extras()).toEqual([[]]);
  });

  test('asks for each further minute before it begins, counted from the beginning', async () => {
    const { clock, toggle, asked, answer, extras, hangUp } = start();
    toggle();
    await answer(true);
    clock.advance(54_999);
    expect(asked()).toEqual([60]);
    clock.advance(1);
    expect(asked()).toEqual([60, 120]);
    await answer(true);
    clock.advance(60_000);
    expect(asked()).toEqual([60, 120, 180]);
    await answer(true);
    clock.advance(10_000);
    hangUp();
    expect(extras()).toEqual(recorded(125));
  });

  test('ends with what was paid for when no more is allowed, never a second later', async () => {
    const { clock, toggle, answer, changes, extras, hangUp } = start();
    toggle();
    await answer(true);
    clock.advance(55_000);
    await answer(false);
    clock.advance(4_999);
    expect(changes).toEqual(['started']);
    clock.advance(1, { lateMs: 900 });
    expect(changes).toEqual(['started', 'refused']);
    clock.advance(100_000);
    hangUp();
    expect(extras()).toEqual(recorded(60));
  });

  test('a server that never answers makes no minute free', async () => {
    const { clock, toggle, answer, extras, hangUp } = start();
    toggle();
    await answer(true);
    clock.advance(600_000);
    hangUp();
    expect(extras()).toEqual(recorded(60));
  });

  test('started again it goes on with the minute that was paid for', async () => {
    const { clock, toggle, asked, answer, changes, extras, hangUp } = start();
    toggle();
    await answer(true);
    clock.advance(10_000);
    toggle();
    clock.advance(30_000);
    toggle();
    await answer(true);
    clock.advance(20_000);
    toggle();
    clock.advance(1_000_000);
    hangUp();
    expect(changes).toEqual(['started', 'stopped', 'started', 'stopped']);
    expect(asked()).toEqual([60]);
    expect(extras()).toEqual(recorded(30));
  });

  test('stopped while the next minute is asked for, it stays stopped', async () => {
    const { clock, toggle, answer, changes, extras, hangUp } = start();
    toggle();
    await answer(true);
    clock.advance(55_000);
    toggle();
    await answer(true);
    clock.advance(100_000);
    hangUp();
    expect(changes).toEqual(['started', 'stopped']);
    expect(extras()).toEqual(recorded(55));
  });

  test('a key that is pressed twice while it is asked for starts it once', async () => {
    const { toggle, asked, answer, changes } = start();
    toggle();
    toggle();
    await answer(true);
    expect(asked()).toEqual([60]);
    expect(changes).toEqual(['started']);
  });

  test('allowed after the call had ended, it never begins', async () => {
    const { clock, toggle, answer, changes, extras, hangUp } = start();
    toggle();
    hangUp();
    await answer(true);
    clock.advance(100_000);
    expect(changes).toEqual([]);
    expect(extras()).toEqual([[]]);
    expect(clock.pending).toBe(0);
  });

  test('ends with the call, and leaves no timer', async () => {
    const { clock, toggle, answer, changes, extras } = start({ leaseSeconds: 30 });
    toggle();
    await answer(true);
    clock.advance(30_000);
    expect(extras()).toEqual(recorded(30));
    expect(changes).toEqual(['started']);
    expect(clock.pending).toBe(0);
  });

  test('a call without any tells nothing of extras', () => {
    const { extras, hangUp } = start();
    hangUp();
    expect(extras()).toEqual([undefined]);
  });
});
