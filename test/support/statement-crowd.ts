/**
 * One office with a year of many calls, made in bulk: the wallet and the lines and sums of its statement, as if each call had been
 * settled one by one. Some groups, people, destinations and numbers are busy, some are rare.
 *
 * Linked entries, operations and calls are there only for what is left to the server: nobody reads them again once they have a line.
 */
import { entryLink, type LinkedEntry, walletLink } from '../../server/ledger/entry-link.ts';
import { SumsOfLines } from '../../server/statements/day-sums.ts';
import { localDays } from '../../server/statements/local-days.ts';
import { statementLine } from '../../server/statements/statement-line.ts';
import type { CopyTarget } from '../../server/storage/copy/copy-target.ts';
import { type AnyRow, INSTALLATION_TABLES, type TableName } from '../../server/storage/copy/installation-tables.ts';
import type { CallRow, StatementLineRow } from '../../server/storage/rows.ts';
import { micros } from '../../src/protocol/money.ts';
import { priceCall } from '../../src/protocol/price.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import { GERMANY, TOLL_FREE } from './statement-rig.ts';

const WALLET = { accountId: 'acme', walletId: 'berlin', currency: 'USD' };
export const CROWD_WALLET = { accountId: 'acme', walletId: 'berlin', officeId: 'berlin', timeZone: 'Europe/Berlin' };
const MARK = { accountId: 'acme', walletId: 'berlin', epoch: 1, timeZone: 'Europe/Berlin', version: 1 };
const FIRST_AT_MS = Date.UTC(2025, 11, 1);
const YEAR_MS = 360 * 24 * 3_600_000;
const CREDIT_MICROS = 900_000_000 * 1_000_000;
const BATCH_ROWS = 1_000;

const DOMESTIC: Rate = { ...GERMANY, rateId: 'domestic', kind: 'domestic', connectionFeeMicros: micros(0) };
const RATES: readonly Rate[] = [GERMANY, GERMANY, DOMESTIC, DOMESTIC, DOMESTIC, TOLL_FREE];

export interface StatementCrowd {
  readonly entries: number;
  /** Of how many of them the lines and sums are there already; the rest is left to the server. */
  readonly projected: number;
}

/** Also writes account and office. */
export async function writeStatementCrowd(target: CopyTarget, { entries, projected }: StatementCrowd): Promise<void> {
  const write: WriteRows = async (name, rows) => {
    const table = INSTALLATION_TABLES.find((known) => known.name === name);
    if (!table) throw new Error(`No table ${name}`);
    for (const batch of batchesOf(rows)) {
      // Rows of the row types, whose values are texts, numbers, flags and null.
      await target.write(table, batch as readonly AnyRow[]);
    }
  };
  await write('account', [ACCOUNT]);
  await write('office', [OFFICE]);
  const sums = new SumsOfLines();
  const days = localDays(CROWD_WALLET.timeZone);
  const left: Told[] = [];
  let last: Told | undefined;
  for (const batch of batchesOf(storyOf(entries))) {
    const lines = batch.filter(({ sequence }) => sequence <= projected).map(lineOf);
    sums.add({ lines, dayOf: (atMs) => days.dayOf(atMs), mark: MARK });
    await write('statement_line', lines);
    left.push(...batch.slice(lines.length));
    last = batch.at(-1);
  }
  await write('statement_sum', sums.rows);
  await write('statement_mark', [{ ...MARK, sequence: projected }]);
  if (last !== undefined) await writeLedger(write, { last, left });
}

type WriteRows = (name: TableName, rows: readonly object[]) => Promise<void>;

function* batchesOf<Item>(items: Iterable<Item>): Generator<readonly Item[], void, undefined> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The wallet remembers the end of the chain. */
async function writeLedger(
  write: WriteRows,
  { last, left }: { readonly last: Told; readonly left: readonly Told[] },
): Promise<void> {
  const { sequence, balanceMicros, link } = last;
  await write('wallet', [{ ...WALLET, balanceMicros, heldMicros: 0, version: sequence, entryCount: sequence, link }]);
  await write('operation', left.map(operationRow));
  await write('entry', left.flatMap(entryRows));
  await write(
    'call',
    left.flatMap(({ call }) => call ?? []),
  );
}

const ACCOUNT = {
  accountId: WALLET.accountId,
  name: 'Acme',
  currency: WALLET.currency,
  timeZone: 'Europe/Berlin',
  profile: 'default',
  isPhoneEnabled: true,
  supportEmail: 'billing@phone.test',
};
const OFFICE = {
  accountId: WALLET.accountId,
  officeId: 'berlin',
  name: 'Berlin',
  country: 'DE',
  timeZone: 'Europe/Berlin',
  walletId: WALLET.walletId,
  pausedAtMs: null,
  pausedByName: null,
};

