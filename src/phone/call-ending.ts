/**
 * How a call ends, and what becomes of the money. The rule: a hold is never forgotten.
 *
 *   authorization not answered yet ──► wait for the answer; a grant that comes late is given back (settlement: authorizing)
 *   granted, never answered ─────────► release_call                                              (settlement: awaited)
 *   answered, or inbound ────────────► ask_record: what did it cost?                             (settlement: awaited)
 *   refused outright ────────────────► nothing was held                                          (settlement: done)
 */
import type { EndReason } from '../protocol/call.ts';
import { PROBLEM_CODES, type ProblemCode, type Refusal, refusal } from '../protocol/problem.ts';
import { readMeter } from './call-clock.ts';
import {
  type CallEffect,
  type CallFacts,
  type CallState,
  type CallStep,
  isFinalRecord,
  isOver,
  type RefusalCause,
  type Settlement,
  step,
} from './call-state.ts';

/** The line reports the end, or the end is decided here before anything was on the wire. */
export function endCall(
  state: CallState,
  end: { readonly reason: EndReason; readonly refusalCode: string | null; readonly atMs: number },
): CallStep {
  if (isOver(state)) return step(state);
  const isTurnedAway = end.refusalCode !== null && (state.phase === 'dialing' || state.phase === 'ringing');
  if (isTurnedAway) {
    const cause: RefusalCause = { kind: 'refusal', refusal: refusal(problemCode(end.refusalCode)) };
    return refuseCall(state, { cause, atMs: end.atMs });
  }
  const settlement = settlementOf(state);
  return step(
    { ...factsOf(state, end.atMs), phase: 'ended', endReason: end.reason, settlement },
    ...effectsOfEnd(state, settlement),
  );
}

/** The gate, the edge or the microphone said no. */
export function refuseCall(
  state: CallState,
  no: { readonly cause: RefusalCause; readonly atMs: number; readonly settlement?: Settlement },
): CallStep {
  if (isOver(state)) return step(state);
  const settlement = no.settlement ?? settlementOf(state);
  return step(
    { ...factsOf(state, no.atMs), phase: 'refused', cause: no.cause, settlement },
    ...effectsOfEnd(state, settlement),
  );
}

/** The gate's "no" to the authorization, in time or after the person has already hung up. */
export function learnRefusal(state: CallState, event: { readonly refusal: Refusal; readonly atMs: number }): CallStep {
  const settlement = isUncertain(event.refusal) ? 'awaited' : 'done';
  if (state.phase === 'authorizing' && state.authorization === null) {
    return refuseCall(state, { cause: { kind: 'refusal', refusal: event.refusal }, atMs: event.atMs, settlement });
  }
  if (!isOver(state) || state.settlement !== 'authorizing') return step(state);
  const settled = { ...state, settlement } as const;
  return settlement === 'awaited' ? step(settled, { type: 'release_call' }) : step(settled, { type: 'write_history' });
}

/** The grant came after the person had hung up, or after the microphone had failed: the hold goes back. */
export function releaseLateGrant(state: CallState): CallStep {
  if (!isOver(state) || state.settlement !== 'authorizing') return step(state);
  return step({ ...state, settlement: 'awaited' }, { type: 'release_call' });
}

/** The server knows no such call. */
export function settleUnknown(state: CallState): CallStep {
  if (!isOver(state) || state.settlement !== 'awaited') return step(state);
  return step({ ...state, settlement: 'done' }, { type: 'write_history' });
}

/** The line was asked to hang up and stays silent. */
export function hangUpOverdue(state: CallState, atMs: number): CallStep {
  if (state.phase !== 'hanging_up') return step(state);
  const reason = state.meter === null ? 'cancelled' : 'hung_up';
  return endCall(state, { reason, refusalCode: null, atMs });
}

/** Without a clear answer the server may have made the hold: it is asked to release what it has. */
function isUncertain(reason: Refusal): boolean {
  return reason.code === 'unavailable' || reason.code === 'internal';
}

/** A code of a newer edge that this widget does not know yet is still a "no". */
function problemCode(text: string | null): ProblemCode {
  return PROBLEM_CODES.find((code) => code === text) ?? 'internal';
}

function settlementOf(state: CallState): Settlement {
  if (state.record !== null && isFinalRecord(state.record)) return 'done';
  return isUnanswered(state) ? 'authorizing' : 'awaited';
}

function isUnanswered(state: CallState): boolean {
  return state.phase === 'authorizing' && state.authorization === null;
}

function effectsOfEnd(state: CallState, settlement: Settlement): readonly CallEffect[] {
  const line: readonly CallEffect[] = isLineBusy(state) ? [{ type: 'hang_up_line' }] : [];
  return [...line, { type: 'write_history' }, ...moneyEffects(state, settlement)];
}

/** Whatever the line still has for this call (microphone, ICE, a dialog) is given up; hanging up twice does no harm. */
function isLineBusy(state: CallState): boolean {
  return state.phase === 'authorizing' || state.phase === 'answering';
}

function moneyEffects(state: CallState, settlement: Settlement): readonly CallEffect[] {
  if (settlement !== 'awaited') return [];
  const wasNeverAnswered = state.direction === 'outbound' && state.meter === null;
  return wasNeverAnswered ? [{ type: 'release_call' }] : [{ type: 'ask_record' }];
}

/** What outlives the phase, with the meter standing. */
function factsOf(state: CallState, atMs: number): CallFacts {
  const { callId, direction, number, label, startedAtMs, bornAtMs, terms, record, credit, media } = state;
  const meter = state.meter === null ? null : readMeter(state.meter, { atMs });
  return { callId, direction, number, label, startedAtMs, bornAtMs, terms, record, credit, media, meter };
}
