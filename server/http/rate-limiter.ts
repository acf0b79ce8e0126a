/** Token buckets, one for each key, in bounded memory: a burst of ten seconds' worth, then the given rate. */
import type { ServerClock } from '../services.ts';

const BURST_SECONDS = 10;
const MAX_KEYS = 50_000;

interface Bucket {
  remaining: number;
  atMs: number;
}

export class RateLimiter {
  readonly #perSecond: number;
  readonly #clock: ServerClock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number, clock: ServerClock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** 0 when the request may pass (and is counted), otherwise whole seconds to wait. */
  take(key: string): number {
    const nowMs = this.#clock.nowMs();
    const bucket = this.#buckets.get(key) ?? this.#newBucket(key, nowMs);
    const earned = (Math.max(0, nowMs - bucket.atMs) / 1_000) * this.#perSecond;
    bucket.remaining = Math.min(this.#perSecond * BURST_SECONDS, bucket.remaining + earned);
    bucket.atMs = nowMs;
    if (bucket.remaining < 1) return Math.max(1, Math.ceil((1 - bucket.remaining) / this.#perSecond));
    bucket.remaining -= 1;
    return 0;
  }

  /** When the memory is full the oldest key starts afresh: forgetting a limit is better than refusing a stranger. */
  #newBucket(key: string, nowMs: number): Bucket {
    if (this.#buckets.size >= MAX_KEYS) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    const bucket = { remaining: this.#perSecond * BURST_SECONDS, atMs: nowMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
