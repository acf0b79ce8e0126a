import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type Micros, micros } from '../protocol/money.ts';

const DURATION_MS = 600;

/** An amount that counts up, once, when credit arrives; at once where motion is not wanted. It never shows more than there is. */
export class CountUp implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #target: Micros | null = null;
  #from: Micros | null = null;
  /** Moments of the browser's own frames; null until the first one is drawn. */
  #beganAtMs: number | null = null;
  #drawnAtMs = 0;
  #frame = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame);
    this.#from = null;
  }

  /** What to draw now for this amount; `hasArrived` when it has grown because credit was added. */
  shown(amount: Micros, hasArrived: boolean): Micros {
    if (amount !== this.#target) this.#begin(amount, hasArrived);
    const share = this.#beganAtMs === null ? 0 : (this.#drawnAtMs - this.#beganAtMs) / DURATION_MS;
    if (this.#from === null || share >= 1) return amount;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame((atMs) => {
      this.#beganAtMs ??= atMs;
      this.#drawnAtMs = atMs;
      this.#host.requestUpdate();
    });
    return micros(Math.floor(this.#from + (amount - this.#from) * easeOut(share)));
  }

  #begin(amount: Micros, hasArrived: boolean): void {
    const before = this.#target;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#from = hasArrived && !isStill && before !== null && before < amount ? before : null;
    this.#target = amount;
    this.#beganAtMs = null;
  }
}

function easeOut(share: number): number {
  return 1 - (1 - share) ** 3;
}
