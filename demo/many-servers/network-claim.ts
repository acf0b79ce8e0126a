/**
 * One phone network a store. A second demo on the same data would bring a second one along, with the same name and other secrets: each
 * would be asked about the calls of the other, know nothing of them, and they would be cut. So a demo claims the network before it
 * starts, and keeps the claim while it lives; after a kill -9 the claim runs out by itself.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { lookRegularly } from '../../server/look-regularly.ts';
import { realTimer } from '../../server/real-timer.ts';
import { StartError } from '../../server/start-error.ts';
import type { Store } from '../../server/storage/store.ts';

const CLAIM = 'demo/phone-network';
const BEAT_MS = 1_000;
/** A demo that was not heard of for so long is gone. */
const LIVES_MS = 4_000;
const LOOK_AGAIN_MS = 250;

export type ClaimedStore = Pick<Store, 'claim' | 'db' | 'place'>;

/** What a claim is made by: readable for whoever is refused, and of one process only. */
export function networkHolder(url: string): string {
  return `${url}, process ${process.pid} on ${hostname()} #${randomUUID()}`;
}

/**
 * Resolves when the network is ours. Throws StartError as soon as another demo is seen to live; waits for the claim of one that was
 * killed to run out (LIVES_MS at most), and says so.
 */
export async function takeNetwork(
  store: ClaimedStore,
  { holder, say, waitMs = pause }: NetworkTaking & { readonly waitMs?: (ms: number) => Promise<unknown> },
): Promise<void> {
  let seen: HeldClaim | null = null;
  for (;;) {
    if (await store.claim({ name: CLAIM, holder, forMs: LIVES_MS })) return;
    const held = await heldClaim(store);
    if (held !== null && seen !== null && (held.untilMs !== seen.untilMs || held.holder !== seen.holder))
      throw new StartError(refusal(store, held));
    if (held !== null && seen === null) say(WAITING);
    seen ??= held;
    await waitMs(LOOK_AGAIN_MS);
  }
}

export interface NetworkTaking {
  /** By networkHolder. */
  readonly holder: string;
  readonly say: (sentence: string) => void;
}

export interface KeptNetwork {
  /** Lets the next demo begin at once. */
  giveBack(): Promise<void>;
}

/** Keeps what was taken. `onLost`: the store could not be reached for so long that another demo took it over. */
export function keepNetwork(
  store: ClaimedStore,
  { holder, onLost }: { readonly holder: string; readonly onLost: (sentence: string) => void },
): KeptNetwork {
  const beat = lookRegularly({
    everyMs: BEAT_MS,
    look: async () => {
      if (!(await store.claim({ name: CLAIM, holder, forMs: LIVES_MS }))) onLost(lost(store));
    },
    // A store that is away is waited for: the next beat takes the claim again, unless somebody else has.
    onError: () => undefined,
    after: realTimer,
  });
  beat.soon();
  return {
    giveBack: async () => {
      await beat.stop();
      // Without its store a demo ends all the same, and the claim by itself.
      await store.claim({ name: CLAIM, holder, forMs: 0 }).catch(() => false);
    },
  };
}

interface HeldClaim {
  readonly holder: string;
  readonly untilMs: number;
}

async function heldClaim({ db }: ClaimedStore): Promise<HeldClaim | null> {
  const row = await db.selectFrom('claim').select(['holder', 'untilMs']).where('name', '=', CLAIM).executeTakeFirst();
  return row ?? null;
}

const WAITING = `Waiting for up to ${LIVES_MS / 1000} s: another demo works on this data, or was killed a moment ago.`;

function refusal({ place }: ClaimedStore, { holder }: HeldClaim): string {
  const who = holder.replace(/ #\S*$/, '');
  return (
    `A demo with a phone network works on ${place} already (${who}), and a second network would cut its calls. ` +
    'Stop that demo first; to see many servers on one database, start "npm run demo:many" instead of it.'
  );
}

function lost({ place }: ClaimedStore): string {
  return `Another demo has taken over the phone network on ${place}, which could not be reached from here for some seconds. This one ends.`;
}
