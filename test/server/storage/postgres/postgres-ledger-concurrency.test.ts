import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../../server/ledger/ledger.ts';
import type { LimitUse, Operation, OperationResult } from '../../../../server/ledger/operation.ts';
import { LEDGER_APPLY_FUNCTION } from '../../../../server/storage/postgres/ledger-apply-function.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { ledgerFaults } from '../../../support/ledger-invariants.ts';
import {
  ACCOUNT,
  chargeOf,
  creditOf,
  extendOf,
  holdOf,
  numberOwnerRowOf,
  settleOf,
} from '../../../support/ledger-operations.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

const SERVERS = 3;
const CLIENTS_A_SERVER = 8;
const CALLS_A_CLIENT = 20;
const WALLETS = ['berlin', 'paris', 'rome'];
const CALLS_AT_ONCE = 6;
/** Rounds in which a planted mistake must show: one is mostly enough, but whether two servers meet is a matter of chance. */
const ROUNDS_TO_BE_FOUND_IN = 12;
/** Where ledger_apply has read all that it needs, and begins to decide. */
const AFTER_READING = 'FOR i IN 1 .. size LOOP';

describe('several servers on the same wallets', () => {
  let home: PostgresHome;
  let stores: readonly Store[];
  let ledgers: readonly DrainableLedger[];
  let isBroken: boolean;

  beforeEach(async () => {
    isBroken = false;
    home = await createPostgresHome({ isSpoiled: true });
    stores = await Promise.all(Array.from({ length: SERVERS }, () => home.open()));
    ledgers = stores.map(createLedger);
    for (const walletId of WALLETS) await firstOf(stores).openWallet({ accountId: ACCOUNT, walletId, currency: 'USD' });
  });

  afterEach(async () => {
    for (const ledger of ledgers) await ledger.close();
    const faults = await ledgerFaults(firstOf(stores));
    for (const store of stores) await store.close();
    await home.remove();
    if (!isBroken) expect(faults).toEqual([]);
  });

  test('three servers, three nearly empty wallets, shared limits, many questions asked of two: nothing below zero, nothing twice, no limit passed, no deadlock', async () => {
    expect(await hammer({ home, stores, ledgers })).toEqual([]);
  }, 120_000);

  test.each([
    ['wallets', 'FOR NO KEY UPDATE OF wallet'],
    ['counters', 'FOR NO KEY UPDATE OF limit_counter'],
  ])(
    'the same without the lock of %s is found out',
    async (_, lock) => {
      expect(LEDGER_APPLY_FUNCTION).toContain(lock);
      // Nor the second guard of wallets: it stops who has not locked, and the ledger then tries one by one.
      const unlocked = LEDGER_APPLY_FUNCTION.replace(lock, '').replace('AND wallet.version = kept.stored_version', '');
      expect(unlocked).toContain(AFTER_READING);
      // What was read grows old before it is used: a busy machine would do that by itself, but only sometimes.
      await home.query(unlocked.replace(AFTER_READING, `PERFORM pg_sleep(0.002); ${AFTER_READING}`));
      isBroken = true;
      let faults: readonly string[] = [];
      for (let round = 0; faults.length === 0 && round < ROUNDS_TO_BE_FOUND_IN; round += 1) {
        faults = await hammer({ home, stores, ledgers }, round);
      }
      expect(faults).not.toEqual([]);
    },
    120_000,
  );

  test('one id on two wallets at the same moment: one is applied, the other refused', async () => {
    for (let round = 0; round < 20; round += 1) {
      const ask = (server: number, walletId = WALLETS[server]) =>
        ledgers[server]?.submit(creditOf(5, { operationId: `credit-${round}`, walletId: walletId ?? '' }));
      const results = await Promise.all([ask(0), ask(1), ask(2)]);
      expect(results.filter((result) => result?.applied)).toHaveLength(1);
      expect(results.filter((result) => result?.applied === false).map((result) => result?.refusal)).toEqual([
        { code: 'id_reused' },
        { code: 'id_reused' },
      ]);
    }
  });

  test('one hold id on two wallets at the same moment: one call is admitted', async () => {
    for (let round = 0; round < 20; round += 1) {
      const results = await Promise.all(
        ledgers.map((ledger, server) =>
          ledger.submit(
            holdOf(0, {
              operationId: `hold-${round}-${server}`,
              holdId: `call-${round}`,
              walletId: WALLETS[server] ?? '',
            }),
          ),
        ),
      );
      expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    }
  });

  test('rows that servers write in opposite orders: every number has one owner, every operation an answer', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => `+49${index}`);
    const buy = (server: number) =>
      (server % 2 === 0 ? numbers : numbers.toReversed()).map((number) => {
        const row = numberOwnerRowOf(number, { purchaseId: `server-${server}` });
        const alongside = [{ table: 'number_owner', mode: 'insert', row } as const];
        const wallet = { walletId: WALLETS[server] ?? '', alongside };
        return ledgers[server]?.submit(chargeOf(0, { operationId: `${number}-${server}`, ...wallet }));
      });
    const results = await Promise.all([0, 1, 2].flatMap(buy));
    expect(results.filter((result) => result?.applied)).toHaveLength(numbers.length);
    expect(
      await firstOf(stores)
        .db.selectFrom('number_owner')
        .select(({ fn }) => fn.countAll().as('rows'))
        .execute(),
    ).toEqual([{ rows: numbers.length }]);
  }, 60_000);
});

