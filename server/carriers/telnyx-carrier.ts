/**
 * Numbers of Telnyx, by its published API version 2: available_phone_numbers, number_orders, phone_numbers. An order carries our own id as
 * its customer_reference; an order that may or may not have arrived is looked for by it.
 */
import { parseMicros } from '../../src/protocol/money.ts';
import { NUMBER_FEATURES } from '../../src/protocol/number.ts';
import type { CarrierNumber, CarrierOrder, CarrierSearch, NumberCarrier, OrderAnswer } from './number-carrier.ts';
import { CarrierError } from './number-carrier.ts';
import { parsed, reasonOf, type TelnyxAnswer, TelnyxClient, type TelnyxOptions } from './telnyx-client.ts';
import {
  type AvailableNumber,
  availableNumbersSchema,
  type OwnedNumber,
  orderAnswerSchema,
  orderListSchema,
  ownedNumbersSchema,
  type TelnyxOrder,
} from './telnyx-objects.ts';

export interface TelnyxCarrierOptions extends TelnyxOptions {
  /** The connection at Telnyx where calls to the numbers arrive; without it numbers are bought and ring nowhere yet. */
  readonly connectionId?: string | null;
}

const OWNED_PAGE_SIZE = 250;
const MAX_OWNED_PAGES = 4_000;

export function createTelnyxCarrier(options: TelnyxCarrierOptions): NumberCarrier {
  const client = new TelnyxClient(options);
  return {
    name: 'telnyx',
    search: async (search) => {
      const request = { method: 'GET', path: '/available_phone_numbers', query: filtersOf(search) } as const;
      const { data } = await client.ask(request, availableNumbersSchema);
      return data.map(carrierNumberOf);
    },
    order: async ({ orderId, number }) =>
      orderAnswer(
        await client.send({
          method: 'POST',
          path: '/number_orders',
          body: {
            phone_numbers: [{ phone_number: number }],
            customer_reference: orderId,
            ...(options.connectionId ? { connection_id: options.connectionId } : {}),
          },
        }),
        number,
      ),
    findOrder: (request) => findOrder(client, request),
    findNumber: (number) => findNumber(client, number),
    release: (numberRef) => release(client, numberRef),
    owned: () => ownedNumbers(client),
  };
}

/** Telnyx looks for features that all of a number has; its own "toll_free", "local", "mobile" are our words, too. */
function filtersOf(search: CarrierSearch): Readonly<Record<string, string>> {
  return {
    'filter[country_code]': search.country,
    'filter[phone_number_type]': search.type,
    'filter[limit]': String(search.limit),
    // Numbers that are only similar to what was asked for would be shown as found.
    'filter[best_effort]': 'false',
    ...(search.areaCode === undefined ? {} : { 'filter[national_destination_code]': search.areaCode }),
    ...(search.starts === undefined ? {} : { 'filter[phone_number][starts_with]': search.starts }),
    ...(search.contains === undefined ? {} : { 'filter[phone_number][contains]': search.contains }),
    ...(search.ends === undefined ? {} : { 'filter[phone_number][ends_with]': search.ends }),
    ...(search.features.length === 0 ? {} : { 'filter[features]': search.features.join(',') }),
  };
}

function carrierNumberOf(number: AvailableNumber): CarrierNumber {
  const names = (number.features ?? []).map(({ name }) => name);
  const { cost_information: cost } = number;
  return {
    number: number.phone_number,
    region: regionOf(number),
    features: NUMBER_FEATURES.filter((feature) => names.includes(feature)),
    cost: cost
      ? { currency: cost.currency, setupMicros: costOf(cost.upfront_cost), monthlyMicros: costOf(cost.monthly_cost) }
      : null,
  };
}

function costOf(decimal: string): number {
  const price = parseMicros(decimal);
  if (price === null) throw new CarrierError(`Telnyx: a cost that is none: ${decimal}`);
  return price;
}

