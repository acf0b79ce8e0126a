/**
 * People, hosts and admins of the offices of killed-home.ts. Whoever gets no answer asks again with the same id, at whichever server lives,
 * until there is one: what they were told is what the store has to agree with.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NumberPage } from '../../src/protocol/number.ts';
import type { OwnNumberPage } from '../../src/protocol/owned-number.ts';
import type { ServiceCharge } from '../../src/protocol/service.ts';
import { DRAINED, POOR, RICH, SHORT } from './killed-home.ts';
import type { Fault, LocalTelnyx } from './local-telnyx.ts';
import { homeToken } from './server-home.ts';

const USD = 1_000_000;
const ASK_AGAIN_MS = 20;
const LOOK_MS = 5;
const TIMEOUT_MS = 20_000;
/** What a customer without credit is told. */
const SHORT_OF_CREDIT = ['no_credit', 'insufficient_credit', 'credit_held', 'low_credit'];
const ORDER_FAULTS: readonly Fault[] = ['lost', 'error_after', 'error_before', 'busy', 'late', 'garbled', 'refused'];
const ASKED_ABOUT_FAULTS: readonly Fault[] = ['lost', 'error_before', 'busy'];

/** What callers were told. */
export class Acknowledged {
  readonly credits = new Map<string, { readonly officeId: string; readonly amountMicros: number }>();
  readonly purchases = new Map<
    string,
    { readonly officeId: string; readonly number: string; readonly state: string }
  >();
  /** Purchases that were refused after they had been begun: nothing may be charged for them. */
  readonly undelivered = new Set<string>();
  readonly settled = new Map<string, Pick<ServiceCharge, 'officeId' | 'units' | 'costMicros'>>();
  readonly givenBack = new Set<string>();
  /** By the id of the change: the number that it brought back. */
  readonly restored = new Map<string, string>();
  readonly released = new Map<string, string>();

  get count(): number {
    const kept = [this.credits, this.purchases, this.undelivered, this.settled, this.givenBack, this.restored];
    return kept.reduce((sum, { size }) => sum + size, this.released.size);
  }
}

interface Asked {
  readonly officeId: string;
  readonly role: 'billing' | 'host';
  readonly path: string;
  /** GET without one. */
  readonly body?: unknown;
  /** Refusals that are answers. */
  readonly refusals?: readonly string[];
}

interface Answer {
  /** Null when it was done. */
  readonly refusal: string | null;
  readonly body: unknown;
}

export class KilledLoad {
  readonly acknowledged = new Acknowledged();
  /** Questions, too. */
  #answerCount = 0;
  readonly #url: () => Promise<string>;
  readonly #telnyx: LocalTelnyx;
  readonly #tokens = new Map<string, Promise<string>>();
  #clients: readonly Promise<void>[] = [];
  #isPausing = false;

  constructor(options: { readonly url: () => Promise<string>; readonly telnyx: LocalTelnyx }) {
    this.#url = options.url;
    this.#telnyx = options.telnyx;
  }

