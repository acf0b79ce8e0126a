/**
 * A process to be killed: 64 clients on one ledger. Usage: node ledger-crash-child.ts DATA_FILE ACKNOWLEDGED_FILE ROUND
 *
 * A line goes to the acknowledged file only after `submit` has resolved. It is written synchronously: once written it survives the
 * process (not the machine), so what it names must be in the data file too.
 */
import { openSync, writeSync } from 'node:fs';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Operation, OperationResult } from '../../server/ledger/operation.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { ACCOUNT, callRowOf, chargeOf, creditOf, extendOf, holdOf, settleOf } from './ledger-operations.ts';

export interface AcknowledgedLine {
  readonly operation: Operation;
  readonly result: OperationResult;
}

const CLIENTS = 64;
const WALLETS = 12;

const [path = '', acknowledgedPath = '', round = ''] = process.argv.slice(2);
const acknowledged = openSync(acknowledgedPath, 'a');
const store = await openSqliteStore({ path });
const ledger = createLedger(store);
let operationCount = 0;

for (let index = 0; index < WALLETS; index += 1) {
  await store.openWallet({ accountId: ACCOUNT, walletId: `wallet-${index}`, currency: 'USD' });
}
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: CLIENTS }, client));

async function client(): Promise<never> {
  for (;;) {
    const walletId = `wallet-${random(WALLETS)}`;
    const holdId = nextId('call');
    if (random(3) === 0) await submit(creditOf(1 + random(5_000), { operationId: nextId('credit'), walletId }));
    if (random(5) === 0) await submit(chargeOf(random(300), { operationId: nextId('charge'), walletId }));
    const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId: holdId, walletId }) } as const];
    const limits = [{ limitKey: `${walletId}:spend`, use: 1, ceiling: 1_000_000_000, keeps: 'captured' } as const];
    await submit(holdOf(1 + random(900), { operationId: holdId, walletId, minimumMicros: 1, alongside, limits }));
    if (random(2) === 0) await submit(extendOf(random(1_800), { operationId: nextId('extend'), walletId, holdId }));
    await submit(settleOf(random(1_000), { operationId: nextId('settle'), walletId, holdId }));
  }
}

async function submit(operation: Operation): Promise<void> {
  const result = await ledger.submit(operation);
  if (!result.applied) return;
  const line: AcknowledgedLine = { operation, result };
  writeSync(acknowledged, `${JSON.stringify(line)}\n`);
}

function nextId(what: string): string {
  operationCount += 1;
  return `${what}-${round}-${operationCount}`;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
