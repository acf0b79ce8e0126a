/** What the simulated provider keeps, in the store, so that a restart of the server loses nothing. */
import type { SimulatedObjectRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { CardErrorCodes } from './decline.ts';
import type { EventSubject, ProviderDispute, ProviderStatus } from './payment-provider.ts';
import type { SimulatedCard } from './simulated-bank.ts';
import type { SimulatedDeliveries } from './simulated-deliveries.ts';

export interface SimulatedIntent {
  readonly kind: 'payment' | 'setup';
  readonly paymentId: string;
  readonly accountId: string;
  readonly customerRef: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly status: ProviderStatus;
  readonly error: CardErrorCodes | null;
  readonly cardRef: string | null;
  readonly keepsCard: boolean;
  readonly isOffSession: boolean;
  readonly clientSecret: string;
  readonly isDisputed: boolean;
  /** What stands on the statement, beside the operator's name. */
  readonly statementSuffix?: string;
}

export interface SimulatedMethod extends SimulatedCard {
  readonly kind: 'card';
  /** Null once it is detached. */
  readonly customerRef: string | null;
}

export interface SimulatedRefund {
  readonly kind: 'refund';
  readonly paymentRef: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly status: 'taken' | 'given_back';
}

export interface SimulatedDispute {
  readonly kind: 'dispute';
  readonly paymentRef: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly status: ProviderDispute['status'];
  readonly movements: ProviderDispute['movements'];
}

export interface SimulatedEvent {
  readonly kind: 'event';
  readonly type: string;
  readonly subject: EventSubject;
  readonly ref: string;
  readonly createdAtMs: number;
}

export type SimulatedObject =
  | SimulatedIntent
  | SimulatedMethod
  | SimulatedRefund
  | SimulatedDispute
  | SimulatedEvent
  | SimulatedDeliveries;

export interface Stored<Content extends SimulatedObject> {
  readonly ref: string;
  readonly content: Content;
  readonly createdAtMs: number;
  readonly version: number;
}

/** What an object is looked up by, beside its id. */
function ownerOf(content: SimulatedObject): string {
  switch (content.kind) {
    case 'payment':
    case 'setup':
      return content.customerRef;
    case 'card':
      return content.customerRef ?? '';
    case 'refund':
    case 'dispute':
      return content.paymentRef;
    case 'event':
    case 'deliveries':
      return content.kind;
  }
}

export type SimulatedStore = Pick<Store, 'db' | 'writeRows'>;

export class SimulatedObjects {
  readonly #store: SimulatedStore;

  constructor(store: SimulatedStore) {
    this.#store = store;
  }

  async find<Content extends SimulatedObject>(kind: Content['kind'], ref: string): Promise<Stored<Content> | null> {
    const row = await this.#store.db
      .selectFrom('simulated_object')
      .selectAll()
      .where('objectId', '=', ref)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return row ? stored<Content>(row) : null;
  }

  /** Of one owner, oldest first. */
  async list<Content extends SimulatedObject>(search: {
    readonly kind: Content['kind'];
    readonly ownerRef: string;
    readonly sinceMs: number;
  }): Promise<readonly Stored<Content>[]> {
    const rows = await this.#store.db
      .selectFrom('simulated_object')
      .selectAll()
      .where('kind', '=', search.kind)
      .where('ownerRef', '=', search.ownerRef)
      .where('createdAtMs', '>=', search.sinceMs)
      .orderBy('createdAtMs')
      .orderBy('objectId')
      .limit(MAX_LISTED)
      .execute();
    return rows.map(stored<Content>);
  }

  /** False when it is there already. */
  async add(object: {
    readonly ref: string;
    readonly content: SimulatedObject;
    readonly atMs: number;
  }): Promise<boolean> {
    const row = rowOf({ ...object, createdAtMs: object.atMs, version: 1 });
    return (await this.#store.writeRows([{ table: 'simulated_object', mode: 'insert', row }])).applied;
  }

  /** In place of what is there, whoever wrote it. */
  async put(object: { readonly ref: string; readonly content: SimulatedObject; readonly atMs: number }): Promise<void> {
    const row = rowOf({ ...object, createdAtMs: object.atMs, version: 1 });
    await this.#store.writeRows([{ table: 'simulated_object', mode: 'upsert', row }]);
  }

  /** False when somebody else changed one of them in between. */
  async change(...objects: readonly Stored<SimulatedObject>[]): Promise<boolean> {
    const writes = objects.map((object) => ({
      table: 'simulated_object' as const,
      mode: 'next_version' as const,
      row: rowOf({ ...object, version: object.version + 1 }),
    }));
    return (await this.#store.writeRows(writes)).applied;
  }
}

const MAX_LISTED = 5_000;

function stored<Content extends SimulatedObject>(row: SimulatedObjectRow): Stored<Content> {
  // Written by rowOf below, under this very kind.
  const content = JSON.parse(row.content) as Content;
  return { ref: row.objectId, content, createdAtMs: row.createdAtMs, version: row.version };
}

function rowOf(object: Stored<SimulatedObject>): SimulatedObjectRow {
  const { ref, content, createdAtMs, version } = object;
  const { kind } = content;
  return { objectId: ref, kind, ownerRef: ownerOf(content), content: JSON.stringify(content), createdAtMs, version };
}
