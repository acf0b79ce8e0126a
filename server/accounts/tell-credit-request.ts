/** A request for credit as widgets read it, and the word to its asker and the admins of the office. */
import { CREDIT_REQUEST_STATES, type CreditRequest } from '../../src/protocol/account.ts';
import { micros } from '../../src/protocol/money.ts';
import type { EventPublisher } from '../services.ts';
import type { CreditRequestRow } from '../storage/rows.ts';

/** Call it when the row is committed. */
export function tellCreditRequest(publisher: EventPublisher, row: CreditRequestRow): void {
  const audience = { accountId: row.accountId, officeId: row.officeId, personId: row.personId };
  publisher.publish(audience, { type: 'credit_request', request: creditRequestOf(row) });
}

export function creditRequestOf(row: CreditRequestRow): CreditRequest {
  const state = CREDIT_REQUEST_STATES.find((known) => known === row.state);
  if (state === undefined) throw new Error(`The store holds a credit request in state "${row.state}"`);
  return {
    requestId: row.requestId,
    officeId: row.officeId,
    agentId: row.personId,
    agentName: row.personName,
    reason: row.reason,
    askedAtMs: row.askedAtMs,
    state,
    answeredByName: row.answeredByName,
    words: row.words,
    addedMicros: row.addedMicros === null ? null : micros(row.addedMicros),
  };
}
