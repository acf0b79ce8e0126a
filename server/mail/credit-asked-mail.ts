/**
 * The mail about an agent who asks for credit. The banner shows every question; by mail an office hears of one, and of the next one only
 * when that was answered or hours have gone by, and never twice within the cool-down, however many agents ask at once.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { CreditRequestRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { mailFactsSchema } from './mail-facts.ts';
import { mailWrite } from './outbox.ts';

const MINUTE_MS = 60 * MILLISECONDS_PER_SECOND;
const COOL_DOWN_MS = 30 * MINUTE_MS;
/** REQUIREMENTS 2.3 no. 8: empty is told again after six hours at the earliest. */
const LATCH_MS = 6 * 60 * MINUTE_MS;
/** Numbers are compared as text. */
const NUMBER_DIGITS = 9;

/** Empty when the office was told enough. Two at the same moment have the same number: one of them is a conflict and is decided again. */
export async function creditAskedMail(
  store: Pick<Store, 'db'>,
  request: CreditRequestRow,
): Promise<readonly RowWrite[]> {
  const { accountId, officeId, requestId, personName, reason, askedAtMs: atMs } = request;
  const last = await lastMail(store, request);
  if (last && (await isEnough(store, { last, nowMs: atMs }))) return [];
  const count = last === null ? 0 : Number(last.mailId.split(':').at(-1));
  const facts = { kind: 'credit_asked', requestId, personName, reason } as const;
  return [
    mailWrite({
      accountId,
      officeId,
      subject: `${officeId}:${String(count + 1).padStart(NUMBER_DIGITS, '0')}`,
      facts,
      atMs,
    }),
  ];
}

interface LastMail {
  readonly accountId: string;
  readonly mailId: string;
  readonly facts: string;
  readonly createdAtMs: number;
}

async function lastMail(store: Pick<Store, 'db'>, request: CreditRequestRow): Promise<LastMail | null> {
  const mail = await store.db
    .selectFrom('mail')
    .select(['accountId', 'mailId', 'facts', 'createdAtMs'])
    .where('accountId', '=', request.accountId)
    .where('officeId', '=', request.officeId)
    .where('kind', '=', 'credit_asked')
    // The parts for single readers have ids of their own.
    .where('reader', 'is', null)
    // By its number, which no clock can turn back.
    .orderBy('mailId', 'desc')
    .limit(1)
    .executeTakeFirst();
  return mail ?? null;
}

async function isEnough(
  store: Pick<Store, 'db'>,
  { last, nowMs }: { readonly last: LastMail; readonly nowMs: number },
): Promise<boolean> {
  const ageMs = nowMs - last.createdAtMs;
  if (ageMs < COOL_DOWN_MS) return true;
  if (ageMs >= LATCH_MS) return false;
  const facts = mailFactsSchema.parse(JSON.parse(last.facts));
  if (facts.kind !== 'credit_asked') return false;
  const request = await store.db
    .selectFrom('credit_request')
    .select('state')
    .where('accountId', '=', last.accountId)
    .where('requestId', '=', facts.requestId)
    .executeTakeFirst();
  return request?.state === 'asked' || request?.state === 'seen';
}
