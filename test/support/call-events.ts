/** Every state and every event that a call can meet, and random ones. */
import fc from 'fast-check';
import { startMeter } from '../../src/phone/call-clock.ts';
import { dialCall, receiveCall } from '../../src/phone/call-machine.ts';
import type { CallFacts, CallState, UntimedCallEvent } from '../../src/phone/call-state.ts';
import { END_REASONS } from '../../src/protocol/call.ts';
import { micros } from '../../src/protocol/money.ts';
import { PROBLEM_CODES, refusal } from '../../src/protocol/problem.ts';
import { sampleAuthorization, sampleLease, sampleRecord, sampleTariff } from './phone-samples.ts';

export const CALL_ID = 'call-0001';

const birth = {
  callId: CALL_ID,
  number: '600',
  label: '600',
  startedAtMs: 1_000_000,
  bornAtMs: 500,
  credit: { availableMicros: micros(5_000_000), heldMicros: null },
} as const;

export const newOutbound = () => dialCall(birth);
export const newInbound = () => receiveCall(birth);

/** One state of each kind. */
export function everyState(): readonly CallState[] {
  const { phase: _phase, ...facts }: CallState = newInbound().state;
  const terms = { isFree: false, perMinuteMicros: micros(60_000), currency: 'USD', lease: sampleLease() };
  const priced: CallFacts = { ...facts, direction: 'outbound', terms: { ...terms, tariff: sampleTariff(6) } };
  const { tariff, lease } = priced.terms ?? { tariff: null, lease: null };
  const metered: CallFacts = {
    ...priced,
    meter: startMeter({ atMs: 600, startedAtMs: 1_000_100, tariff, lease, credit: facts.credit }),
  };
  const settlements = ['authorizing', 'awaited', 'done'] as const;
  return [
    newOutbound().state,
    { ...newOutbound().state, phase: 'authorizing', authorization: null, isPrepared: true },
    { ...newOutbound().state, phase: 'authorizing', authorization: sampleAuthorization(CALL_ID), isPrepared: false },
    { ...priced, phase: 'dialing' },
    { ...priced, phase: 'ringing' },
    newInbound().state,
    { ...facts, phase: 'answering' },
    { ...metered, phase: 'talking' },
    { ...priced, phase: 'hanging_up' },
    { ...metered, phase: 'hanging_up' },
    ...settlements.map((settlement): CallState => ({ ...priced, phase: 'ended', endReason: 'hung_up', settlement })),
    ...settlements.map(
      (settlement): CallState => ({
        ...priced,
        phase: 'refused',
        cause: { kind: 'refusal', refusal: refusal('no_credit') },
        settlement,
      }),
    ),
  ];
}

/** One event of each kind, the important variants of each included. */
export const EVERY_EVENT: readonly UntimedCallEvent[] = [
  { type: 'hang_up' },
  { type: 'answer' },
  { type: 'set_muted', isMuted: true },
  { type: 'set_held', isHeld: true },
  { type: 'press_key', digit: '5' },
  { type: 'authorized', authorization: sampleAuthorization(CALL_ID) },
  { type: 'authorization_refused', refusal: refusal('no_credit') },
  { type: 'authorization_refused', refusal: refusal('unavailable') },
  { type: 'recorded', record: sampleRecord(CALL_ID, { status: 'answered', answeredAtMs: 1_000_100, elapsedMs: 40 }) },
  { type: 'recorded', record: sampleRecord(CALL_ID, { status: 'settled', endReason: 'credit_exhausted' }) },
  { type: 'recorded', record: sampleRecord(CALL_ID, { status: 'released' }) },
  { type: 'recorded', record: sampleRecord(CALL_ID, { status: 'refused', refusal: refusal('calling_paused') }) },
  { type: 'unrecorded' },
  { type: 'credit_changed', credit: { availableMicros: micros(0), heldMicros: micros(1_000) } },
  { type: 'prepared' },
  { type: 'ringing' },
  { type: 'answered' },
  { type: 'microphone_failed', fault: 'denied' },
  { type: 'media_changed', media: { isMuted: true } },
  { type: 'media_changed', media: { microphoneFault: 'missing' } },
  { type: 'level_measured', quality: 'good', level: 0.5 },
  { type: 'line_ended', reason: 'far_end_hung_up', refusalCode: null },
  { type: 'line_ended', reason: 'refused', refusalCode: 'grant_used' },
  { type: 'line_ended', reason: 'refused', refusalCode: 'a code of a newer edge' },
  { type: 'grant_expired' },
  { type: 'hang_up_overdue' },
  { type: 'tick' },
];

/** Any of the above, and events with other values. */
export const anyCallEvent: fc.Arbitrary<UntimedCallEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EVERY_EVENT) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('line_ended' as const),
      reason: fc.constantFrom(...END_REASONS),
      refusalCode: fc.option(fc.constantFrom(...PROBLEM_CODES), { nil: null }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...PROBLEM_CODES).map((code) => ({
      type: 'authorization_refused' as const,
      refusal: refusal(code),
    })),
  },
);
