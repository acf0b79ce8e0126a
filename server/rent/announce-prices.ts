/**
 * Announces new rents: first everything is looked at and nothing is written; then each office's numbers get their price and its admins are
 * told, in one write. Whoever is stopped half-way says it again with the same id and goes on where it ended: what an office was told and
 * what its numbers cost from then on are one.
 */
import { micros } from '../../src/protocol/money.ts';
import { alertIdOf, alertWrites } from '../alerts/write-alert.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { ServerClock } from '../services.ts';
import type { RowWrite } from '../storage/rows.ts';
import { type Store, UnavailableError } from '../storage/store.ts';
import { changePrice, type PriceChange } from './change-price.ts';
import { officesAsked, type PricedOffice, type PriceQuestion, priceAsked, rowsOfOffice } from './price-question.ts';
import { addDays, type CalendarDay, dayAt } from './rent-calendar.ts';

export interface PriceRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
}

export interface PriceAnnouncement extends PriceQuestion {
  /** Made by whoever announces it. */
  readonly announcementId: string;
  /** In the time zone of each account. */
  readonly fromDay: CalendarDay;
}

export interface OfficePrices extends PricedOffice {
  readonly numberCount: number;
  /** Of those numbers, a month. */
  readonly oldMicros: number;
  readonly newMicros: number;
  readonly correctionCount: number;
  readonly sameCount: number;
  readonly blockedCount: number;
}

export type PriceRefusal =
  /** fromDay is too near for this account: the first day that would do. */
  | { readonly code: 'too_early'; readonly accountId: string; readonly firstDay: CalendarDay; readonly days: number }
  /** This office was told of something else by that id. */
  | { readonly code: 'id_reused'; readonly accountId: string; readonly officeId: string }
  /** More than can be written together. */
  | { readonly code: 'too_many'; readonly accountId: string; readonly officeId: string; readonly numberCount: number }
  /** Nobody of those that are meant rents them, or in another currency. */
  | { readonly code: 'numbers_unknown'; readonly numbers: readonly string[] };

export type PricePlan =
  | { readonly ok: true; readonly offices: readonly OfficePrices[] }
  | { readonly ok: false; readonly refusal: PriceRefusal };

/** Rows of one office that are written together. */
const WRITTEN_TOGETHER = 10_000;
/** Of one office in one mail; more are counted. */
const MAX_LISTED = 50;
/** Servers charge rents meanwhile, which makes other rows of them. */
const MAX_TRIES = 40;

/** What would be announced. Nothing is written. */
export async function planPrices(room: PriceRoom, announcement: PriceAnnouncement): Promise<PricePlan> {
  const offices: OfficePrices[] = [];
  const found = new Set<string>();
  for (const office of await officesAsked(room.store, announcement)) {
    const changes = await changesOf(room, { announcement, office });
    for (const { number } of changes.seen) found.add(number);
    const refusal = await refusalOf(room, { announcement, office, changes });
    if (refusal !== null) return { ok: false, refusal };
    offices.push(pricesOf(office, changes));
  }
  const { monthlyMicros } = announcement;
  const asked = typeof monthlyMicros === 'number' ? [] : [...monthlyMicros.keys()];
  const numbers = asked.filter((number) => !found.has(number));
  return numbers.length > 0 ? { ok: false, refusal: { code: 'numbers_unknown', numbers } } : { ok: true, offices };
}

/** Of a plan that is all right. Answers with what was announced now: nothing, the second time. */
export async function announcePrices(
  room: PriceRoom,
  announcement: PriceAnnouncement,
): Promise<readonly OfficePrices[]> {
  const announced: OfficePrices[] = [];
  for (const office of await officesAsked(room.store, announcement)) {
    const prices = await announceTo(room, { announcement, office });
    if (prices.numberCount > 0) announced.push(prices);
  }
  return announced;
}

interface OfOffice {
  readonly announcement: PriceAnnouncement;
  readonly office: PricedOffice;
}

