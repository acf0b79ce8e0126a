/** What changes while a call lives: it is answered, metered, recorded by the server, muted, held, measured. */
import type { CallRecord } from '../protocol/call.ts';
import { isFree } from '../protocol/price.ts';
import { type CallCredit, type CallMeter, type MeterNews, readMeter, startMeter, tellMeter } from './call-clock.ts';
import { endCall, refuseCall } from './call-ending.ts';
import {
  type CallMedia,
  type CallState,
  type CallStep,
  type CallTerms,
  isFinalRecord,
  isOver,
  step,
} from './call-state.ts';
import { isGraver } from './credit-warning.ts';
import type { MediaQuality } from './ports.ts';

/** How many audio levels the snapshot carries. */
const MAX_LEVELS = 24;

/** The far side answered, or we did. An answer that crosses our hang-up starts the meter too: the line says goodbye, the time counts. */
export function startTalking(state: CallState, atMs: number): CallStep {
  const canBeAnswered = ['dialing', 'ringing', 'answering', 'hanging_up'].includes(state.phase);
  if (isOver(state) || !canBeAnswered || state.meter !== null) return step(state);
  const meter = startMeter({
    atMs,
    startedAtMs: state.record?.answeredAtMs ?? Math.round(state.startedAtMs + atMs - state.bornAtMs),
    tariff: state.terms?.tariff ?? null,
    lease: state.terms?.lease ?? null,
    credit: state.credit,
  });
  if (state.phase === 'hanging_up') return step({ ...state, meter });
  const talking = meterStep({ ...state, phase: 'talking' }, meter);
  return state.direction === 'inbound' && meter.tariff === null
    ? step(talking.state, ...talking.effects, { type: 'ask_record' })
    : talking;
}

export function tick(state: CallState, atMs: number): CallStep {
  if (state.phase !== 'talking' || state.meter === null) return step(state);
  return meterStep(state, readMeter(state.meter, { atMs }));
}

/** What is left in the wallet, and for this call: decides how long the call can last. */
export function changeCredit(
  state: CallState,
  event: { readonly credit: CallCredit; readonly atMs: number },
): CallStep {
  if (isOver(state)) return step(state);
  const known = { ...state, credit: event.credit };
  return state.meter === null
    ? step(known)
    : meterStep(known, tellMeter(state.meter, { credit: event.credit, atMs: event.atMs }));
}

/** The server's record of this call. Records may overtake each other: a final one is never taken back. */
export function learnRecord(state: CallState, event: { readonly record: CallRecord; readonly atMs: number }): CallStep {
  const { record, atMs } = event;
  if (state.record !== null && isFinalRecord(state.record) && !isFinalRecord(record)) return step(state);
  const known = { ...state, record, terms: termsOf(record, state.terms) };
  if (isOver(known)) return settle(known);
  if (isFinalRecord(record) && state.phase !== 'authorizing') return endBySettlement(known, event);
  return state.meter === null ? step(known) : meterStep(known, tellMeter(state.meter, newsOf(record, atMs)));
}

export function changeMedia(state: CallState, change: Partial<CallMedia>): CallStep {
  return isOver(state) ? step(state) : step({ ...state, media: { ...state.media, ...change } });
}

export function measureLevel(
  state: CallState,
  measured: { readonly quality: MediaQuality; readonly level: number },
): CallStep {
  const levels = [...state.media.levels, measured.level].slice(-MAX_LEVELS);
  return changeMedia(state, { quality: measured.quality, levels });
}

/** The server has closed the account of a call that still lives here: its edge cut both legs, and the goodbye was lost. */
function endBySettlement(state: CallState, event: { readonly record: CallRecord; readonly atMs: number }): CallStep {
  const { record, atMs } = event;
  const ended =
    record.refusal !== null && state.meter === null
      ? refuseCall(state, { cause: { kind: 'refusal', refusal: record.refusal }, atMs })
      : endCall(state, { reason: record.endReason ?? 'failed', refusalCode: null, atMs });
  return step(ended.state, ...ended.effects, { type: 'hang_up_line' });
}

function settle(state: CallState): CallStep {
  if (!isOver(state) || state.settlement !== 'awaited') return step(state);
  if (state.record === null || !isFinalRecord(state.record)) return step(state);
  return step({ ...state, settlement: 'done' }, { type: 'write_history' });
}

function meterStep(state: CallState, meter: CallMeter): CallStep {
  const isNewWarning = state.phase === 'talking' && isGraver(meter.warning, state.meter?.warning ?? null);
  return isNewWarning ? step({ ...state, meter }, { type: 'play_warning' }) : step({ ...state, meter });
}

function termsOf(record: CallRecord, before: CallTerms | null): CallTerms {
  const tariff = record.tariff ?? before?.tariff ?? null;
  const isWithoutPrice = record.perMinuteMicros === 0 && record.connectionFeeMicros === 0;
  return {
    isFree: tariff === null ? isWithoutPrice : isFree(tariff),
    perMinuteMicros: record.perMinuteMicros,
    currency: record.currency,
    tariff,
    lease: record.lease ?? before?.lease ?? null,
  };
}

function newsOf(record: CallRecord, atMs: number): MeterNews & { readonly atMs: number } {
  return {
    atMs,
    ...(record.tariff === null ? {} : { tariff: record.tariff }),
    ...(record.lease === null ? {} : { lease: record.lease }),
    ...(record.answeredAtMs === null ? {} : { startedAtMs: record.answeredAtMs }),
    ...(record.elapsedMs === null ? {} : { elapsedMs: record.elapsedMs }),
  };
}