  begin(): void {
    this.#isPausing = false;
    const buyers = [...RICH, ...RICH, SHORT].map((officeId) => () => this.#buy(officeId));
    const hosts = [...RICH, ...RICH, SHORT].map((officeId) => () => this.#useService(officeId));
    const stewards = [...RICH, POOR].map((officeId) => () => this.#lookAfterNumbers(officeId));
    const drains = DRAINED.map((officeId) => () => this.#drain(officeId));
    this.#clients = [...buyers, ...hosts, ...stewards, ...drains].map((step) => this.#again(step));
    // Heard of by whoever pauses.
    for (const client of this.#clients) client.catch(() => undefined);
  }

  /** Until so many more answers were heard, however long that takes on this machine. */
  async untilAnswered(more: number): Promise<void> {
    const wanted = this.#answerCount + more;
    while (this.#answerCount < wanted) await Promise.race([delay(LOOK_MS), ...this.#clients]);
  }

  /** Resolves when everybody has the answer to what they asked; throws what nobody should have been told. */
  async pause(): Promise<void> {
    this.#isPausing = true;
    await Promise.all(this.#clients);
  }

  async #again(step: () => Promise<void>): Promise<void> {
    while (!this.#isPausing) await step();
  }

  async #buy(officeId: string): Promise<void> {
    const telnyx = this.#telnyx;
    telnyx.latencyMs = random(40);
    telnyx.delivery = random(4) === 0 ? 'pending' : 'success';
    if (random(5) === 0) telnyx.next('order', ...some(ORDER_FAULTS));
    if (random(20) === 0) telnyx.next('orders', ...some(ASKED_ABOUT_FAULTS));
    const isStock = random(4) === 0;
    const query = isStock ? 'country=DE' : `country=US&cursor=carrier&ends=${String(random(100)).padStart(2, '0')}`;
    const found = await this.#ask({ officeId, role: 'billing', path: `/v1/numbers?${query}` });
    const { numbers } = found.body as NumberPage;
    const chosen = pick(numbers.filter(({ status }) => status === 'available'));
    if (chosen) await this.#purchase(officeId, chosen);
  }

  async #purchase(officeId: string, { number, offer }: NumberPage['numbers'][number]): Promise<void> {
    const purchaseId = randomUUID();
    const answer = await this.#ask({
      officeId,
      role: 'billing',
      path: `/v1/numbers/${encodeURIComponent(number)}/purchase`,
      body: { purchaseId, ...(offer === null ? {} : { offer }) },
      refusals: ['number_taken', 'number_unknown', 'number_undeliverable', ...SHORT_OF_CREDIT],
    });
    if (answer.refusal === null) {
      const { state } = answer.body as { readonly state: string };
      this.acknowledged.purchases.set(purchaseId, { officeId, number, state });
    } else if (SHORT_OF_CREDIT.includes(answer.refusal)) await this.#topUp(officeId, 3 * USD);
    else this.acknowledged.undelivered.add(purchaseId);
  }

  async #useService(officeId: string): Promise<void> {
    const chargeId = randomUUID();
    const units = 1 + random(20);
    const wish = { chargeId, kind: 'sms', units, to: '+4915123456789' };
    if (random(2) === 0) return await this.#topUpFor(officeId, await this.#charge(officeId, wish));
    const path = '/v1/service-authorizations';
    const begun = await this.#ask({ officeId, role: 'host', path, body: wish, refusals: MAY_REFUSE });
    if (begun.refusal !== null) return await this.#topUpFor(officeId, begun.refusal);
    const end = random(8);
    // Forgotten: it expires.
    if (end === 0) return;
    if (end < 3) return await this.#giveBack(officeId, chargeId);
    await this.#settle(officeId, { chargeId, units: random(2 * units) });
  }

  /** The refusal; null when it was charged. */
  async #charge(officeId: string, wish: { readonly chargeId: string; readonly units: number }): Promise<string | null> {
    const request = { officeId, role: 'host', path: '/v1/service-charges', body: wish, refusals: MAY_REFUSE } as const;
    const charged = await this.#ask(request);
    if (charged.refusal !== null) return charged.refusal;
    this.acknowledged.settled.set(wish.chargeId, charged.body as ServiceCharge);
    return null;
  }

  /** Some are not sure that they were heard, and tell it twice. */
  async #settle(officeId: string, used: { readonly chargeId: string; readonly units: number }): Promise<void> {
    const { chargeId, units } = used;
    for (let times = 1 + random(2); times > 0; times -= 1) {
      const path = `/v1/service-charges/${chargeId}/settle`;
      const refusals = ['service_expired'];
      const settled = await this.#ask({ officeId, role: 'host', path, body: { units }, refusals });
      if (settled.refusal === null) this.acknowledged.settled.set(chargeId, settled.body as ServiceCharge);
    }
  }

