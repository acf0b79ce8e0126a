/**
 * The machine of call-state.ts: transition(state, event) -> { state, effects }. Pure. An event that is impossible in a phase changes
 * nothing, because line, gate and person are not in step with each other.
 *
 *   call-machine ── how a call begins, and who handles which event
 *     ├─ call-ending ── ended, refused, and what becomes of the money
 *     └─ call-progress ── what changes while a call lives: meter, record, media
 *
 * No INVITE leaves without a grant (DESIGN.md section 6): `invite` below is the only place where that effect is made.
 *
 * No event here ends a call because its lease does: the edge does, with a BYE that says why. This meter begins when the answer has
 * travelled, so at its end the edge's BYE is on its way already, and a goodbye of ours could only do harm: credit that arrived in the last
 * second lengthens the lease at the edge before this browser hears of it, and would be met by a call that we had hung up.
 */
import type { CallAuthorization } from '../protocol/call.ts';
import { MILLISECONDS_PER_SECOND } from '../protocol/duration.ts';
import { refusal } from '../protocol/problem.ts';
import { assertNever } from './assert-never.ts';
import type { CallCredit } from './call-clock.ts';
import { endCall, hangUpOverdue, learnRefusal, refuseCall, releaseLateGrant, settleUnknown } from './call-ending.ts';
import { changeCredit, changeMedia, learnRecord, measureLevel, startTalking, tick } from './call-progress.ts';
import {
  type CallEffect,
  type CallEvent,
  type CallFacts,
  type CallState,
  type CallStep,
  isOver,
  SILENT_MEDIA,
  step,
} from './call-state.ts';
import type { MicrophoneFault } from './ports.ts';

/** The line answers a hang-up at once; when it is silent for so long, the call is over all the same. */
const HANG_UP_PATIENCE_MS = 5_000;

type Birth = Pick<CallFacts, 'callId' | 'number' | 'label' | 'startedAtMs' | 'bornAtMs'> & {
  readonly credit: CallCredit | null;
};

/** A call of ours begins: the history is written before the first request, microphone and gate work at the same time. */
export function dialCall(birth: Birth): CallStep {
  return step(
    { ...newFacts(birth), direction: 'outbound', phase: 'authorizing', authorization: null, isPrepared: false },
    { type: 'write_history' },
    { type: 'prepare' },
    { type: 'authorize', to: birth.number },
  );
}

/** Somebody calls us. */
export function receiveCall(birth: Birth): CallStep {
  return step(
    { ...newFacts(birth), direction: 'inbound', phase: 'incoming' },
    { type: 'write_history' },
    { type: 'ask_record' },
  );
}

function newFacts(birth: Birth): Omit<CallFacts, 'direction'> {
  return { ...birth, terms: null, record: null, meter: null, media: SILENT_MEDIA };
}

export function transition(state: CallState, event: CallEvent): CallStep {
  switch (event.type) {
    case 'hang_up':
      return hangUp(state, event.atMs);
    case 'answer':
      return state.phase === 'incoming' ? step({ ...state, phase: 'answering' }, { type: 'answer_line' }) : step(state);
    case 'set_muted':
      return whileTalking(state, { type: 'set_muted', isMuted: event.isMuted });
    case 'set_held':
      return whileTalking(state, { type: 'set_held', isHeld: event.isHeld });
    case 'press_key':
      return whileTalking(state, { type: 'send_digits', digits: event.digit });
    case 'authorized':
      return authorized(state, event.authorization);
    case 'authorization_refused':
      return learnRefusal(state, event);
    case 'recorded':
      return learnRecord(state, event);
    case 'unrecorded':
      return settleUnknown(state);
    case 'credit_changed':
      return changeCredit(state, event);
    case 'prepared':
      return prepared(state);
    case 'microphone_failed':
      return microphoneFailed(state, event);
    case 'ringing':
      return state.phase === 'dialing' ? step({ ...state, phase: 'ringing' }) : step(state);
    case 'answered':
      return startTalking(state, event.atMs);
    case 'media_changed':
      return changeMedia(state, event.media);
    case 'level_measured':
      return measureLevel(state, event);
    case 'line_ended':
      return endCall(state, event);
    case 'grant_expired':
      return grantExpired(state, event.atMs);
    case 'hang_up_overdue':
      return hangUpOverdue(state, event.atMs);
    case 'tick':
      return tick(state, event.atMs);
    default:
      return assertNever(event);
  }
}

function hangUp(state: CallState, atMs: number): CallStep {
  switch (state.phase) {
    case 'authorizing':
      return endCall(state, { reason: 'cancelled', refusalCode: null, atMs });
    case 'incoming':
      return step({ ...state, phase: 'hanging_up' }, { type: 'decline_line' }, patience);
    case 'dialing':
    case 'ringing':
    case 'answering':
    case 'talking':
      return step({ ...state, phase: 'hanging_up' }, { type: 'hang_up_line' }, patience);
    case 'hanging_up':
    case 'ended':
    case 'refused':
      return step(state);
    default:
      return assertNever(state);
  }
}

const patience: CallEffect = { type: 'wake_after', delayMs: HANG_UP_PATIENCE_MS, event: 'hang_up_overdue' };

function whileTalking(state: CallState, wish: CallEffect): CallStep {
  return state.phase === 'talking' ? step(state, wish) : step(state);
}

function authorized(state: CallState, authorization: CallAuthorization): CallStep {
  if (isOver(state)) return releaseLateGrant(state);
  if (state.phase !== 'authorizing' || state.authorization !== null) return step(state);
  const { quote, lease } = authorization;
  const { isFree, perMinuteMicros, currency, tariff } = quote;
  const known: Authorizing = {
    ...state,
    number: quote.number,
    label: quote.destination,
    terms: { isFree, perMinuteMicros, currency, tariff, lease },
    authorization,
  };
  if (known.isPrepared) return invite(known, authorization);
  const delayMs = authorization.grantExpiresInSeconds * MILLISECONDS_PER_SECOND;
  return step(known, { type: 'wake_after', delayMs, event: 'grant_expired' });
}

type Authorizing = Extract<CallState, { phase: 'authorizing' }>;

function prepared(state: CallState): CallStep {
  if (state.phase !== 'authorizing') return step(state);
  return state.authorization === null
    ? step({ ...state, isPrepared: true })
    : invite({ ...state, isPrepared: true }, state.authorization);
}

function invite(state: Authorizing, authorization: CallAuthorization): CallStep {
  const { authorization: _grant, isPrepared: _isPrepared, ...facts } = state;
  return step(
    { ...facts, phase: 'dialing' },
    { type: 'invite', number: authorization.quote.number, grant: authorization.grant },
  );
}

/** The person looked at the microphone question for longer than the grant lives. */
function grantExpired(state: CallState, atMs: number): CallStep {
  if (state.phase !== 'authorizing' || state.authorization === null) return step(state);
  return refuseCall(state, { cause: { kind: 'refusal', refusal: refusal('grant_expired') }, atMs });
}

function microphoneFailed(
  state: CallState,
  event: { readonly fault: MicrophoneFault; readonly atMs: number },
): CallStep {
  if (state.phase !== 'authorizing' && state.phase !== 'answering') return step(state);
  return refuseCall(state, { cause: { kind: 'microphone', fault: event.fault }, atMs: event.atMs });
}
