/**
 * A Telnyx of the test's own over HTTP: it keeps numbers and orders as API version 2 publishes them, and does what networks do. Numbers are
 * sold once; an order has our reference; what a test scripts happens to the next requests of that kind.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TELNYX_KEY = 'KEY0123456789ABCDEF_of_a_test';

export interface LocalNumber {
  readonly number: string;
  readonly country?: string;
  readonly type?: 'local' | 'mobile' | 'toll_free';
  readonly features?: readonly string[];
  readonly upfront?: string;
  readonly monthly?: string;
  readonly city?: string;
}

/**
 * lost: it is done, the answer is not heard. error_after: it is done, the answer is 500. error_before, busy, refused: nothing is done.
 * late: nothing is heard, and it is done when the test says so. hang: it is done, and no answer comes. garbled: done, in words nobody
 * knows.
 */
export type Fault = 'lost' | 'error_after' | 'error_before' | 'busy' | 'refused' | 'late' | 'hang' | 'garbled';
type Kind = 'search' | 'order' | 'orders' | 'numbers' | 'release';

interface LocalOrder {
  readonly id: string;
  readonly reference: string;
  readonly number: string;
  readonly connectionId: string | null;
  status: 'pending' | 'success' | 'failure';
}

interface Owned {
  readonly id: string;
  readonly number: string;
  status: 'active' | 'deleted';
}

export class LocalTelnyx {
  readonly orders: LocalOrder[] = [];
  readonly owned: Owned[] = [];
  /** "POST /number_orders", in their order. */
  readonly requests: string[] = [];
  readonly queries: URLSearchParams[] = [];
  readonly #server: Server;
  readonly #stock: LocalNumber[] = [];
  readonly #faults: { readonly kind: Kind; readonly fault: Fault }[] = [];
  readonly #late: (() => void)[] = [];
  /** What becomes of the next orders. */
  delivery: LocalOrder['status'] = 'success';
  /** Milliseconds before each answer. */
  latencyMs = 0;
  /** Told of each request ("POST /number_orders") just before anything is done about it, and again when it is done and not answered yet. */
  witness: ((request: string, moment: 'before' | 'after') => void) | null = null;
  #count = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<LocalTelnyx> {
    const server = createServer();
    const telnyx = new LocalTelnyx(server);
    server.on('request', (request, response) => void telnyx.#hear(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return telnyx;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v2`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  sells(...numbers: readonly LocalNumber[]): void {
    this.#stock.push(...numbers);
  }

