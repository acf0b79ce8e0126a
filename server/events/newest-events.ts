/**
 * Keeps what is older from being told after what is newer: what happened at several servers comes in any order, and a widget shows what it
 * hears last. Only of what goes one way: a call from its authorization to its end, a request from the question to the answer.
 */
import type { CreditRequest } from '../../src/protocol/account.ts';
import type { CallRecord } from '../../src/protocol/call.ts';
import type { Audience, OfficeEvent } from '../services.ts';

/** The latest so many things are remembered for sure, and twice as many at most; what is forgotten is told once more at worst. */
const REMEMBERED = 10_000;

export class NewestEvents {
  #young = new Map<string, number>();
  /** Forgotten together: to take the oldest out of a map one by one is to look through all that was taken out before. */
  #old = new Map<string, number>();

  /** False when something newer of the same thing was told already. */
  isNewest({ accountId }: Pick<Audience, 'accountId'>, event: OfficeEvent): boolean {
    const progress = progressOf(event);
    if (progress === null) return true;
    // The length keeps an account and an id apart; a type has no space.
    const key = `${event.type} ${accountId.length} ${accountId}${progress.id}`;
    const known = this.#young.get(key) ?? this.#old.get(key) ?? -1;
    if (progress.step < known || (progress.isTold && progress.step === known)) return false;
    this.#remember(key, progress.step);
    return true;
  }

  #remember(key: string, step: number): void {
    this.#young.set(key, step);
    if (this.#young.size < REMEMBERED) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

interface Progress {
  readonly id: string;
  readonly step: number;
  /** Said once and no more: a repeat is no news. */
  readonly isTold: boolean;
}

/** Null for what carries a version of its own (balance) or has none (payment, number, resync). */
function progressOf(event: OfficeEvent): Progress | null {
  switch (event.type) {
    case 'call':
      return { id: event.call.callId, step: stepOfCall(event.call), isTold: false };
    case 'missed_call':
      return { id: event.call.callId, step: 0, isTold: true };
    case 'credit_request':
      return { id: event.request.requestId, step: stepOfRequest(event.request), isTold: false };
    default:
      return null;
  }
}

const OVER = Number.MAX_SAFE_INTEGER;

/** Each renewal of an answered call is a step. */
function stepOfCall({ status, lease }: CallRecord): number {
  switch (status) {
    case 'authorized':
      return 0;
    case 'ringing':
      return 1;
    case 'answered':
      return 2 + (lease?.renewalIndex ?? 0);
    default:
      return OVER;
  }
}

/** An answer can be changed by another one. */
function stepOfRequest({ state }: CreditRequest): number {
  return state === 'asked' ? 0 : state === 'seen' ? 1 : 2;
}
