/**
 * Clients that make calls on few wallets without a pause, and that behave as the server's callers do when the store cannot be used:
 * the same operation again, with the same id, until it is answered.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Operation, OperationResult } from '../../server/ledger/operation.ts';
import { UnavailableError } from '../../server/storage/store.ts';
import { ACCOUNT, callRowOf, chargeOf, creditOf, extendOf, holdOf, settleOf } from './ledger-operations.ts';
import type { OperationHistory } from './operation-history.ts';

const CLIENTS = 32;
const WALLETS = 12;
/** A caller that was told `unavailable` asks again so soon; the real ones wait two seconds. */
const ASK_AGAIN_MS = 25;

export const WALLET_IDS: readonly string[] = Array.from({ length: WALLETS }, (_, index) => `wallet-${index}`);

export interface FaultLoadOptions {
  readonly submit: (operation: Operation) => Promise<OperationResult>;
  readonly history: Pick<OperationHistory, 'asked' | 'answered'>;
  /** Begins every id, so that loads on the same store do not meet. */
  readonly prefix: string;
}

export class FaultLoad {
  /** Refused as unavailable, and asked again. */
  unavailableCount = 0;
  /** Whose outcome was unknown, and which turned out to have been applied. */
  repeatCount = 0;
  answeredCount = 0;
  /** The longest time from asking for the first time to the answer. */
  longestWaitMs = 0;
  /** The longest time until a caller was told that the store cannot be used. */
  longestRefusalMs = 0;
  readonly reasons = new Set<string>();
  readonly #options: FaultLoadOptions;
  readonly #clients: readonly Promise<void>[];
  #isStopping = false;
  #isAbandoned = false;
  #idCount = 0;

  constructor(options: FaultLoadOptions) {
    this.#options = options;
    this.#clients = Array.from({ length: CLIENTS }, () => this.#client());
  }

  /** No new calls; resolves when everything that was asked is answered. Throws what a client met that is no outage. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#clients);
  }

  /** No new calls, and what is not answered is asked no more: for a test that has failed. */
  abandon(): void {
    this.#isStopping = true;
    this.#isAbandoned = true;
  }

  /** Until so many more operations were answered. */
  async untilAnswered(more: number): Promise<void> {
    const wanted = this.answeredCount + more;
    while (this.answeredCount < wanted) await Promise.race([delay(10), ...this.#clients]);
  }

  async #client(): Promise<void> {
    while (!this.#isStopping) {
      const walletId = WALLET_IDS[random(WALLETS)] ?? '';
      const holdId = this.#nextId('call');
      if (random(3) === 0)
        await this.#ask(creditOf(1 + random(5_000), { operationId: this.#nextId('credit'), walletId }));
      if (random(5) === 0)
        await this.#ask(chargeOf(1 + random(300), { operationId: this.#nextId('charge'), walletId }));
      const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId: holdId, walletId }) } as const];
      const limits = [{ limitKey: `${walletId}:spend`, use: 1, ceiling: 1_000_000_000, keeps: 'captured' } as const];
      await this.#ask(holdOf(1 + random(900), { operationId: holdId, walletId, minimumMicros: 1, alongside, limits }));
      if (random(2) === 0)
        await this.#ask(extendOf(random(1_800), { operationId: this.#nextId('extend'), walletId, holdId }));
      if (random(8) > 0)
        await this.#ask(settleOf(random(1_000), { operationId: this.#nextId('settle'), walletId, holdId }));
    }
  }

  async #ask(operation: Operation): Promise<void> {
    const { submit, history } = this.#options;
    const beganMs = performance.now();
    history.asked(operation);
    while (!this.#isAbandoned) {
      const askedMs = performance.now();
      try {
        const result = await submit(operation);
        history.answered(operation, result);
        this.answeredCount += 1;
        if (result.applied && result.isRepeat) this.repeatCount += 1;
        this.longestWaitMs = Math.max(this.longestWaitMs, performance.now() - beganMs);
        return;
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        this.reasons.add(error.message);
        this.unavailableCount += 1;
        this.longestRefusalMs = Math.max(this.longestRefusalMs, performance.now() - askedMs);
      }
      await delay(ASK_AGAIN_MS);
    }
  }

  #nextId(what: string): string {
    this.#idCount += 1;
    return `${this.#options.prefix}-${what}-${this.#idCount}`;
  }
}

export async function openWallets(store: {
  openWallet(wallet: {
    readonly accountId: string;
    readonly walletId: string;
    readonly currency: string;
  }): Promise<void>;
}): Promise<void> {
  for (const walletId of WALLET_IDS) await store.openWallet({ accountId: ACCOUNT, walletId, currency: 'USD' });
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
