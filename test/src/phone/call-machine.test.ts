import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { transition } from '../../../src/phone/call-machine.ts';
import type { CallEffect, CallEvent, CallState, UntimedCallEvent } from '../../../src/phone/call-state.ts';
import { isOver, isSettled } from '../../../src/phone/call-state.ts';
import { refusal } from '../../../src/protocol/problem.ts';
import { anyCallEvent, CALL_ID, EVERY_EVENT, everyState, newInbound, newOutbound } from '../../support/call-events.ts';
import { sampleAuthorization, sampleLease, sampleRecord } from '../../support/phone-samples.ts';

function at(event: UntimedCallEvent, atMs: number): CallEvent {
  // Spreading a union loses the tie between `type` and its fields; with its time it is a CallEvent again.
  return { ...event, atMs } as CallEvent;
}

/** What the world saw while a call went through these events. */
function run(
  first: { readonly state: CallState; readonly effects: readonly CallEffect[] },
  events: UntimedCallEvent[],
) {
  const effects: CallEffect[] = [...first.effects];
  const states: CallState[] = [first.state];
  let { state } = first;
  events.forEach((event, index) => {
    const step = transition(state, at(event, 1_000 + index * 700));
    state = step.state;
    states.push(state);
    effects.push(...step.effects);
  });
  return { state, states, effects, types: effects.map(({ type }) => type) };
}

const AUTHORIZED: UntimedCallEvent = { type: 'authorized', authorization: sampleAuthorization(CALL_ID) };

