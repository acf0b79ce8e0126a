/** Deliveries of the simulated provider's reports, which can be told to come late, twice, in the wrong order, or never. */
import type { After, ServerClock } from '../services.ts';
import type { ProviderEvent } from './payment-provider.ts';
import type { DeliveryMode } from './simulated-deliveries.ts';
import { signWebhook } from './webhook-signature.ts';

export interface SignedReport {
  readonly body: string;
  readonly signature: string;
}

export interface SimulatedWebhooksOptions {
  readonly secret: string;
  readonly clock: ServerClock;
  readonly after: After;
  /** False: it was not taken, and is sent again. */
  readonly deliver: (report: SignedReport) => Promise<boolean>;
}

const LATE_MS = 5_000;
/** Between tries of a report that was not taken; after the last it is found by listEvents only. */
const RETRY_MS = [1_000, 5_000, 30_000] as const;

export class SimulatedWebhooks {
  readonly #options: SimulatedWebhooksOptions;
  #reversed: ProviderEvent[] = [];

  constructor(options: SimulatedWebhooksOptions) {
    this.#options = options;
  }

  send(event: ProviderEvent, mode: DeliveryMode): void {
    switch (mode) {
      case 'at_once':
        this.#later(event, 0);
        break;
      case 'twice':
        this.#later(event, 0);
        this.#later(event, LATE_MS);
        break;
      case 'late':
        this.#later(event, LATE_MS);
        break;
      case 'reversed':
        if (this.#reversed.push(event) === 1) this.#options.after(LATE_MS, () => this.#sendReversed());
        break;
      case 'never':
        break;
    }
  }

  #sendReversed(): void {
    const events = this.#reversed.reverse();
    this.#reversed = [];
    for (const event of events) this.#later(event, 0);
  }

  #later(event: ProviderEvent, delayMs: number, retry = 0): void {
    this.#options.after(delayMs, () => {
      const body = JSON.stringify(event);
      const signature = signWebhook(body, { secret: this.#options.secret, nowMs: this.#options.clock.nowMs() });
      this.#options
        .deliver({ body, signature })
        .catch(() => false)
        .then((isTaken) => {
          const delayMs = RETRY_MS[retry];
          if (!isTaken && delayMs !== undefined) this.#later(event, delayMs, retry + 1);
        });
    });
  }
}