  async #giveBack(officeId: string, chargeId: string): Promise<void> {
    await this.#ask({ officeId, role: 'host', path: `/v1/service-charges/${chargeId}/release`, body: {} });
    this.acknowledged.givenBack.add(chargeId);
  }

  /** Brings numbers back whose rent was not paid, and gives others up. */
  async #lookAfterNumbers(officeId: string): Promise<void> {
    const { body } = await this.#ask({ officeId, role: 'billing', path: '/v1/own-numbers' });
    const { numbers } = body as OwnNumberPage;
    const unpaid = pick(numbers.filter(({ state }) => state === 'late' || state === 'held'));
    if (unpaid && random(20) === 0) await this.#restore(officeId, unpaid.number);
    const bought = pick(numbers.filter(({ state, number }) => state === 'active' && number.startsWith('+1')));
    if (bought && random(4) === 0) await this.#release(officeId, bought.number);
    await delay(20 + random(60));
  }

  async #restore(officeId: string, number: string): Promise<void> {
    await this.#topUp(officeId, USD);
    const changeId = randomUUID();
    const path = `/v1/own-numbers/${encodeURIComponent(number)}/restore`;
    const refusals = [...SHORT_OF_CREDIT, 'number_unknown', 'id_reused'];
    const restored = await this.#ask({ officeId, role: 'billing', path, body: { changeId }, refusals });
    if (restored.refusal === null) this.acknowledged.restored.set(changeId, number);
  }

  async #release(officeId: string, number: string): Promise<void> {
    const changeId = randomUUID();
    const path = `/v1/own-numbers/${encodeURIComponent(number)}/release`;
    const body = { changeId, confirmedNumber: number };
    if (random(5) === 0) this.#telnyx.next('release', ...some(ASKED_ABOUT_FAULTS));
    const released = await this.#ask({ officeId, role: 'billing', path, body, refusals: ['number_unknown'] });
    if (released.refusal === null) this.acknowledged.released.set(changeId, number);
  }

  /** Down to where nothing can be paid any more; then somebody adds credit. */
  async #drain(officeId: string): Promise<void> {
    for (const units of [100, 1]) {
      let refused: string | null = null;
      while (refused === null && !this.#isPausing) {
        const wish = { chargeId: randomUUID(), kind: 'sms', units, to: '+4915123456789' };
        refused = await this.#charge(officeId, wish);
      }
    }
    await delay(random(800));
    if (!this.#isPausing) await this.#topUp(officeId, 10 * USD);
  }

  async #topUpFor(officeId: string, refusal: string | null): Promise<void> {
    if (refusal !== null && SHORT_OF_CREDIT.includes(refusal)) await this.#topUp(officeId, 3 * USD);
  }

  async #topUp(officeId: string, amountMicros: number): Promise<void> {
    const creditId = randomUUID();
    await this.#ask({ officeId, role: 'billing', path: '/v1/play-credit', body: { creditId, amountMicros } });
    this.acknowledged.credits.set(creditId, { officeId, amountMicros });
  }

  async #ask(asked: Asked): Promise<Answer> {
    const { officeId, role, path, body, refusals = [] } = asked;
    for (;;) {
      const url = (await this.#url()) + path;
      const response = await send(url, { token: await this.#token(officeId, role), body });
      if (response !== null) this.#answerCount += 1;
      if (response?.status === 200) return { refusal: null, body: JSON.parse(response.text) };
      const code = response === null || response.status === 503 ? null : String(JSON.parse(response.text).code);
      if (code !== null && refusals.includes(code)) return { refusal: code, body: null };
      if (code !== null) throw new Error(`${path} answered ${response?.text}`);
      await delay(ASK_AGAIN_MS);
    }
  }

  #token(officeId: string, role: Asked['role']): Promise<string> {
    const key = `${officeId} ${role}`;
    const known = this.#tokens.get(key) ?? homeToken({ personId: `${role}-${officeId}`, officeId, role });
    this.#tokens.set(key, known);
    return known;
  }
}

const MAY_REFUSE = [...SHORT_OF_CREDIT, 'service_expired', 'service_closed'];

/** Null when nobody answered: whether it was done is not known. */
async function send(
  url: string,
  { token, body }: { readonly token: string; readonly body: unknown },
): Promise<{ readonly status: number; readonly text: string } | null> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    // Killed in the middle of it: the caller knows nothing, which is the point.
    return null;
  }
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function pick<Item>(items: readonly Item[]): Item | undefined {
  return items[random(items.length)];
}

/** One of them. */
function some<Item>(items: readonly Item[]): readonly Item[] {
  const at = random(items.length);
  return items.slice(at, at + 1);
}
