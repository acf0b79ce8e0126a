/**
 * What an agent may see of the office's credit (policy.showBalanceToAgents). The shape stays the same, so that one schema serves all:
 * hidden amounts are 0 and hidden lists are empty. What a call costs is never hidden, nor that credit is short.
 *
 *   money  everything
 *   time   no amounts, but how long the credit lasts
 *   none   the level only
 */
import type { Balance } from '../../src/protocol/account.ts';
import type { Quote } from '../../src/protocol/call.ts';
import { ZERO_MICROS } from '../../src/protocol/money.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import type { Refusal } from '../../src/protocol/problem.ts';
import type { ServerPolicy } from '../policy/policy.ts';
import type { Identity, OfficeEvent } from '../services.ts';

export type ShowBalance = ServerPolicy['showBalanceToAgents'];

export function showBalanceTo(identity: Pick<Identity, 'role'>, policy: ServerPolicy): ShowBalance {
  return identity.role === 'agent' ? policy.showBalanceToAgents : 'money';
}

export function visibleBalance(balance: Balance, show: ShowBalance): Balance {
  if (show === 'money') return balance;
  return {
    ...balance,
    balanceMicros: ZERO_MICROS,
    heldMicros: ZERO_MICROS,
    availableMicros: ZERO_MICROS,
    heldBy: [],
    talkSeconds: show === 'time' ? balance.talkSeconds : null,
  };
}

export function visibleQuote(quote: Quote, show: ShowBalance): Quote {
  if (show === 'money') return quote;
  return {
    ...quote,
    availableMicros: ZERO_MICROS,
    talkSeconds: show === 'time' ? quote.talkSeconds : null,
    refusal: quote.refusal && visibleRefusal(quote.refusal, show),
  };
}

export function visibleRefusal(refusal: Refusal, show: ShowBalance): Refusal {
  if (show === 'money') return refusal;
  const { availableMicros: _hidden, ...visible } = refusal;
  return visible;
}

/** What a purchase would leave is what there is. */
export function visibleNumber(number: ShopNumber, show: ShowBalance): ShopNumber {
  if (show === 'money') return number;
  return { ...number, refusal: number.refusal && visibleRefusal(number.refusal, show), thin: null };
}

export function visibleEvent(event: OfficeEvent, show: ShowBalance): OfficeEvent {
  if (show === 'money') return event;
  switch (event.type) {
    case 'balance':
      return { ...event, balance: visibleBalance(event.balance, show) };
    case 'call':
    case 'missed_call':
      return event.call.refusal === null
        ? event
        : { ...event, call: { ...event.call, refusal: visibleRefusal(event.call.refusal, show) } };
    case 'number':
      return { ...event, number: visibleNumber(event.number, show) };
    case 'credit_request':
    case 'own_numbers':
    // Reaches those only who see everything.
    case 'payment':
    case 'alert':
    case 'resync':
      return event;
  }
}
