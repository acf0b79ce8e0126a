/**
 * Statements on a real store: two offices of one account with their wallets, entries of every kind made by real ledger operations, with
 * the rows that real rooms write along with them.
 */
import { createOfficeDirectory } from '../../server/accounts/office-directory.ts';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import type { ChargeOperation, CreditOperation, OperationResult } from '../../server/ledger/operation.ts';
import type { Identity } from '../../server/services.ts';
import { caughtUp } from '../../server/statements/caught-up.ts';
import { createStatementService, type StatementService } from '../../server/statements/statement-service.ts';
import type { StatementView } from '../../server/statements/statement-view.ts';
import type { CallRow, RowWrite, ServiceChargeRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { billedSeconds, priceCall } from '../../src/protocol/price.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import type { StatementLine, StatementQuery, StatementSummary } from '../../src/protocol/statement.ts';
import { STATEMENT_ENDPOINTS } from '../../src/protocol/statement-endpoints.ts';
import { MovingClock } from './moving-clock.ts';
import type { TestStoreHome } from './test-store.ts';

export const ACME = 'acme';
export const BERLIN: Identity = {
  accountId: ACME,
  officeId: 'berlin',
  personId: 'dana',
  name: 'Dana Whitfield',
  role: 'billing',
  licence: null,
};
export const AUSTIN: Identity = { ...BERLIN, officeId: 'austin' };

export const GERMANY: Rate = {
  rateId: 'germany',
  prefix: '49',
  destination: 'Germany, mobile',
  kind: 'international',
  direction: 'outbound',
  licence: null,
  currency: 'USD',
  effectiveFromMs: null,
  effectiveToMs: null,
  connectionFeeMicros: micros(10_000),
  steps: [{ fromSecond: 0, priceMicros: micros(55_000), intervalSeconds: 60, incrementSeconds: 60 }],
  windows: [],
  timeZone: 'UTC',
  rounding: { mode: 'up', decimals: 4 },
};
export const TOLL_FREE: Rate = {
  ...GERMANY,
  rateId: 'toll-free',
  prefix: '1800',
  destination: 'US toll-free',
  kind: 'toll_free',
  direction: 'inbound',
  connectionFeeMicros: micros(0),
  steps: [{ fromSecond: 0, priceMicros: micros(20_000), intervalSeconds: 60, incrementSeconds: 60 }],
};

export interface TestCall {
  readonly callId: string;
  readonly durationSeconds: number;
  readonly rate?: Rate;
  readonly personId?: string;
  readonly personName?: string;
  readonly number?: string;
  readonly callerNumber?: string | null;
  readonly office?: Identity;
}

export class StatementRig {
  readonly clock = new MovingClock(Date.UTC(2026, 10, 10, 12));
  readonly store: Store;
  readonly ledger: DrainableLedger;
  readonly statements: StatementService;
  readonly #home: TestStoreHome;
  readonly #timeZone: string;

  private constructor(home: TestStoreHome, store: Store, timeZone: string) {
    this.#home = home;
    this.#timeZone = timeZone;
    this.store = store;
    this.ledger = createLedger(store);
    this.statements = createStatementService(this.room(store));
  }

  static async open(createHome: () => Promise<TestStoreHome>, timeZone = 'Europe/Berlin'): Promise<StatementRig> {
    const home = await createHome();
    const rig = new StatementRig(home, await home.open(), timeZone);
    await rig.#seed();
    return rig;
  }

  /** Another server on the same data; the test closes its store. */
  async anotherServer(): Promise<{ readonly store: Store; readonly statements: StatementService }> {
    const store = await this.#home.open();
    return { store, statements: createStatementService(this.room(store)) };
  }

  room(store: Store) {
    const publisher = { officesChanged: () => undefined };
    return { store, clock: this.clock, offices: createOfficeDirectory({ store, clock: this.clock, publisher }) };
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.store.close();
    await this.#home.remove();
  }

  async #seed(): Promise<void> {
    const office = { accountId: ACME, country: 'DE', timeZone: 'UTC', pausedAtMs: null, pausedByName: null };
    for (const walletId of ['berlin', 'austin']) {
      await this.store.openWallet({ accountId: ACME, walletId, currency: 'USD' });
    }
    const account = {
      accountId: ACME,
      name: 'Acme',
      currency: 'USD',
      timeZone: this.#timeZone,
      profile: 'default',
      isPhoneEnabled: true,
      supportEmail: 'billing@phone.test',
    };
    await this.store.writeRows([
      { table: 'account', mode: 'insert', row: account },
      { table: 'office', mode: 'insert', row: { ...office, officeId: 'berlin', name: 'Berlin', walletId: 'berlin' } },
      { table: 'office', mode: 'insert', row: { ...office, officeId: 'austin', name: 'Austin', walletId: 'austin' } },
    ]);
  }

  credit(operationId: string, amountMicros: number, more: Partial<CreditOperation> = {}): Promise<OperationResult> {
    return this.ledger.submit({
      kind: 'credit',
      operationId,
      accountId: ACME,
      walletId: 'berlin',
      atMs: this.clock.nowMs(),
      amountMicros: micros(amountMicros),
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: 'wire transfer',
      alongside: [],
      ...more,
    });
  }

  charge(operationId: string, amountMicros: number, more: Partial<ChargeOperation> = {}): Promise<OperationResult> {
    return this.ledger.submit({
      kind: 'charge',
      operationId,
      accountId: ACME,
      walletId: 'berlin',
      atMs: this.clock.nowMs(),
      amountMicros: micros(amountMicros),
      revenueAccount: 'number_revenue',
      entryKind: 'number_purchase',
      reference: '+4930123456',
      alongside: [],
      ...more,
    });
  }

  /** A call that is over: its row and its charge. One that cost nothing has no entry. */
  async call(call: TestCall): Promise<CallRow> {
    const row = this.callRow(call);
    const { office = BERLIN } = call;
    const alongside: RowWrite[] = [{ table: 'call', mode: 'insert', row }];
    if (row.costMicros === 0) await this.store.writeRows(alongside);
    else {
      await this.charge(`settle:${row.callId}`, row.costMicros, {
        walletId: office.officeId,
        revenueAccount: 'call_revenue',
        entryKind: `${row.direction}_call`,
        reference: row.callId,
        alongside,
      });
    }
    return row;
  }

  callRow({ callId, durationSeconds, rate = GERMANY, office = BERLIN, ...given }: TestCall): CallRow {
    const endedAtMs = this.clock.nowMs();
    const answeredAtMs = endedAtMs - durationSeconds * 1_000;
    const priced = { startedAtMs: answeredAtMs, durationSeconds };
    return {
      accountId: ACME,
      callId,
      officeId: office.officeId,
      walletId: office.officeId,
      personId: given.personId ?? 'sam',
      personName: given.personName ?? 'Sam Reed',
      direction: rate.direction,
      number: given.number ?? '+491713920031',
      callerNumber: given.callerNumber === undefined ? '+4930123456' : given.callerNumber,
      destination: rate.destination,
      kind: rate.kind,
      status: 'settled',
      currency: 'USD',
      rate: JSON.stringify(rate),
      startedAtMs: answeredAtMs,
      answeredAtMs,
      endedAtMs,
      endReason: 'hung_up',
      durationSeconds,
      billedSeconds: billedSeconds(rate, priced),
      costMicros: priceCall(rate, priced),
      heldMicros: 0,
      leaseSeconds: durationSeconds,
      renewalIndex: 0,
      isLeaseFinal: false,
      dueAtMs: null,
      edgeId: 'edge',
      sipCallId: null,
      refusal: null,
      version: 1,
    };
  }

  /** An extra of a call, by minutes of 0.01. */
  extraRow(extra: { readonly callId: string; readonly kind: string; readonly units: number }): ServiceChargeRow {
    const step = { fromSecond: 0, priceMicros: micros(10_000), intervalSeconds: 1, incrementSeconds: 1 };
    return {
      accountId: ACME,
      chargeId: `${extra.callId}.${extra.kind}`,
      officeId: 'berlin',
      walletId: 'berlin',
      personId: 'sam',
      personName: 'Sam Reed',
      callId: extra.callId,
      kind: extra.kind,
      unit: 'minute',
      number: null,
      destination: 'Recording',
      origin: 'call',
      paidBy: 'credit',
      status: 'settled',
      authorizedUnits: extra.units,
      units: extra.units,
      currency: 'USD',
      rate: JSON.stringify({ ...GERMANY, connectionFeeMicros: 0, steps: [step] }),
      heldMicros: 0,
      costMicros: 10_000 * extra.units,
      shortMicros: 0,
      createdAtMs: this.clock.nowMs(),
      expiresAtMs: this.clock.nowMs(),
      endedAtMs: this.clock.nowMs(),
      dueAtMs: null,
      version: 1,
      invoiceTaskId: null,
    };
  }

  async view(identity: Identity = BERLIN): Promise<StatementView> {
    const office = await this.room(this.store).offices.find(identity);
    if (!office) throw new Error('No office');
    const { officeId } = identity;
    const mark = await caughtUp(this.store, {
      accountId: ACME,
      walletId: officeId,
      officeId,
      timeZone: office.account.timeZone,
    });
    if (!mark) throw new Error('Not caught up');
    return { office, mark };
  }

  /** All pages of a query; each keeps the contract. */
  async lines(query: StatementQuery = {}, identity: Identity = BERLIN): Promise<StatementLine[]> {
    const lines: StatementLine[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.statements.handlers.statementLines(identity, { ...query, ...(cursor && { cursor }) });
      if (!page.ok) throw new Error(page.refusal.code);
      const answered = STATEMENT_ENDPOINTS.statementLines.response.parse(page.value);
      lines.push(...answered.lines);
      cursor = answered.nextCursor;
    } while (cursor !== null);
    return lines;
  }

  async summary(
    period: { readonly month?: string; readonly from?: string; readonly to?: string } = {},
    identity: Identity = BERLIN,
  ): Promise<StatementSummary> {
    const answered = await this.statements.handlers.statementSummary(identity, period);
    if (!answered.ok) throw new Error(answered.refusal.code);
    return STATEMENT_ENDPOINTS.statementSummary.response.parse(answered.value);
  }

  /** The whole file, and how many rows it announced. */
  async csv(filter: StatementQuery = {}, identity: Identity = BERLIN) {
    const made = await this.statements.exportCsv(identity, filter);
    if (!made.ok) throw new Error(made.refusal.code);
    let text = '';
    for await (const page of made.value.pages) text += page.text;
    return { text, rowCount: made.value.rowCount, fileName: made.value.fileName };
  }

  async balanceMicros(walletId = 'berlin'): Promise<number> {
    const wallet = await this.store.db
      .selectFrom('wallet')
      .select('balanceMicros')
      .where('accountId', '=', ACME)
      .where('walletId', '=', walletId)
      .executeTakeFirstOrThrow();
    return wallet.balanceMicros;
  }
}
