/**
 * Credit that an admin adds is the answer to everybody of the office who has asked for it, whichever button it was added by: a request
 * names no amount, and agents share the wallet. What auto-recharge or an operator adds answers nobody: no admin has decided it.
 *
 *   read what is open ──► the answers go along with the credit, in its own commit ──► its asker and the admins are told
 *
 * Two admins at once: both add, and the later answer stays; either is true. What is asked between the reading and the commit stays open.
 */
import type { Micros } from '../../src/protocol/money.ts';
import type { EventPublisher } from '../services.ts';
import type { CreditRequestRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { tellCreditRequest } from './tell-credit-request.ts';
import type { WalletAddress } from './wallet.ts';

/** Rows that may go along with one credit; what is beyond was asked long before, and waits for the next credit. */
const MAX_ANSWERED = 200;

export interface CreditByAdmin {
  readonly wallet: WalletAddress;
  readonly adminName: string;
  readonly addedMicros: Micros;
}

export interface CreditAnswers {
  /** To be written alongside the credit: no answer without it, and none is forgotten when a server dies. */
  readonly writes: readonly {
    readonly table: 'credit_request';
    readonly mode: 'upsert';
    readonly row: CreditRequestRow;
  }[];
  /** Once that credit is committed, and only by whoever has committed it. */
  tell(publisher: EventPublisher): void;
}

export const NO_ANSWERS: CreditAnswers = { writes: [], tell: () => undefined };

export async function answersWithCredit(store: Store, credit: CreditByAdmin): Promise<CreditAnswers> {
  const answered = (await openRequests(store, credit.wallet)).map((row) => ({
    ...row,
    state: 'granted',
    answeredByName: credit.adminName,
    words: null,
    addedMicros: credit.addedMicros,
  }));
  return {
    writes: answered.map((row) => ({ table: 'credit_request', mode: 'upsert', row })),
    tell: (publisher) => {
      for (const row of answered) tellCreditRequest(publisher, row);
    },
  };
}

async function openRequests(store: Store, { accountId, walletId }: WalletAddress): Promise<CreditRequestRow[]> {
  return await store.db
    .selectFrom('credit_request')
    .innerJoin('office', (join) =>
      join
        .onRef('office.accountId', '=', 'credit_request.accountId')
        .onRef('office.officeId', '=', 'credit_request.officeId'),
    )
    .selectAll('credit_request')
    .where('credit_request.accountId', '=', accountId)
    .where('office.walletId', '=', walletId)
    .where('credit_request.state', 'in', ['asked', 'seen'])
    .orderBy('credit_request.askedAtMs', 'desc')
    .limit(MAX_ANSWERED)
    .execute();
}
