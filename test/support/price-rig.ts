/** Announcements of new rents on the numbers of rent-rig.ts. */

import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import type { Policy } from '../../server/policy/policy.ts';
import {
  announcePrices,
  type PriceAnnouncement,
  type PricePlan,
  type PriceRoom,
  planPrices,
} from '../../server/rent/announce-prices.ts';
import type { MailRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { type AlertFacts, alertFactsSchema } from '../../src/protocol/alert.ts';
import { micros } from '../../src/protocol/money.ts';
import { RentRig, USD } from './rent-rig.ts';

/** As a test leaves out of it what it does not care for. Prices are in micros. */
type Question = Partial<Omit<PriceAnnouncement, 'monthlyMicros'>> & {
  readonly monthlyMicros?: number | ReadonlyMap<string, number>;
};

export class PriceRig {
  readonly rent: RentRig;

  private constructor(rent: RentRig) {
    this.rent = rent;
  }

  static async open(rent: Partial<Policy['rent']>): Promise<PriceRig> {
    return new PriceRig(await RentRig.open(rent));
  }

  room(store: Store = this.rent.office.store): PriceRoom {
    const { office } = this.rent;
    const policy = policyInForce(() => ({ ...DEFAULT_POLICIES, default: office.policy }));
    return { store, clock: office.clock, policy };
  }

  /** Two dollars for all from April 1 on. */
  plan(question: Question = {}): Promise<PricePlan> {
    return planPrices(this.room(), announcementOf(question));
  }

  announce(question: Question = {}, store?: Store): ReturnType<typeof announcePrices> {
    return announcePrices(this.room(store), announcementOf(question));
  }

  /** The process ends after so many writes. */
  dyingAfter(writes: number): Store {
    const { store } = this.rent.office;
    let left = writes;
    const writeRows: Store['writeRows'] = async (rows) => {
      if (left === 0) throw new Error('killed');
      left -= 1;
      return await store.writeRows(rows);
    };
    return Object.assign(Object.create(store), { writeRows });
  }

  async lateRound(): Promise<void> {
    await this.rent.service.works.find(({ name }) => name === 'rent/late')?.work();
  }

  /** By office. */
  async mails(): Promise<readonly MailRow[]> {
    return await this.rent.office.store.db
      .selectFrom('mail')
      .selectAll()
      .where('kind', '=', 'rent_changes')
      .orderBy('createdAtMs')
      .orderBy('officeId')
      .orderBy('mailId')
      .execute();
  }

  async factsOf(officeId: string): Promise<Extract<AlertFacts, { readonly kind: 'rent_changes' }>> {
    const row = (await this.mails()).find((mail) => mail.officeId === officeId);
    const facts = alertFactsSchema.parse(JSON.parse(row?.facts ?? 'null'));
    if (facts.kind !== 'rent_changes') throw new Error(`${facts.kind} is another mail`);
    return facts;
  }
}

function announcementOf({ monthlyMicros = 2 * USD, ...question }: Question): PriceAnnouncement {
  return {
    announcementId: 'spring',
    accountId: null,
    currency: 'USD',
    country: null,
    type: null,
    prefix: null,
    fromDay: '2026-04-01',
    ...question,
    monthlyMicros:
      typeof monthlyMicros === 'number'
        ? micros(monthlyMicros)
        : new Map([...monthlyMicros].map(([number, price]) => [number, micros(price)])),
  };
}
