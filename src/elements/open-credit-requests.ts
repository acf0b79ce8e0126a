import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { CreditRequest } from '../protocol/account.ts';

/** Requests of others that nobody has answered yet, oldest first: who waits longest is shown first. */
export function openCreditRequests(snapshot: PhoneSnapshot): readonly CreditRequest[] {
  return snapshot.creditRequests
    .filter((request) => request.state === 'asked' || request.state === 'seen')
    .filter((request) => request.agentId !== snapshot.me?.personId)
    .sort((a, b) => a.askedAtMs - b.askedAtMs);
}
