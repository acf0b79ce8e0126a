/**
 * Who sells us numbers. The carrier knows our own id of each order, so that an order whose answer was lost is asked about and never made
 * a second time. What a number costs our customers is the operator's own price, not the carrier's.
 */
import type { NUMBER_FEATURES, NUMBER_TYPES } from '../../src/protocol/number.ts';

export interface CarrierSearch {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: (typeof NUMBER_TYPES)[number];
  /** National digits: area code and what follows it, none of them empty. */
  readonly areaCode?: string;
  readonly starts?: string;
  readonly contains?: string;
  readonly ends?: string;
  readonly features: readonly (typeof NUMBER_FEATURES)[number][];
  readonly limit: number;
}

export interface CarrierNumber {
  /** E.164. */
  readonly number: string;
  readonly region: string;
  readonly features: readonly (typeof NUMBER_FEATURES)[number][];
  /** What it costs us; null when the carrier does not say. */
  readonly cost: { readonly currency: string; readonly setupMicros: number; readonly monthlyMicros: number } | null;
}

export type CarrierOrder =
  | { readonly state: 'pending'; readonly ref: string }
  | { readonly state: 'delivered'; readonly ref: string }
  | { readonly state: 'failed'; readonly ref: string; readonly reason: string };

/**
 * What became of an order. `refused`: the carrier said no, and has no order. `busy`: nothing was ordered, ask later. `unknown`: it may have
 * it.
 */
export type OrderAnswer =
  | { readonly outcome: 'order'; readonly order: CarrierOrder }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'busy'; readonly retryInMs: number }
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface NumberCarrier {
  /** "telnyx"; kept with each order and number. */
  readonly name: string;
  /** Throws CarrierError. */
  search(search: CarrierSearch): Promise<readonly CarrierNumber[]>;
  /** Never throws for what the carrier or the network does: whether there is an order now is the answer. */
  order(request: { readonly orderId: string; readonly number: string }): Promise<OrderAnswer>;
  /** The order with our id; null: the carrier has none. Throws CarrierError. */
  findOrder(request: { readonly orderId: string; readonly number: string }): Promise<CarrierOrder | null>;
  /**
   * The carrier's own id of a number (E.164) that is ours there now, another one each time that it is bought; null: it is not ours. Throws
   * CarrierError.
   */
  findNumber(number: string): Promise<string | null>;
  /**
   * Resolves when what has this id is no longer ours there, also when it never was. By id and not by its digits: whoever is late would give
   * back a number that was bought again since. Throws CarrierError.
   */
  release(numberRef: string): Promise<void>;
  /** Every number that is ours there (E.164). Throws CarrierError. */
  owned(): AsyncIterable<string>;
}

/** The carrier cannot be asked, or says what it should not. Nothing is known to have happened there. */
export class CarrierError extends Error {
  override readonly name = 'CarrierError';
}
