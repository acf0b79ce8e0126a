/**
 * Offices in which something may have changed, gathered for a while and looked at together. In memory: what a dead process had gathered is
 * found by rounds over all.
 */
import type { OfficeAddress } from '../accounts/office-directory.ts';
import type { After } from '../services.ts';

export interface GatheredOffice extends OfficeAddress {
  readonly wasRefused: boolean;
}

export interface OfficesToLookAtOptions {
  readonly delayMs: number;
  readonly look: (offices: readonly GatheredOffice[]) => Promise<void>;
  readonly after: After;
  readonly onError: (cause: unknown) => void;
}

/** More wait for the round over all. */
const MAX_GATHERED = 10_000;

export class OfficesToLookAt {
  readonly #options: OfficesToLookAtOptions;
  readonly #gathered = new Map<string, GatheredOffice>();
  #isPlanned = false;

  constructor(options: OfficesToLookAtOptions) {
    this.#options = options;
  }

  /** Never throws, never waits. */
  add({ accountId, officeId, wasRefused }: GatheredOffice): void {
    const key = JSON.stringify([accountId, officeId]);
    const known = this.#gathered.get(key);
    if (!known && this.#gathered.size >= MAX_GATHERED) return;
    this.#gathered.set(key, { accountId, officeId, wasRefused: wasRefused || known?.wasRefused === true });
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#options.after(this.#options.delayMs, () => {
      this.#isPlanned = false;
      this.lookNow().catch(this.#options.onError);
    });
  }

  async lookNow(): Promise<void> {
    const offices = [...this.#gathered.values()];
    this.#gathered.clear();
    if (offices.length > 0) await this.#options.look(offices);
  }
}
