/**
 * The server behind the Gate port. Requests that carry an id of ours are repeated when their answer is lost: the server does the same
 * thing once, however often it is asked.
 */
import type { Gate } from '../phone/ports.ts';
import type { ReconnectPolicy } from '../phone/reconnect-policy.ts';
import type { Outcome } from '../protocol/problem.ts';
import type { RouteName } from '../protocol/routes.ts';
import { EventStream } from './event-stream.ts';
import { isUndecided, isUnidentified } from './gate-error.ts';
import { askGate, type GateInput, type GateRequestOptions } from './gate-request.ts';
import { repeatedly, WHILE_SOMEBODY_WAITS } from './repeatedly.ts';

export interface GateClientOptions extends GateRequestOptions {
  /** In [0, 1), for the jitter of repeats. */
  readonly random: () => number;
}

/** The event stream has just failed to reach the server: who dials is told within a moment. */
const WHILE_UNREACHABLE_MS = 1_000;
/** A hold must not be forgotten. After so long the server has freed it by itself. */
const UNTIL_ANSWERED: ReconnectPolicy = { firstDelayMs: 500, maxDelayMs: 30_000, giveUpAfterMs: 60 * 60_000 };

export function createGateClient(options: GateClientOptions): Gate {
  const streams = new Set<EventStream>();
  const ask = async <Name extends RouteName>(name: Name, input: GateInput = {}) => {
    const outcome = await askGate(name, { ...input, options });
    // Who hears of a changed balance by the way should not have to wait for the stream that brings it.
    if (isAnswer(outcome)) for (const stream of streams) stream.retryNow();
    return outcome;
  };
  const repeat = <Name extends RouteName>(name: Name, input: GateInput) =>
    repeatedly(() => ask(name, input), { options, policy: WHILE_SOMEBODY_WAITS, isOpen: isUndecided });
  return {
    me: () => ask('me'),
    mintLineCredentials: () => ask('mintLineCredentials'),
    balance: () => ask('balance'),
    quote: ({ to, signal }) => ask('quote', { query: { to }, ...(signal ? { signal } : {}) }),
    authorizeCall(callId, body) {
      const request = { params: { callId }, body };
      if (![...streams].some(({ isUnreachable }) => isUnreachable)) return repeat('authorizeCall', request);
      for (const stream of streams) stream.retryNow();
      return ask('authorizeCall', { ...request, patienceMs: WHILE_UNREACHABLE_MS });
    },
    releaseCall: (callId) =>
      repeatedly(() => ask('releaseCall', { params: { callId }, isKeptAlive: true }), {
        options,
        policy: UNTIL_ANSWERED,
        isOpen: (reason) => isUndecided(reason) || isUnidentified(reason),
      }),
    call: (callId) => ask('call', { params: { callId } }),
    searchNumbers: (query) => ask('searchNumbers', { query }),
    buyNumber: (number, body) => repeat('buyNumber', { params: { number }, body }),
    askForCredit: (body) => repeat('askForCredit', { body }),
    creditRequests: () => ask('creditRequests'),
    answerCreditRequest: (requestId, body) => repeat('answerCreditRequest', { params: { requestId }, body }),
    addPlayCredit: (body) => repeat('addPlayCredit', { body }),
    setPause: (body) => repeat('setPause', { body }),
    subscribe(listener) {
      const stream = new EventStream(options, listener);
      streams.add(stream);
      stream.open();
      return () => {
        streams.delete(stream);
        stream.close();
      };
    },
  };
}

/** The server has decided something, so it can be reached. */
function isAnswer(outcome: Outcome<unknown>): boolean {
  return outcome.ok || !isUndecided(outcome.refusal);
}