interface Rig {
  readonly home: PostgresHome;
  readonly stores: readonly Store[];
  readonly ledgers: readonly DrainableLedger[];
}

/** Returns a sentence for everything that is not as it must be. */
async function hammer({ home, stores, ledgers }: Rig, round = 0): Promise<readonly string[]> {
  // No counter may pass its ceiling at any moment, not only at the end.
  const check = `CHECK (used <= ${CALLS_AT_ONCE} OR limit_key NOT LIKE 'calls%')`;
  await home.query(`ALTER TABLE limit_counter ADD CONSTRAINT ceiling_${round} ${check}`);
  const answers = new Map<string, OperationResult[]>();
  const faults: string[] = [];
  const ask = async (operation: Operation, server: number): Promise<void> => {
    // Not all of them twice: a repeat that meets its first time rolls a batch back, which would hide what locks are for.
    const servers = server % 2 === 0 ? [server, server + 1] : [server];
    const asked = servers.map((each) => ledgers[each % SERVERS]?.submit(operation));
    for (const settled of await Promise.allSettled(asked)) {
      if (settled.status === 'rejected') faults.push(`${operation.operationId}: ${settled.reason}`);
      else if (settled.value !== undefined) listOf(answers, operation.operationId).push(settled.value);
    }
  };
  await Promise.all(
    Array.from({ length: SERVERS * CLIENTS_A_SERVER }, (_, client) => runClient(ask, { client, round })),
  );
  for (const [operationId, results] of answers) {
    const applied = results.filter((result) => result.applied);
    const firsts = applied.filter(({ isRepeat }) => !isRepeat);
    if (firsts.length !== Math.min(1, applied.length)) faults.push(`${operationId} was done ${firsts.length} times`);
    const told = new Set(applied.map((result) => JSON.stringify({ ...result, isRepeat: true })));
    if (told.size > 1) faults.push(`${operationId} has ${told.size} answers`);
  }
  if (answers.size < SERVERS * CLIENTS_A_SERVER * CALLS_A_CLIENT * 2) faults.push('too little was asked');
  return [...faults, ...(await ledgerFaults(firstOf(stores)))];
}

function listOf(answers: Map<string, OperationResult[]>, operationId: string): OperationResult[] {
  const list = answers.get(operationId) ?? [];
  answers.set(operationId, list);
  return list;
}

/** A little credit, a call that shares its limits with all the others, sometimes longer than planned, then its end. */
async function runClient(
  ask: (operation: Operation, server: number) => Promise<void>,
  { client, round }: { readonly client: number; readonly round: number },
): Promise<void> {
  for (let call = 0; call < CALLS_A_CLIENT; call += 1) {
    const name = `${round}-${client}-${call}`;
    const walletId = WALLETS[(client + call) % WALLETS.length] ?? '';
    const server = client + Math.floor(call / 5);
    if (call % 3 === 0) await ask(creditOf(90, { operationId: `credit-${name}`, walletId }), server);
    const limits = limitsOf(call);
    await ask(holdOf(60, { operationId: `hold-${name}`, walletId, minimumMicros: 20, limits }), server);
    const holdId = `hold-${name}`;
    if (call % 2 === 0) await ask(extendOf(100, { operationId: `extend-${name}`, walletId, holdId }), server + 1);
    await ask(settleOf(30 + (call % 40), { operationId: `settle-${name}`, walletId, holdId }), server + 2);
  }
}

/** In changing order, and with a counter that is new now and then. */
function limitsOf(call: number): readonly LimitUse[] {
  const limits: readonly LimitUse[] = [
    { limitKey: 'calls', use: 1, ceiling: CALLS_AT_ONCE, keeps: 'nothing' },
    { limitKey: `spend:${Math.floor(call / 5)}`, use: 20, ceiling: 700, keeps: 'captured' },
    { limitKey: `spend:${Math.floor(call / 5) + 1}`, use: 20, ceiling: 700, keeps: 'captured' },
  ];
  return call % 2 === 0 ? limits : limits.toReversed();
}

function firstOf<Element>(elements: readonly Element[]): Element {
  const [first] = elements;
  if (first === undefined) throw new Error('There is none');
  return first;
}