describe('the call machine', () => {
  test.each(
    everyState().map((state, index) => [`${index} ${state.phase}`, state] as const),
  )('state %s takes every event, and one that is impossible there changes nothing', (_name, state) => {
    for (const event of EVERY_EVENT) {
      const { state: next } = transition(state, at(event, 9_000));
      expect(next.callId).toBe(CALL_ID);
      if (isOver(state)) expect(next.phase).toBe(state.phase);
      if (isSettled(state)) expect(next).toMatchObject({ settlement: 'done' });
    }
  });

  /** Which phases each event may lead to; every pair that is not here must leave the phase as it was. */
  const MOVES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    authorizing: {
      hang_up: ['ended'],
      authorized: ['dialing', 'authorizing'],
      authorization_refused: ['refused', 'authorizing'],
      prepared: ['dialing', 'authorizing'],
      microphone_failed: ['refused'],
      line_ended: ['ended'],
      grant_expired: ['refused', 'authorizing'],
    },
    dialing: {
      hang_up: ['hanging_up'],
      ringing: ['ringing'],
      answered: ['talking'],
      line_ended: ['ended', 'refused'],
      recorded: ['dialing', 'ended', 'refused'],
    },
    ringing: {
      hang_up: ['hanging_up'],
      answered: ['talking'],
      line_ended: ['ended', 'refused'],
      recorded: ['ringing', 'ended', 'refused'],
    },
    incoming: {
      hang_up: ['hanging_up'],
      answer: ['answering'],
      line_ended: ['ended'],
      recorded: ['incoming', 'ended', 'refused'],
    },
    answering: {
      hang_up: ['hanging_up'],
      answered: ['talking'],
      microphone_failed: ['refused'],
      line_ended: ['ended'],
      recorded: ['answering', 'ended', 'refused'],
    },
    talking: { hang_up: ['hanging_up'], line_ended: ['ended'], recorded: ['talking', 'ended'] },
    hanging_up: { line_ended: ['ended'], hang_up_overdue: ['ended'], recorded: ['hanging_up', 'ended', 'refused'] },
    ended: {},
    refused: {},
  };

  test('moves between phases only as its drawing says', () => {
    for (const state of everyState()) {
      for (const event of EVERY_EVENT) {
        const allowed = MOVES[state.phase]?.[event.type] ?? [state.phase];
        expect(allowed, `${state.phase} x ${event.type}`).toContain(transition(state, at(event, 9_000)).state.phase);
      }
    }
  });

  test('invites when the second of grant and microphone is there, whichever it is', () => {
    for (const events of [
      [AUTHORIZED, { type: 'prepared' }],
      [{ type: 'prepared' }, AUTHORIZED],
    ] as UntimedCallEvent[][]) {
      expect(run(newOutbound(), events).effects.at(-1)).toEqual({
        type: 'invite',
        number: '+4915112345678',
        grant: `grant-of-${CALL_ID}`,
      });
    }
  });

  test('leaves the end of a final lease to the edge: credit of the last second may have saved the call', () => {
    const lease = sampleLease({ leaseSeconds: 10, isFinal: true });
    const talking = run(newOutbound(), [
      { type: 'authorized', authorization: { ...sampleAuthorization(CALL_ID), lease } },
      { type: 'prepared' },
      { type: 'answered' },
    ]).state;
    const late = transition(talking, { type: 'tick', atMs: 20_000 });
    expect(late.effects.map(({ type }) => type)).not.toContain('hang_up_line');
    expect(late.state).toMatchObject({ phase: 'talking', meter: { secondsLeft: 0 } });
    const saved = transition(late.state, {
      type: 'recorded',
      record: sampleRecord(CALL_ID, { status: 'answered', lease: sampleLease({ leaseSeconds: 60, renewalIndex: 1 }) }),
      atMs: 20_100,
    });
    expect(saved.state).toMatchObject({ phase: 'talking', meter: { lease: { leaseSeconds: 60 } } });
    const cut = transition(late.state, {
      type: 'line_ended',
      reason: 'credit_exhausted',
      refusalCode: null,
      atMs: 20_100,
    });
    expect(cut.state).toMatchObject({ phase: 'ended', endReason: 'credit_exhausted' });
  });

  test('a cancelled call that was answered in the same moment is charged, not released', () => {
    const events: UntimedCallEvent[] = [
      AUTHORIZED,
      { type: 'prepared' },
      { type: 'hang_up' },
      { type: 'answered' },
      { type: 'line_ended', reason: 'hung_up', refusalCode: null },
    ];
    const { types } = run(newOutbound(), events);
    expect(types).toContain('ask_record');
    expect(types).not.toContain('release_call');
  });

  test('a final record is not taken back by one that was overtaken', () => {
    const settled = sampleRecord(CALL_ID, { status: 'settled', durationSeconds: 7 });
    const events: UntimedCallEvent[] = [
      { type: 'answer' },
      { type: 'answered' },
      { type: 'recorded', record: settled },
      { type: 'recorded', record: sampleRecord(CALL_ID, { status: 'answered', elapsedMs: 3 }) },
    ];
    expect(run(newInbound(), events).state.record).toBe(settled);
  });

  test('no INVITE in 10,000 random dials without a grant', () => {
    let invites = 0;
    fc.assert(
      fc.property(
        fc.array(
          anyCallEvent.filter(({ type }) => type !== 'authorized'),
          { maxLength: 30 },
        ),
        (events) => {
          const { types } = run(newOutbound(), events);
          invites += types.filter((type) => type === 'invite').length;
        },
      ),
      { numRuns: 10_000 },
    );
    expect(invites).toBe(0);
  });

  test('at most one INVITE in any life, and only after a grant and a prepared line', () => {
    fc.assert(
      fc.property(fc.array(anyCallEvent, { maxLength: 30 }), (events) => {
        const { types } = run(newOutbound(), events);
        const count = types.filter((type) => type === 'invite').length;
        expect(count).toBeLessThanOrEqual(1);
        const mayInvite = events.some(({ type }) => type === 'authorized') && events.some((e) => e.type === 'prepared');
        if (count === 1) expect(mayInvite).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('every hold that was granted and never answered is given back, whatever happens in between', () => {
    fc.assert(
      fc.property(fc.array(anyCallEvent, { maxLength: 30 }), (events) => {
        // The authorization has exactly one answer; if the random life has none, the grant comes at its very end.
        const decisions = events.filter(({ type }) => type === 'authorized' || type === 'authorization_refused');
        const life = [...events, ...(decisions.length === 0 ? [AUTHORIZED] : [])].filter(
          (event) => event.type !== 'authorization_refused' || event === decisions[0],
        );
        const end: UntimedCallEvent = { type: 'line_ended', reason: 'cancelled', refusalCode: null };
        const { state, states, types } = run(newOutbound(), [...life, { type: 'hang_up' }, end]);
        const first = decisions[0];
        const wasGranted = first === undefined || first.type === 'authorized';
        const wasAnswered = states.some(({ meter }) => meter !== null);
        const isClosedByServer = states.some(({ record }) => record !== null && record.status !== 'answered');
        expect(isOver(state)).toBe(true);
        if (wasGranted && !wasAnswered && !isClosedByServer) expect(types).toContain('release_call');
      }),
      { numRuns: 5_000 },
    );
  });

  test('whatever the line took for an outgoing call it is told to give up, or has reported the end itself', () => {
    fc.assert(
      fc.property(fc.array(anyCallEvent, { maxLength: 30 }), (events) => {
        const { state, types } = run(newOutbound(), [...events, { type: 'hang_up' }]);
        const lineGaveUp = events.some(({ type }) => type === 'line_ended');
        expect(lineGaveUp || types.includes('hang_up_line')).toBe(true);
        expect(isOver(state) || state.phase === 'hanging_up').toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('the history is written at the birth of a call and again when its money is settled', () => {
    fc.assert(
      fc.property(fc.array(anyCallEvent, { maxLength: 30 }), fc.boolean(), (events, isOutbound) => {
        const { states, effects } = run(isOutbound ? newOutbound() : newInbound(), events);
        expect(effects[0]?.type).toBe('write_history');
        const writes = effects.filter(({ type }) => type === 'write_history').length;
        if (states.some(isSettled)) expect(writes).toBeGreaterThanOrEqual(2);
        expect(writes).toBeLessThanOrEqual(3);
      }),
      { numRuns: 3_000 },
    );
  });

  test('time and cost on the screen never go back while a call runs', () => {
    fc.assert(
      fc.property(fc.array(anyCallEvent, { maxLength: 40 }), (events) => {
        const { states } = run(newOutbound(), [AUTHORIZED, { type: 'prepared' }, { type: 'answered' }, ...events]);
        const meters = states.flatMap(({ meter }) => (meter === null ? [] : [meter]));
        meters.slice(1).forEach((meter, index) => {
          expect(meter.talkMs).toBeGreaterThanOrEqual(meters[index]?.talkMs ?? 0);
          expect(meter.costMicros).toBeGreaterThanOrEqual(meters[index]?.costMicros ?? 0);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  test('a refusal without a decision asks the server to release what it may have held', () => {
    for (const code of ['unavailable', 'internal'] as const) {
      expect(run(newOutbound(), [{ type: 'authorization_refused', refusal: refusal(code) }]).types).toContain(
        'release_call',
      );
    }
    expect(run(newOutbound(), [{ type: 'authorization_refused', refusal: refusal('no_rate') }]).types).not.toContain(
      'release_call',
    );
  });
});
