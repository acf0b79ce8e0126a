/** "Ask for credit": the agent asks, every admin widget of the office shows it, the answer comes back. Moves no money. */
import type { CreditRequest } from '../../src/protocol/account.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Micros } from '../../src/protocol/money.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import { creditAskedMail } from '../mail/credit-asked-mail.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, Identity, ServerClock } from '../services.ts';
import type { CreditRequestRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { OfficeDirectory } from './office-directory.ts';
import { creditRequestOf, tellCreditRequest } from './tell-credit-request.ts';

export interface CreditRequestRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly publisher: EventPublisher;
  readonly offices: Pick<OfficeDirectory, 'find'>;
}

/** Open and recent requests on one page. */
const MAX_LISTED = 50;

/** Asked again too soon, the first request stands and the refusal says how long to wait ("You already asked 3 minutes ago"). */
export async function askForCredit(
  room: CreditRequestRoom,
  ask: { readonly identity: Identity; readonly requestId: string; readonly reason: string },
): Promise<Outcome<CreditRequest>> {
  const { identity, requestId } = ask;
  const known = await readRequest(room.store, { accountId: identity.accountId, requestId });
  if (known)
    return known.personId === identity.personId ? granted(creditRequestOf(known)) : refused(refusal('id_reused'));
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const last = await lastRequest(room.store, identity);
  const { coolDownSeconds } = room.policy.of(office.account).askForCredit;
  const retryInSeconds = secondsToWait(last, { coolDownSeconds, nowMs: room.clock.nowMs() });
  if (retryInSeconds > 0) return refused(refusal('already_asked', { retryInSeconds }));
  const row: CreditRequestRow = {
    accountId: identity.accountId,
    requestId,
    askNumber: (last?.askNumber ?? 0) + 1,
    officeId: identity.officeId,
    personId: identity.personId,
    personName: identity.name,
    reason: ask.reason,
    askedAtMs: room.clock.nowMs(),
    state: 'asked',
    answeredByName: null,
    words: null,
    addedMicros: null,
  };
  const writes = [
    { table: 'credit_request', mode: 'insert', row } as const,
    ...(await creditAskedMail(room.store, row)),
  ];
  const { applied } = await room.store.writeRows(writes);
  // Asked twice at the same moment, here or at another server: one question is the next, the other one is decided again.
  if (!applied) return await askForCredit(room, ask);
  tellCreditRequest(room.publisher, row);
  return granted(creditRequestOf(row));
}

async function lastRequest(store: Store, identity: Identity): Promise<CreditRequestRow | null> {
  const last = await store.db
    .selectFrom('credit_request')
    .selectAll()
    .where('accountId', '=', identity.accountId)
    .where('officeId', '=', identity.officeId)
    .where('personId', '=', identity.personId)
    .orderBy('askNumber', 'desc')
    .executeTakeFirst();
  return last ?? null;
}

/** A request that was granted or declined is answered; only an open one makes its asker wait. */
function secondsToWait(
  last: CreditRequestRow | null,
  { coolDownSeconds, nowMs }: { readonly coolDownSeconds: number; readonly nowMs: number },
): number {
  if (last === null || !['asked', 'seen'].includes(last.state)) return 0;
  const mayAskAtMs = last.askedAtMs + coolDownSeconds * MILLISECONDS_PER_SECOND;
  return Math.max(0, Math.ceil((mayAskAtMs - nowMs) / MILLISECONDS_PER_SECOND));
}

/** An agent sees its own, billing those of the office, company those of every office. */
export async function listCreditRequests(
  room: CreditRequestRoom,
  identity: Identity,
): Promise<Outcome<{ requests: CreditRequest[] }>> {
  let query = room.store.db.selectFrom('credit_request').selectAll().where('accountId', '=', identity.accountId);
  if (identity.role !== 'company') query = query.where('officeId', '=', identity.officeId);
  if (identity.role === 'agent') query = query.where('personId', '=', identity.personId);
  const rows = await query.orderBy('askedAtMs', 'desc').orderBy('requestId').limit(MAX_LISTED).execute();
  return granted({ requests: rows.map(creditRequestOf) });
}

export interface CreditAnswer {
  readonly identity: Identity;
  readonly requestId: string;
  readonly state: 'seen' | 'granted' | 'declined';
  readonly words: string | null;
  readonly addedMicros: Micros | null;
}

/** The last word counts, but "seen" takes back no answer, and nothing takes back credit that was added. */
export async function answerCreditRequest(
  room: CreditRequestRoom,
  answer: CreditAnswer,
): Promise<Outcome<CreditRequest>> {
  const { identity, requestId, state } = answer;
  const row = await readRequest(room.store, { accountId: identity.accountId, requestId });
  const isTheirs = row?.officeId === identity.officeId || identity.role === 'company';
  if (!row || !isTheirs) return refused(refusal('request_unknown'));
  const isTooLate = state === 'seen' ? row.state !== 'asked' : row.state === 'granted';
  if (isTooLate) return granted(creditRequestOf(row));
  const answered: CreditRequestRow = {
    ...row,
    state,
    answeredByName: identity.name,
    words: answer.words,
    addedMicros: answer.addedMicros,
  };
  await room.store.writeRows([{ table: 'credit_request', mode: 'upsert', row: answered }]);
  tellCreditRequest(room.publisher, answered);
  return granted(creditRequestOf(answered));
}

async function readRequest(
  store: Store,
  address: { readonly accountId: string; readonly requestId: string },
): Promise<CreditRequestRow | null> {
  const row = await store.db
    .selectFrom('credit_request')
    .selectAll()
    .where('accountId', '=', address.accountId)
    .where('requestId', '=', address.requestId)
    .executeTakeFirst();
  return row ?? null;
}
