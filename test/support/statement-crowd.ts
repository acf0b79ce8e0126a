/**
 * One office with a year of many calls, made in bulk: the wallet, its linked entries and the rows of its calls, as if each call had been
 * settled one by one. Some groups, people, destinations and numbers are busy, some are rare.
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
const BATCH_ENTRIES = 1_000;

const DOMESTIC: Rate = { ...GERMANY, rateId: 'domestic', kind: 'domestic', connectionFeeMicros: micros(0) };
const RATES: readonly Rate[] = [GERMANY, GERMANY, DOMESTIC, DOMESTIC, DOMESTIC, TOLL_FREE];

export interface StatementCrowd {
  readonly entries: number;
  /** Of how many of them the lines and sums are there already; the rest is left to the server. */
  readonly projected: number;
}

/** Also writes account and office. */
export async function writeStatementCrowd(target: CopyTarget, { entries, projected }: StatementCrowd): Promise<void> {
  const write = async (name: TableName, rows: readonly object[]) => {
    const table = INSTALLATION_TABLES.find((known) => known.name === name);
    if (!table) throw new Error(`No table ${name}`);
    // Rows of the row types, whose values are texts, numbers, flags and null.
    await target.write(table, rows as readonly AnyRow[]);
  };
  await write('account', [ACCOUNT]);
  await write('office', [OFFICE]);
  await write('wallet', [walletAfter(entries)]);
  const sums = new SumsOfLines();
  const days = localDays(CROWD_WALLET.timeZone);
  for (let from = 1; from <= entries; from += BATCH_ENTRIES) {
    const batch = [...storyOf({ from, to: Math.min(entries, from + BATCH_ENTRIES - 1) })];
    await write('operation', batch.map(operationRow));
    await write('entry', batch.flatMap(entryRows));
    await write(
      'call',
      batch.flatMap(({ call }) => call ?? []),
    );
    const lines = batch.filter(({ sequence }) => sequence <= projected).map(lineOf);
    sums.add({ lines, dayOf: (atMs) => days.dayOf(atMs), mark: MARK });
    await write('statement_line', lines);
  }
  const rows = sums.rows;
  for (let from = 0; from < rows.length; from += BATCH_ENTRIES) {
    await write('statement_sum', rows.slice(from, from + BATCH_ENTRIES));
  }
  await write('statement_mark', [{ ...MARK, sequence: projected }]);
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

/** Kept between batches: the chain goes on where it was. */
const chain = { sequence: 0, balanceMicros: 0, link: walletLink(WALLET) };

function* storyOf({ from, to }: { readonly from: number; readonly to: number }): Generator<Told, void, undefined> {
  if (from === 1) Object.assign(chain, { sequence: 0, balanceMicros: 0, link: walletLink(WALLET) });
  for (let sequence = from; sequence <= to; sequence += 1) {
    const call = sequence === 1 ? null : callOf(sequence);
    const amountMicros = call ? -call.costMicros : CREDIT_MICROS;
    chain.balanceMicros += amountMicros;
    const entry: LinkedEntry = {
      ...WALLET,
      sequence,
      operationId: call ? `settle:${call.callId}` : 'credit:first',
      atMs: atMsOf(sequence),
      entryKind: call ? `${call.direction}_call` : 'operator_credit',
      reference: call ? call.callId : 'wire transfer',
      otherAccount: call ? 'call_revenue' : 'operator_credit',
      amountMicros,
      balanceMicros: chain.balanceMicros,
    };
    chain.link = entryLink(chain.link, entry);
    yield { ...entry, link: chain.link, call };
  }
}

let entriesOfYear = 1;

function atMsOf(sequence: number): number {
  return FIRST_AT_MS + Math.floor((sequence / entriesOfYear) * YEAR_MS);
}

/** What the wallet is when all is written; rows refer to it, so it comes first. */
function walletAfter(entries: number) {
  entriesOfYear = entries;
  let balanceMicros = 0;
  let link = walletLink(WALLET);
  for (const told of storyOf({ from: 1, to: entries })) ({ balanceMicros, link } = told);
  return { ...WALLET, balanceMicros, heldMicros: 0, version: entries, entryCount: entries, link };
}

function callOf(sequence: number): CallRow {
  // A cheap hash: the same call for the same sequence, and no pattern that a page could lean on.
  const dice = Math.imul(sequence ^ (sequence >>> 15), 0x2c1b3c6d) >>> 0;
  const rate = RATES[dice % RATES.length] ?? GERMANY;
  const durationSeconds = 1 + (dice % 1_500);
  const answeredAtMs = atMsOf(sequence) - durationSeconds * 1_000;
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
    endedAtMs: atMsOf(sequence),
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
