/**
 * Rent on the offices of office-rig.ts: numbers that were bought on a day, a calendar that a test turns, and the books checked at the end.
 * The account's time zone is Europe/Berlin.
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createOfficeDirectory } from '../../server/accounts/office-directory.ts';
import { importNumbers } from '../../server/numbers/import-numbers.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import type { Policy } from '../../server/policy/policy.ts';
import { type BoughtNumber, claimNumber } from '../../server/rent/own-number.ts';
import { startOfDayMs } from '../../server/rent/rent-calendar.ts';
import type { RentRoom } from '../../server/rent/rent-room.ts';
import { createRentService, type RentService } from '../../server/rent/rent-service.ts';
import type { Identity } from '../../server/services.ts';
import type { NumberOwnerRow } from '../../server/storage/rows.ts';
import { alertFactsSchema } from '../../src/protocol/alert.ts';
import { type OfficeOutcome, officeRefusalSchema } from '../../src/protocol/office-problem.ts';
import type { OwnNumber, OwnNumberPage } from '../../src/protocol/owned-number.ts';
import { OWNED_NUMBER_ENDPOINTS } from '../../src/protocol/owned-number-endpoints.ts';
import type { OwnedNumberEndpointName } from '../../src/protocol/owned-number-routes.ts';
import { refusalSchema } from '../../src/protocol/problem.ts';
import { ledgerFaults } from './ledger-invariants.ts';
import { DANA, OfficeRig } from './office-rig.ts';

export const USD = 1_000_000;
export const ZONE = 'Europe/Berlin';
export const RENTED = '+12025550101';
const STOCK_HEAD = 'number,country,type,region,features,currency,setup,monthly,inbound_per_minute';
const HOUR_MS = 3_600_000;

export class RentRig {
  readonly office: OfficeRig;

  private constructor(office: OfficeRig) {
    this.office = office;
  }

  static async open(rent: Partial<Policy['rent']> = {}): Promise<RentRig> {
    const rig = new RentRig(await OfficeRig.open());
    rig.office.policy = { ...rig.office.policy, rent: { ...rig.office.policy.rent, ...rent } };
    return rig;
  }

  get service(): RentService {
    return this.office.services.rent;
  }

  /** Of a server that gives numbers back as a test says. */
  serviceWith(giveBack: RentRoom['giveBack']): RentService {
    const { store, ledger, clock, policy, logged } = this.office;
    const unheard = () => undefined;
    const publisher = { publish: unheard, officesChanged: unheard };
    return createRentService({
      store,
      ledger,
      clock,
      publisher,
      policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: policy })),
      offices: createOfficeDirectory({ store, clock, publisher }),
      notices: { walletChanged: unheard, leaseGrew: unheard, walletChangedElsewhere: unheard },
      giveBack,
      log: (message) => logged.push(message),
    });
  }

  /** Noon of this day in Berlin; days only go forward. */
  turnTo(day: string, hour = 12): void {
    const atMs = startOfDayMs(day, ZONE) + hour * HOUR_MS;
    const aheadMs = atMs - this.office.clock.nowMs();
    if (aheadMs < 0) throw new Error(`${day} is over`);
    this.office.clock.advance(aheadMs);
  }

  /** That day, with everything periodic done. */
  async live(day: string, hour = 12): Promise<void> {
    this.turnTo(day, hour);
    await this.round();
  }

  async round(service = this.service): Promise<void> {
    for (const { work } of service.works) await work();
    await this.office.settleDown();
  }

  /** Bought today, and paid for already. */
  async own(bought: Partial<BoughtNumber> = {}): Promise<void> {
    const number = bought.number ?? RENTED;
    const row: BoughtNumber = {
      number,
      accountId: 'acme',
      officeId: 'berlin',
      purchaseId: `purchase-${number}`,
      purchasedAtMs: this.office.clock.nowMs(),
      currency: 'USD',
      monthlyMicros: USD,
      timeZone: ZONE,
      firstMonth: 'full_month',
      ...bought,
    };
    const price = row.monthlyMicros / USD;
    const imported = await importNumbers(this.office.store, {
      accountId: row.accountId,
      csv: `${STOCK_HEAD}\n${number},US,local,"Washington, DC",voice,${row.currency},0,${price},0.0085`,
    });
    expect(imported).toMatchObject({ ok: true });
    const { applied } = await this.office.store.writeRows([claimNumber(row, null)]);
    expect(applied).toBe(true);
  }

  async row(number = RENTED): Promise<NumberOwnerRow> {
    return await this.office.store.db
      .selectFrom('number_owner')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirstOrThrow();
  }

  /** Days on which rent was taken, and how much, in the order of the book. */
  async rents(number = RENTED): Promise<readonly string[]> {
    const entries = await this.office.store.db
      .selectFrom('entry')
      .select(['operationId', 'amountMicros'])
      .where('entryKind', '=', 'number_renewal')
      .where('reference', '=', number)
      .where('ledgerAccount', '=', 'wallet')
      .orderBy('operationId')
      .execute();
    return entries.map(({ operationId, amountMicros }) => `${operationId.split(':').at(-1)} ${-amountMicros / USD}`);
  }

  /** Kinds of what people were told, with the day that each is about, in order. */
  async told(): Promise<readonly string[]> {
    const mails = await this.office.store.db
      .selectFrom('mail')
      .select(['facts', 'createdAtMs'])
      .orderBy('createdAtMs')
      .orderBy('mailId')
      .execute();
    return mails.map(({ facts: json }) => {
      const facts = alertFactsSchema.parse(JSON.parse(json));
      switch (facts.kind) {
        case 'rent_due':
          return `rent_due ${facts.dueOn} in ${facts.days}`;
        case 'number_late':
          return `number_late until ${facts.holdsOn}`;
        case 'number_held':
          return `number_held until ${facts.givenBackOn}`;
        case 'number_leaving':
          return `number_leaving on ${facts.givenBackOn} in ${facts.days}`;
        case 'number_gone':
          return `number_gone ${facts.givenBackOn}`;
        default:
          return facts.kind;
      }
    });
  }

  /** Every answer is what the contract says. */
  async ask<Name extends OwnedNumberEndpointName>(
    name: Name,
    input: Parameters<RentService['handlers'][Name]>[1],
    who: { readonly identity?: Identity; readonly service?: RentService } = {},
  ): Promise<Awaited<ReturnType<RentService['handlers'][Name]>>> {
    const { identity = DANA, service = this.service } = who;
    // The handler of this very name takes this very input; TypeScript does not follow a name through the table.
    const handle = service.handlers[name] as (...given: unknown[]) => Promise<OfficeOutcome<unknown>>;
    const outcome = await handle(identity, input);
    if (outcome.ok) expect(OWNED_NUMBER_ENDPOINTS[name].response.parse(outcome.value)).toEqual(outcome.value);
    else {
      const schema = officeRefusalSchema.safeParse(outcome.refusal).success ? officeRefusalSchema : refusalSchema;
      expect(schema.parse(outcome.refusal)).toEqual(outcome.refusal);
    }
    await this.office.settleDown();
    return outcome as Awaited<ReturnType<RentService['handlers'][Name]>>;
  }

  async page(identity: Identity = DANA): Promise<OwnNumberPage> {
    const outcome = await this.ask('ownNumbers', {}, { identity });
    if (!outcome.ok) throw new Error(`Refused: ${JSON.stringify(outcome.refusal)}`);
    return outcome.value;
  }

  async shown(number = RENTED, identity: Identity = DANA): Promise<OwnNumber> {
    const found = (await this.page(identity)).numbers.find((own) => own.number === number);
    if (!found) throw new Error(`${number} is not listed`);
    return found;
  }

  async restore(number = RENTED, changeId: string = randomUUID()) {
    return await this.ask('restoreNumber', { number, changeId });
  }

  async release(number = RENTED, changeId: string = randomUUID()) {
    return await this.ask('releaseNumber', { number, changeId, confirmedNumber: number });
  }

  /** The book adds up; every test ends with it. */
  async close(): Promise<void> {
    expect(await ledgerFaults(this.office.store)).toEqual([]);
    await this.office.close();
  }
}
