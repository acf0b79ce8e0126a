/** A number that two servers give back at once, and that is sold again before the slower one has come to it (F-06). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NumberCarrier } from '../../../server/carriers/number-carrier.ts';
import { createLedger } from '../../../server/ledger/ledger.ts';
import { GIVE_UP_MS } from '../../../server/numbers/order-states.ts';
import type { Identity } from '../../../server/services.ts';
import type { Services } from '../../../server/services-of.ts';
import { CarrierRig, CHICAGO } from '../../support/carrier-rig.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { ANN, DANA, granted } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';
import { createPostgresTestStore } from '../../support/test-store.ts';

const HOMES = {
  SQLite: async () => {
    const home = await createSqliteHome();
    return { ...home, environment: { DATA_FILE: home.path } };
  },
  PostgreSQL: createPostgresTestStore,
} as const;

type Question = 'findNumber' | 'release';

/** A carrier whose next answer to a question is not even asked for until the test says so. */
class SlowCarrier {
  readonly carrier: NumberCarrier;
  readonly #held: Question;
  readonly #gate = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();

  constructor(carrier: NumberCarrier, held: Question) {
    this.#held = held;
    this.carrier = {
      ...carrier,
      findNumber: async (number) => await this.#pass('findNumber', () => carrier.findNumber(number)),
      release: async (numberRef) => await this.#pass('release', () => carrier.release(numberRef)),
    };
  }

  /** Resolves when somebody stands before it. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  goOn(): void {
    this.#gate.resolve();
  }

  async #pass<Answer>(question: Question, ask: () => Promise<Answer>): Promise<Answer> {
    if (question === this.#held) {
      this.#reached.resolve();
      await this.#gate.promise;
    }
    return await ask();
  }
}

describe.each(['SQLite', 'PostgreSQL'] as const)('of two servers on %s that give a number back', (name) => {
  let rig: CarrierRig;
  let ends: (() => Promise<void>)[];

  beforeEach(async () => {
    ends = [];
    rig = await CarrierRig.open(await HOMES[name]());
    for (const wallet of ['berlin', 'austin']) await rig.office.addCredit(10_000_000, wallet);
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    await rig.close();
  });

  /** By connections of its own; SQLite is for one process, which both share there. */
  async function slowServer(held: Question): Promise<{ readonly slow: SlowCarrier; readonly services: Services }> {
    const { numberCarrier } = rig.office;
    if (numberCarrier === null) throw new Error('The rig has a carrier');
    const slow = new SlowCarrier(numberCarrier, held);
    if (name === 'SQLite') return { slow, services: rig.office.newServices({ numberCarrier: slow.carrier }) };
    const store = await rig.office.openStore();
    const ledger = createLedger(store);
    ends.push(async () => {
      await ledger.close();
      await store.close();
    });
    return { slow, services: rig.office.newServices({ store, ledger, numberCarrier: slow.carrier }) };
  }

  async function owner() {
    const { db } = rig.office.store;
    return await db.selectFrom('number_owner').selectAll().where('number', '=', CHICAGO).executeTakeFirstOrThrow();
  }

  async function release({ rent }: Services): Promise<void> {
    const input = { number: CHICAGO, confirmedNumber: CHICAGO, changeId: randomUUID() };
    agreed(await rent.handlers.releaseNumber(DANA, input));
  }

  async function buyAgain(identity: Identity = DANA): Promise<string> {
    const offer = (await rig.search({ country: 'US' }, identity)).find(({ number }) => number === CHICAGO)?.offer;
    const purchase = granted(await rig.buy(CHICAGO, { identity, offer: offer ?? 'none' }));
    expect(purchase.state).toBe('bought');
    return purchase.purchaseId;
  }

  /** What the second buyer has must still be there, here and at the carrier. */
  async function expectOwned(purchaseId: string): Promise<void> {
    expect(rig.telnyx.numbersOwned()).toEqual([CHICAGO]);
    const row = await owner();
    expect(row).toMatchObject({ state: 'active', purchaseId });
    expect(row.numberRef).toBe(rig.telnyx.owned.find(({ status }) => status === 'active')?.id);
  }

  test("the slower one names the number that was, and leaves the next buyer's alone", async () => {
    await buyAgain();
    const { slow, services } = await slowServer('release');
    const first = release(services);
    await slow.reached;
    expect(await owner()).toMatchObject({ state: 'returning' });
    for (const { work } of rig.office.services.rent.works) await work();
    expect(await owner()).toMatchObject({ state: 'returned' });
    const purchaseId = await buyAgain();
    slow.goOn();
    await first;
    await expectOwned(purchaseId);
  });

  test('the slower one finds out that it is late before it gives back a number from before ids were kept', async () => {
    await buyAgain();
    const before = await owner();
    const row = { ...before, numberRef: null, version: before.version + 1 };
    await rig.office.store.writeRows([{ table: 'number_owner', mode: 'next_version', row }]);
    const { slow, services } = await slowServer('findNumber');
    const first = release(services);
    await slow.reached;
    for (const { work } of rig.office.services.rent.works) await work();
    expect(await owner()).toMatchObject({ state: 'returned', numberRef: before.numberRef });
    const purchaseId = await buyAgain();
    slow.goOn();
    await first;
    await expectOwned(purchaseId);
  });

  test.each<Question>([
    'findNumber',
    'release',
  ])('an order that turned up too late is given back as that order alone (%s is slow)', async (held) => {
    rig.telnyx.next('order', 'late');
    granted(await rig.buy(CHICAGO));
    await rig.sweep(GIVE_UP_MS / 1_000 + 30);
    expect(await rig.state()).toBe('abandoned');
    rig.telnyx.arrive();
    const { slow, services } = await slowServer(held);
    const late = rig.sweep(60, services);
    await slow.reached;
    await rig.sweep(1);
    expect(await rig.state()).toBe('failed');
    expect(rig.telnyx.numbersOwned()).toEqual([]);
    // For a day the office itself sees that its order failed; others may buy the number at once.
    const purchaseId = await buyAgain({ ...ANN, role: 'billing' });
    slow.goOn();
    await late;
    await expectOwned(purchaseId);
  });
});
