/** A call as the elements see it, and as the history keeps it. */
import type { EndReason } from '../protocol/call.ts';
import { type Micros, ZERO_MICROS } from '../protocol/money.ts';
import { chargeOf } from './call-charge.ts';
import { type CallMeter, talkSeconds } from './call-clock.ts';
import { type CallState, isFinalRecord, isOver, isSettled } from './call-state.ts';
import type { CallSnapshot } from './phone-snapshot.ts';
import type { HistoryEntry, MicrophoneFault } from './ports.ts';

export function callSnapshot(state: CallState, context: { readonly currency: string }): CallSnapshot {
  const { callId, phase, direction, number, label, terms, meter, media } = state;
  return Object.freeze({
    callId,
    phase,
    direction,
    number,
    label,
    isFree: terms?.isFree ?? false,
    perMinuteMicros: terms?.perMinuteMicros ?? ZERO_MICROS,
    currency: terms?.currency ?? context.currency,
    talkSeconds: durationSeconds(state),
    costMicros: settledCost(state) ?? meter?.costMicros ?? ZERO_MICROS,
    isCostSettled: settledCost(state) !== null,
    ...(isOver(state) || meter === null ? UNLIMITED : timeLeft(meter)),
    ...media,
    endReason: endReason(state),
    refusal: state.phase === 'refused' && state.cause.kind === 'refusal' ? state.cause.refusal : null,
    microphoneFault: microphoneFault(state),
  });
}

function microphoneFault(state: CallState): MicrophoneFault | null {
  if (isOver(state)) return state.phase === 'refused' && state.cause.kind === 'microphone' ? state.cause.fault : null;
  return state.media.microphoneFault;
}

const UNLIMITED = { secondsLeft: null, warning: null, wasExtended: false } as const;

function timeLeft({ secondsLeft, warning, wasExtended }: CallMeter): Pick<CallSnapshot, keyof typeof UNLIMITED> {
  return { secondsLeft, warning, wasExtended };
}

export function historyEntry(
  state: CallState,
  person: { readonly personId: string; readonly currency: string },
): HistoryEntry {
  return {
    callId: state.callId,
    personId: person.personId,
    direction: state.direction,
    number: state.number,
    destination: state.label,
    startedAtMs: state.startedAtMs,
    durationSeconds: durationSeconds(state),
    costMicros: settledCost(state),
    currency: state.terms?.currency ?? person.currency,
    endReason: endReason(state),
    isSettled: isSettled(state),
    ...(isSettled(state) && state.record !== null ? chargeOf(state.record) : {}),
  };
}

function durationSeconds(state: CallState): number {
  if (state.record !== null && isFinalRecord(state.record)) return state.record.durationSeconds;
  return state.meter === null ? 0 : talkSeconds(state.meter);
}

/** Null until the server has said what the call cost, or has never held anything for it. */
function settledCost(state: CallState): Micros | null {
  if (!isSettled(state)) return null;
  return state.record?.costMicros ?? ZERO_MICROS;
}

/** Ends that only the server knows the reason of: to the line they look as if the far side had hung up. */
const SERVER_REASONS: readonly (EndReason | null | undefined)[] = ['credit_exhausted', 'lease_expired', 'paused'];

function endReason(state: CallState): EndReason | null {
  if (state.phase === 'refused') return 'refused';
  if (state.phase !== 'ended') return null;
  const told = state.record?.endReason;
  return told && SERVER_REASONS.includes(told) ? told : state.endReason;
}
