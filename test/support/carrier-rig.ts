/** The office of office-rig.ts with a Telnyx of the test's own that sells numbers to it, at prices of the operator. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createTelnyxCarrier } from '../../server/carriers/telnyx-carrier.ts';
import type { Services } from '../../server/services-of.ts';
import type { NumberOrderRow } from '../../server/storage/rows.ts';
import type { NumberSearch } from '../../src/protocol/number.ts';
import { LocalTelnyx, TELNYX_KEY } from './local-telnyx.ts';
import { DANA, granted, OfficeRig } from './office-rig.ts';
import type { TestStoreHome } from './test-store.ts';

export const CHICAGO = '+13125550101';
export const PEORIA = '+13095550102';
/** Due on the rig's 15 January: 0.58, and 0.42 for 17 of 31 days of 0.75. */
export const DUE_MICROS = 1_000_000;
/** Long for an answer from the same machine, however busy it is; who never gets one waits for so long. */
const TIMEOUT_MS = 1_500;

export class CarrierRig {
  readonly office: OfficeRig;
  readonly telnyx: LocalTelnyx;

  private constructor(office: OfficeRig, telnyx: LocalTelnyx) {
    this.office = office;
    this.telnyx = telnyx;
  }

  /** On the store of the test run, or on one that the test names. */
  static async open(home?: TestStoreHome): Promise<CarrierRig> {
    const telnyx = await LocalTelnyx.start();
    telnyx.sells({ number: CHICAGO, monthly: '0.5', features: ['voice', 'sms'] }, { number: PEORIA, city: 'Peoria' });
    const office = await OfficeRig.open({}, home);
    office.numberCarrier = createTelnyxCarrier({ apiKey: TELNYX_KEY, baseUrl: telnyx.url, timeoutMs: TIMEOUT_MS });
    office.services = office.newServices();
    await office.store.writeRows([
      {
        table: 'number_price',
        mode: 'insert',
        row: {
          accountId: '',
          country: 'US',
          type: 'local',
          currency: 'USD',
          setupMicros: 580_000,
          monthlyMicros: 750_000,
          inboundPerMinuteMicros: 8_500,
        },
      },
    ]);
    return new CarrierRig(office, telnyx);
  }

  async close(): Promise<void> {
    await this.office.close();
    await this.telnyx.stop();
  }

  async search(search: NumberSearch = { country: 'US' }, identity = DANA) {
    return granted(await this.office.services.handlers.searchNumbers(identity, search)).numbers;
  }

  async offerOf(number: string): Promise<string> {
    const offer = (await this.search()).find((row) => row.number === number)?.offer;
    if (!offer) throw new Error(`${number} is not offered`);
    return offer;
  }

  async buy(
    number: string,
    more: {
      readonly purchaseId?: string;
      readonly offer?: string;
      readonly identity?: typeof DANA;
      readonly services?: Services;
    } = {},
  ) {
    const { services = this.office.services, purchaseId = randomUUID(), identity = DANA } = more;
    const offer = more.offer ?? (await this.offerOf(number));
    return await services.handlers.buyNumber(identity, { number, purchaseId, offer });
  }

  /** Time goes by, and the sweep runs twenty times in it, or each second. */
  async sweep(seconds: number, services: Services = this.office.services): Promise<void> {
    const pauseSeconds = Math.max(1, seconds / 20);
    for (let second = 0; second < seconds; second += pauseSeconds) {
      this.office.clock.advance(pauseSeconds * 1_000);
      for (const { work } of services.numbers.works) await work();
    }
  }

  /** What the office's widgets heard last of a number. */
  lastTold(officeId: string): string | undefined {
    const heard = this.office.told.flatMap(({ audience, event }) =>
      event.type === 'number' && audience.officeId === officeId ? [event.number.status] : [],
    );
    return heard.at(-1);
  }

  async orders(): Promise<readonly NumberOrderRow[]> {
    return await this.office.store.db.selectFrom('number_order').selectAll().orderBy('createdAtMs').execute();
  }

  async state(): Promise<string | undefined> {
    return (await this.orders()).at(-1)?.state;
  }

  /** Of numbers, by the book. */
  async charges(): Promise<readonly number[]> {
    const entries = await this.office.store.db
      .selectFrom('entry')
      .selectAll()
      .where('entryKind', '=', 'number_purchase')
      .where('ledgerAccount', '=', 'wallet')
      .execute();
    return entries.map(({ amountMicros }) => -amountMicros).filter((amount) => amount !== 0);
  }

  async owners(): Promise<readonly string[]> {
    const rows = await this.office.store.db.selectFrom('number_owner').select('number').execute();
    return rows.map(({ number }) => number);
  }

  /** The one thing that must be true when everything has settled: paid, owned here and owned there are the same. */
  async expectBooksToAgree(): Promise<void> {
    const owners = await this.owners();
    expect(this.telnyx.numbersOwned().toSorted()).toEqual(owners.toSorted());
    expect(await this.charges()).toEqual(owners.map(() => DUE_MICROS));
    expect((await this.office.wallet()).held).toBe(0);
    const references = this.telnyx.orders.map(({ reference }) => reference);
    expect(new Set(references).size).toBe(references.length);
  }
}