  /** What happens to the next request of the kind, one after the other. */
  next(kind: Kind, ...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ kind, fault })));
  }

  /** Requests that were under way come to their end. */
  arrive(): void {
    for (const act of this.#late.splice(0)) act();
  }

  decide(number: string, status: 'success' | 'failure'): void {
    for (const order of this.orders)
      if (order.number === number && order.status === 'pending') this.#end(order, status);
  }

  /** Somebody buys or has it at the carrier's own portal. */
  has(number: string): void {
    this.owned.push({ id: this.#newId(), number, status: 'active' });
  }

  numbersOwned(): readonly string[] {
    return this.owned.flatMap(({ number, status }) => (status === 'active' ? [number] : []));
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://telnyx');
    const path = url.pathname.replace(/^\/v2/, '');
    this.requests.push(`${request.method} ${path}`);
    this.queries.push(url.searchParams);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString());
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    this.witness?.(`${request.method} ${path}`, 'before');
    const kind = kindOf(request.method ?? '', path);
    const isKnown = request.headers.authorization === `Bearer ${TELNYX_KEY}`;
    const reply = isKnown
      ? this.#replyTo({ kind, path, query: url.searchParams, body })
      : { status: 401, body: problem('10009', 'No key') };
    this.witness?.(`${request.method} ${path}`, 'after');
    if (reply === 'cut') response.destroy();
    else if (reply !== 'silence') send(response, reply);
  }

  #replyTo(asked: Asked): Done | 'cut' | 'silence' {
    const at = this.#faults.findIndex(({ kind }) => kind === asked.kind);
    const fault = at < 0 ? null : (this.#faults.splice(at, 1)[0]?.fault ?? null);
    switch (fault) {
      case 'error_before':
        return { status: 503, body: problem('10007', 'Unexpected error') };
      case 'busy':
        return { status: 429, body: problem('10011', 'Too many requests') };
      case 'refused':
        return { status: 422, body: problem('85001', 'The phone number is not available') };
      case 'late':
        this.#late.push(() => void this.#done(asked));
        return 'cut';
      case 'lost':
        this.#done(asked);
        return 'cut';
      case 'hang':
        this.#done(asked);
        return 'silence';
      case 'error_after':
        this.#done(asked);
        return { status: 500, body: problem('10007', 'Unexpected error') };
      case 'garbled':
        this.#done(asked);
        return { status: 200, body: { data: { order: 'done' } } };
      case null:
        return this.#done(asked);
    }
  }

  #done({ kind, path, query, body }: Asked): Done {
    switch (kind) {
      case 'search':
        return { status: 200, body: { data: this.#found(query), meta: { total_results: 1 } } };
      case 'order':
        return this.#order(body);
      case 'orders':
        return this.#showOrders(path, query);
      case 'numbers':
        return this.#showNumbers(query);
      case 'release':
        return this.#release(path);
    }
  }

  #found(query: URLSearchParams): readonly unknown[] {
    const filter = (name: string) => query.get(`filter${name}`) ?? '';
    const features = filter('[features]').split(',').filter(Boolean);
    return this.#stock
      .filter(({ number }) => !this.#isSold(number))
      .filter(({ country = 'US' }) => country === filter('[country_code]'))
      .filter(({ type = 'local' }) => type === filter('[phone_number_type]'))
      .filter((offered) => features.every((feature) => (offered.features ?? ['voice']).includes(feature)))
      .filter(({ number, country = 'US' }) => {
        const national = number.slice(country === 'US' ? 2 : 3);
        const areaCode = filter('[national_destination_code]');
        return (
          national.startsWith(areaCode + filter('[phone_number][starts_with]')) &&
          national.endsWith(filter('[phone_number][ends_with]')) &&
          national.includes(filter('[phone_number][contains]'))
        );
      })
      .slice(0, Number(filter('[limit]')))
      .map(availableOf);
  }

  #order(body: unknown): Done {
    // Sent by our own client in a test, so its shape is known; what is wrong with it fails the test.
    const wanted = body as {
      readonly phone_numbers: readonly [{ readonly phone_number: string }];
      readonly customer_reference: string;
      readonly connection_id?: string;
    };
    const number = wanted.phone_numbers[0].phone_number;
    const isSold = this.#isSold(number) || !this.#stock.some((offered) => offered.number === number);
    if (isSold) return { status: 422, body: problem('85001', 'The phone number is not available') };
    const order: LocalOrder = {
      id: this.#newId(),
      reference: wanted.customer_reference,
      number,
      connectionId: wanted.connection_id ?? null,
      status: 'pending',
    };
    this.orders.push(order);
    if (this.delivery !== 'pending') this.#end(order, this.delivery);
    return { status: 200, body: { data: orderOf(order) } };
  }

  #showOrders(path: string, query: URLSearchParams): Done {
    const id = path.split('/')[2];
    if (id === undefined) {
      const reference = query.get('filter[customer_reference]') ?? '';
      // As loosely as a search: "abc" also finds "abcd".
      const found = this.orders.filter((order) => order.reference.startsWith(reference.slice(0, 8)));
      const data = found.map(({ status, ...order }) => ({ ...orderOf({ ...order, status }), phone_numbers: [] }));
      return { status: 200, body: { data, meta: { total_pages: 1, page_number: 1 } } };
    }
    const order = this.orders.find((known) => known.id === id);
    return order
      ? { status: 200, body: { data: orderOf(order) } }
      : { status: 404, body: problem('10005', 'Not found') };
  }

  #showNumbers(query: URLSearchParams): Done {
    const wanted = query.get('filter[phone_number]')?.replace(/\D/g, '') ?? '';
    const size = Number(query.get('page[size]') ?? 20);
    const page = Number(query.get('page[number]') ?? 1);
    const found = this.owned.filter(({ number }) => number.includes(wanted));
    const data = found
      .slice((page - 1) * size, page * size)
      .map(({ id, number, status }) => ({ id, phone_number: number, status }));
    return {
      status: 200,
      body: { data, meta: { total_pages: Math.ceil(found.length / size), page_number: page } },
    };
  }

  #release(path: string): Done {
    const owned = this.owned.find(({ id, status }) => path.endsWith(`/${id}`) && status === 'active');
    if (!owned) return { status: 404, body: problem('10005', 'Not found') };
    owned.status = 'deleted';
    return { status: 200, body: { data: { id: owned.id, phone_number: owned.number, status: 'deleted' } } };
  }

  #end(order: LocalOrder, status: 'success' | 'failure'): void {
    order.status = status;
    if (status === 'success') this.has(order.number);
  }

  #isSold(number: string): boolean {
    const isOrdered = this.orders.some((order) => order.number === number && order.status === 'pending');
    return isOrdered || this.numbersOwned().includes(number);
  }

  #newId(): string {
    this.#count += 1;
    return `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`;
  }
}

interface Asked {
  readonly kind: Kind;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

interface Done {
  readonly status: number;
  readonly body: unknown;
}

function kindOf(method: string, path: string): Kind {
  if (path === '/available_phone_numbers') return 'search';
  if (path.startsWith('/number_orders')) return method === 'POST' ? 'order' : 'orders';
  return method === 'DELETE' ? 'release' : 'numbers';
}

function orderOf({ id, reference, number, status }: LocalOrder) {
  const isOver = status !== 'pending';
  return {
    id,
    record_type: 'number_order',
    phone_numbers_count: 1,
    phone_numbers: [{ id: `${id}-1`, phone_number: number, status, requirements_met: isOver }],
    status,
    customer_reference: reference,
    requirements_met: isOver,
  };
}

function availableOf({ number, features = ['voice'], upfront, monthly, city }: LocalNumber) {
  return {
    record_type: 'available_phone_number',
    phone_number: number,
    best_effort: false,
    region_information: [
      { region_type: 'country_code', region_name: 'US' },
      { region_type: 'state', region_name: 'IL' },
      { region_type: 'location', region_name: city ?? 'Chicago' },
    ],
    features: features.map((name) => ({ name })),
    ...(monthly === undefined
      ? {}
      : { cost_information: { upfront_cost: upfront ?? '0.0', monthly_cost: monthly, currency: 'USD' } }),
  };
}

function problem(code: string, detail: string) {
  return { errors: [{ code, title: detail, detail }] };
}

function send(response: ServerResponse, { status, body }: Done): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '3' } : {}) });
  response.end(JSON.stringify(body));
}
