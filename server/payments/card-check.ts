/** Confirming a card by a small random charge: begin, guess, look (REQUIREMENTS D-22 to D-24). */
import { randomInt } from 'node:crypto';
import type { CardCheck } from '../../src/protocol/card-check.ts';
import { type Micros, micros } from '../../src/protocol/money.ts';
import { type OfficeOutcome, type OfficeProblemCode, officeRefusal } from '../../src/protocol/office-problem.ts';
import { type ProblemCode, type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { hasOpenDispute } from '../accounts/open-dispute.ts';
import type { Identity } from '../services.ts';
import type { CardCheckRow } from '../storage/rows.ts';
import { boundsRefusal } from './amount-refusal.ts';
import {
  chargeForCheck,
  expireCheck,
  giveBack,
  isCharging,
  isOwedBack,
  lookAtCheck,
  move,
} from './card-check-charge.ts';
import { cardCheckOf, cardChecksOf, LEAST_STEPS, MOST_STEPS, readCardCheck } from './card-check-row.ts';
import { minorFromMicros, stepMicros } from './minor-units.ts';
import { readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';

const MOST_IN_DAY = 2;
const FIRST_LOOK_MS = 60_000;
/** Requests that meet on one wallet. */
const MAX_ROUNDS = 10;

interface OneCheck {
  readonly identity: Identity;
  readonly checkId: string;
}

/** A check that is open already is shown instead of a second charge. */
export async function startCardCheck(room: PaymentRoom, asked: OneCheck): Promise<OfficeOutcome<CardCheck>> {
  const office = await room.offices.find(asked.identity);
  if (!office) return no('office_forbidden');
  if (await hasOpenDispute(room, office.office)) return no('payments_frozen');
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const known = await readCardCheck(room.store, { accountId: asked.identity.accountId, checkId: asked.checkId });
    if (known && known.officeId !== asked.identity.officeId) return no('id_reused');
    if (known) return shown(await cardCheckOf(room, await lookAtCheck(room, known)));
    const decided = await decide(room, { ...asked, office });
    if ('code' in decided) return no(decided.code);
    const { row } = decided;
    if (decided.isOpen) return shown(await cardCheckOf(room, await lookAtCheck(room, row)));
    // Not written: another request was first, with this id or as this one of the day.
    if (!(await room.store.writeRows([{ table: 'card_check', mode: 'insert', row }])).applied) continue;
    return shown(await cardCheckOf(room, await chargeForCheck(room, row)));
  }
  return no('unavailable');
}

type Decided = { readonly row: CardCheckRow; readonly isOpen: boolean } | { readonly code: OfficeProblemCode };

/** The row to begin with, the one that is open already, or why there can be none now. */
async function decide(
  room: PaymentRoom,
  { office, checkId }: OneCheck & { readonly office: Office },
): Promise<Decided> {
  const { accountId, officeId, walletId, timeZone } = office.office;
  const payer = await readPayer(room, office.office);
  if (!payer?.cardRef) return { code: 'card_missing' };
  const { cardRef, customerRef, provider } = payer;
  const nowMs = room.clock.nowMs();
  const day = localDay(nowMs, timeZone);
  const checks = await cardChecksOf(room.store, office.office);
  const ofCard = checks.filter((check) => check.cardRef === cardRef);
  const open = ofCard.find((check) => check.status === 'confirmed' || check.status === 'waiting' || isCharging(check));
  if (open) return { row: open, isOpen: true };
  if (ofCard.some((check) => check.status === 'locked' && check.day === day)) return { code: 'card_check_locked' };
  const numberOfDay = checks.filter((check) => check.day === day).length + 1;
  if (numberOfDay > MOST_IN_DAY) return { code: 'card_check_limit' };
  const { currency } = office.account;
  const triesLeft = room.policy.of(office.account).payments.cardCheckTries;
  const amountMinor = minorFromMicros(randomAmount(currency), currency);
  const dueAtMs = nowMs + FIRST_LOOK_MS;
  const state = { status: 'charging', triesLeft, providerRef: null, isPaid: false, isRefunded: false, version: 1 };
  const ids = { accountId, checkId, officeId, walletId, provider, customerRef, cardRef };
  const row = { ...ids, ...state, currency, amountMinor, day, numberOfDay, createdAtMs: nowMs, dueAtMs };
  return { row, isOpen: false };
}

function randomAmount(currency: string): Micros {
  return micros(randomInt(LEAST_STEPS, MOST_STEPS + 1) * stepMicros(currency));
}

/** An amount that it cannot be at all is a mistake of typing and costs no try. */
export async function guessCardCheck(
  room: PaymentRoom,
  guess: OneCheck & { readonly amountMicros: Micros },
): Promise<OfficeOutcome<CardCheck>> {
  const row = await ownCheck(room, guess);
  if (row === null) return no('card_check_closed');
  const { currency } = row;
  const step = stepMicros(currency);
  const bounds = { leastMicros: micros(LEAST_STEPS * step), mostMicros: micros(MOST_STEPS * step) };
  const wrong = boundsRefusal(guess.amountMicros, { currency, field: '/amountMicros', bounds });
  if (wrong) return { ok: false, refusal: wrong };
  if (row.status === 'waiting' && (await readPayer(room, row))?.cardRef !== row.cardRef) {
    await expireCheck(room, row);
    return no('card_check_closed');
  }
  const guessedMinor = minorFromMicros(guess.amountMicros, currency);
  // Decided anew on each version of the row, so that guesses at the same moment are counted one after the other.
  let isCounted = false;
  const after = await move(room, row, (now) => {
    isCounted = now.status === 'waiting';
    return isCounted ? afterGuess(now, guessedMinor) : null;
  });
  if (after.status === 'locked' && !isCounted) return no('card_check_locked');
  if (after.status !== 'waiting' && after.status !== 'locked' && after.status !== 'confirmed')
    return no('card_check_closed');
  if (isOwedBack(after)) await giveBack(room, after);
  return shown(await cardCheckOf(room, { row: after }));
}

function afterGuess(row: CardCheckRow, guessedMinor: number): CardCheckRow {
  if (guessedMinor === row.amountMinor) return { ...row, status: 'confirmed' };
  const triesLeft = row.triesLeft - 1;
  return { ...row, triesLeft, status: triesLeft === 0 ? 'locked' : row.status };
}

export async function showCardCheck(room: PaymentRoom, asked: OneCheck): Promise<OfficeOutcome<CardCheck>> {
  const row = await ownCheck(room, asked);
  return row === null ? no('card_check_closed') : shown(await cardCheckOf(room, await lookAtCheck(room, row)));
}

async function ownCheck(room: PaymentRoom, { identity, checkId }: OneCheck): Promise<CardCheckRow | null> {
  const row = await readCardCheck(room.store, { accountId: identity.accountId, checkId });
  return row?.officeId === identity.officeId ? row : null;
}

function localDay(atMs: number, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(atMs);
}

function shown(value: CardCheck): OfficeOutcome<CardCheck> {
  return { ok: true, value };
}

type Code = OfficeProblemCode | Extract<ProblemCode, 'office_forbidden' | 'id_reused' | 'unavailable'>;

function no(code: Code): { readonly ok: false; readonly refusal: Refusal | ReturnType<typeof officeRefusal> } {
  if (code === 'office_forbidden' || code === 'id_reused' || code === 'unavailable') {
    return { ok: false, refusal: refusal(code) };
  }
  return { ok: false, refusal: officeRefusal(code) };
}