interface Told extends LinkedEntry {
  readonly link: string;
  readonly call: CallRow | null;
}

function* storyOf(entries: number): Generator<Told, void, undefined> {
  let balanceMicros = 0;
  let link = walletLink(WALLET);
  for (let sequence = 1; sequence <= entries; sequence += 1) {
    const atMs = FIRST_AT_MS + Math.floor((sequence / entries) * YEAR_MS);
    const call = sequence === 1 ? null : callOf({ sequence, endedAtMs: atMs });
    const amountMicros = call ? -call.costMicros : CREDIT_MICROS;
    balanceMicros += amountMicros;
    const entry: LinkedEntry = {
      ...WALLET,
      sequence,
      operationId: call ? `settle:${call.callId}` : 'credit:first',
      atMs,
      entryKind: call ? `${call.direction}_call` : 'operator_credit',
      reference: call ? call.callId : 'wire transfer',
      otherAccount: call ? 'call_revenue' : 'operator_credit',
      amountMicros,
      balanceMicros,
    };
    link = entryLink(link, entry);
    yield { ...entry, link, call };
  }
}

function callOf({ sequence, endedAtMs }: { readonly sequence: number; readonly endedAtMs: number }): CallRow {
  // A cheap hash: the same call for the same sequence, and no pattern that a page could lean on.
  const dice = Math.imul(sequence ^ (sequence >>> 15), 0x2c1b3c6d) >>> 0;
  const rate = RATES[dice % RATES.length] ?? GERMANY;
  const durationSeconds = 1 + (dice % 1_500);
  const answeredAtMs = endedAtMs - durationSeconds * 1_000;
  const person = dice % 5_000 === 0 ? 999 : dice % 200;
  return {
    accountId: WALLET.accountId,
    callId: `0197f3a2-7c11-8a40-9c21-${String(sequence).padStart(12, '0')}`,
    officeId: OFFICE.officeId,
    walletId: WALLET.walletId,
    personId: `person-${person}`,
    personName: `Person Number ${person}`,
    direction: rate.direction,
    number: `+49171${String(dice % 10_000_000).padStart(7, '0')}`,
    callerNumber: `+4930${1_000 + (dice % 40)}`,
    destination: dice % 7_000 === 0 ? 'Faroe Islands' : `${rate.destination} ${dice % 60}`,
    kind: rate.kind,
    status: 'settled',
    currency: WALLET.currency,
    rate: RATE_TEXTS.get(rate) ?? '',
    startedAtMs: answeredAtMs,
    answeredAtMs,
    endedAtMs,
    endReason: 'hung_up',
    durationSeconds,
    billedSeconds: durationSeconds,
    costMicros: priceCall(rate, { startedAtMs: answeredAtMs, durationSeconds }),
    heldMicros: 0,
    leaseSeconds: durationSeconds,
    renewalIndex: 0,
    isLeaseFinal: false,
    dueAtMs: null,
    edgeId: 'edge',
    sipCallId: null,
    refusal: null,
    version: 3,
  };
}

const RATE_TEXTS = new Map(RATES.map((rate) => [rate, JSON.stringify(rate)]));

function lineOf({ call, ...entry }: Told): StatementLineRow {
  if (call === null) return statementLine(entry, { facts: {}, officeId: OFFICE.officeId });
  const { kind, callerNumber, number, officeId, personId, personName, destination, durationSeconds } = call;
  const known = { officeId, personId, personName, destination, durationSeconds };
  const facts = { ...known, subKind: kind, numberUsed: callerNumber, otherNumber: number };
  return statementLine(entry, { facts, officeId });
}

function operationRow({ accountId, operationId, amountMicros, balanceMicros, sequence, atMs }: Told) {
  return {
    accountId,
    operationId,
    fingerprint: '[]',
    heldMicros: 0,
    capturedMicros: Math.max(0, -amountMicros),
    shortMicros: 0,
    walletBalanceMicros: balanceMicros,
    walletHeldMicros: 0,
    walletVersion: sequence,
    atMs,
  };
}

function entryRows({ call: _call, otherAccount, link, balanceMicros, ...entry }: Told): readonly object[] {
  return [
    { ...entry, line: 0, ledgerAccount: 'wallet', balanceMicros, link },
    {
      ...entry,
      line: 1,
      ledgerAccount: otherAccount,
      amountMicros: -entry.amountMicros,
      balanceMicros: null,
      link: null,
    },
  ];
}