/** "Chicago, IL": from the smallest to the largest that is told, without the country. */
function regionOf({ region_information: regions }: AvailableNumber): string {
  const name = (type: string) => regions?.find(({ region_type }) => region_type === type)?.region_name;
  const place = name('location') ?? name('rate_center');
  return [place, name('state')].filter(Boolean).join(', ');
}

function orderAnswer(answer: TelnyxAnswer, number: string): OrderAnswer {
  switch (answer.kind) {
    case 'done':
      return placedOrder(answer.body, number);
    case 'busy':
      return { outcome: 'busy', retryInMs: answer.retryInMs };
    case 'refused':
      return { outcome: 'refused', reason: answer.reason };
    case 'unknown':
      return { outcome: 'unknown', reason: answer.reason };
  }
}

/** Accepted, but in words that are not understood: there may be an order. */
function placedOrder(body: unknown, number: string): OrderAnswer {
  try {
    return { outcome: 'order', order: carrierOrderOf(parsed(body, orderAnswerSchema).data, number) };
  } catch (cause) {
    if (!(cause instanceof CarrierError)) throw cause;
    return { outcome: 'unknown', reason: cause.message };
  }
}

/** A list may be filtered loosely; only an order with exactly our id is ours. */
async function findOrder(
  client: TelnyxClient,
  { orderId, number }: { readonly orderId: string; readonly number: string },
): Promise<CarrierOrder | null> {
  const query = { 'filter[customer_reference]': orderId, 'page[size]': '20' };
  const { data } = await client.ask({ method: 'GET', path: '/number_orders', query }, orderListSchema);
  const found = data.find(({ customer_reference }) => customer_reference === orderId);
  if (found === undefined) return null;
  // The list leaves out what became of each number.
  const path = `/number_orders/${encodeURIComponent(found.id)}`;
  return carrierOrderOf((await client.ask({ method: 'GET', path }, orderAnswerSchema)).data, number);
}

/** An order of ours has one number: what became of it decides, the order as a whole where it is not told. */
function carrierOrderOf({ id, status, phone_numbers: numbers }: TelnyxOrder, number: string): CarrierOrder {
  const state = numbers?.find(({ phone_number }) => phone_number === number)?.status ?? status;
  if (state === 'success') return { state: 'delivered', ref: id };
  if (state === 'failure' || status === 'failure') return { state: 'failed', ref: id, reason: 'the order failed' };
  return { state: 'pending', ref: id };
}

/** Telnyx finds by the digits; only the number itself counts. */
async function findNumber(client: TelnyxClient, number: string): Promise<string | null> {
  const query = { 'filter[phone_number]': number, 'page[number]': '1', 'page[size]': '20' };
  const { data } = await client.ask({ method: 'GET', path: '/phone_numbers', query }, ownedNumbersSchema);
  return data.find((owned) => owned.phone_number === number && isOurs(owned))?.id ?? null;
}

async function release(client: TelnyxClient, numberRef: string): Promise<void> {
  const path = `/phone_numbers/${encodeURIComponent(numberRef)}`;
  const answer = await client.send({ method: 'DELETE', path });
  if (answer.kind === 'done') return;
  // Somebody has deleted it before.
  if (answer.kind === 'refused' && answer.status === 404) return;
  throw new CarrierError(`Telnyx: DELETE ${path}: ${reasonOf(answer)}`);
}

async function* ownedNumbers(client: TelnyxClient): AsyncIterable<string> {
  for (let page = 1; page <= MAX_OWNED_PAGES; page += 1) {
    const query = { 'page[number]': String(page), 'page[size]': String(OWNED_PAGE_SIZE) };
    const { data, meta } = await client.ask({ method: 'GET', path: '/phone_numbers', query }, ownedNumbersSchema);
    for (const owned of data) if (isOurs(owned)) yield owned.phone_number;
    if (page >= meta.total_pages) return;
  }
  throw new CarrierError(`Telnyx: more than ${MAX_OWNED_PAGES * OWNED_PAGE_SIZE} numbers`);
}

function isOurs({ status }: OwnedNumber): boolean {
  return status !== 'deleted' && status !== 'purchase_failed' && status !== 'ported_out';
}