async function announceTo(room: PriceRoom, asked: OfOffice): Promise<OfficePrices> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const changes = await changesOf(room, asked);
    const { changed } = changes;
    if (changed.length === 0) return pricesOf(asked.office, changes);
    const rows = changed.map(({ row }): RowWrite => ({ table: 'number_owner', mode: 'next_version', row }));
    const { applied } = await room.store.writeRows([...rows, ...alertWrites(alertOf(room, asked, changed))]);
    if (applied) return pricesOf(asked.office, changes);
  }
  throw new UnavailableError(
    `The numbers of ${asked.office.officeId} were changed by others ${MAX_TRIES} times in a row`,
  );
}

type Changed = Extract<PriceChange, { readonly outcome: 'changed' }> & { readonly newMicros: number };

interface Changes {
  readonly seen: readonly { readonly number: string }[];
  readonly changed: readonly Changed[];
  readonly sameCount: number;
  readonly blockedCount: number;
}

async function changesOf({ store, clock }: PriceRoom, { announcement, office }: OfOffice): Promise<Changes> {
  const nowMs = clock.nowMs();
  const today = dayAt(nowMs, office.timeZone);
  const seen = await rowsOfOffice(store, { question: announcement, office });
  const looked = seen.map((row) => {
    const monthlyMicros = priceAsked(announcement, row.number);
    const change = changePrice({ row, today, nowMs }, { monthlyMicros, fromDay: announcement.fromDay });
    return { ...change, newMicros: monthlyMicros };
  });
  return {
    seen,
    changed: looked.filter((change) => change.outcome === 'changed'),
    sameCount: looked.filter(({ outcome }) => outcome === 'same').length,
    blockedCount: looked.filter(({ outcome }) => outcome === 'blocked').length,
  };
}

async function refusalOf(
  { store, clock, policy }: PriceRoom,
  { announcement, office, changes: { changed } }: OfOffice & { readonly changes: Changes },
): Promise<PriceRefusal | null> {
  const { accountId, officeId, timeZone } = office;
  if (changed.length === 0) return null;
  if (changed.length > WRITTEN_TOGETHER) {
    return { code: 'too_many', accountId, officeId, numberCount: changed.length };
  }
  const days = changed.some(({ isRise }) => isRise) ? policy.of(office).rent.noticeDays : 1;
  const firstDay = addDays(dayAt(clock.nowMs(), timeZone), days);
  if (announcement.fromDay < firstDay) return { code: 'too_early', accountId, firstDay, days };
  const told = await store.db
    .selectFrom('mail')
    .select('mailId')
    .where('accountId', '=', accountId)
    // An alert's mail has its id, and is kept.
    .where('mailId', '=', alertIdOf({ facts: { kind: 'rent_changes' }, subject: subjectOf({ announcement, office }) }))
    .executeTakeFirst();
  return told ? { code: 'id_reused', accountId, officeId } : null;
}

function subjectOf({ announcement, office }: OfOffice): string {
  return `${announcement.announcementId}:${office.officeId}`;
}

function alertOf({ clock }: PriceRoom, asked: OfOffice, changed: readonly Changed[]) {
  const { announcement, office } = asked;
  const { oldMicros, newMicros } = sumsOf(changed);
  const listed = changed.slice(0, MAX_LISTED);
  return {
    accountId: office.accountId,
    officeId: office.officeId,
    subject: subjectOf(asked),
    atMs: clock.nowMs(),
    facts: {
      kind: 'rent_changes',
      fromOn: announcement.fromDay,
      numbers: listed.map(({ row, ...prices }) => ({
        number: row.number,
        oldMicros: prices.oldMicros,
        newMicros: prices.newMicros,
      })),
      numberCount: changed.length,
      oldMicros,
      newMicros,
      currency: announcement.currency,
      isCorrection: changed.some(({ isCorrection }) => isCorrection),
    },
  } as const;
}

function pricesOf(office: PricedOffice, { changed, sameCount, blockedCount }: Changes): OfficePrices {
  return {
    ...office,
    ...sumsOf(changed),
    numberCount: changed.length,
    correctionCount: changed.filter(({ isCorrection }) => isCorrection).length,
    sameCount,
    blockedCount,
  };
}

function sumsOf(changed: readonly Changed[]) {
  return {
    oldMicros: micros(changed.reduce((sum, change) => sum + change.oldMicros, 0)),
    newMicros: micros(changed.reduce((sum, change) => sum + change.newMicros, 0)),
  };
}
