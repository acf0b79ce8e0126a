/** One file of lines on its way to the person's disk: how far it is, what is in it, and stopping it. */
import type { PhoneLog } from './phone-context.ts';
import type { StatementGate, WantedStatement } from './statement-ports.ts';
import type { UsageSaving } from './statement-snapshot.ts';

export interface StatementSavingParts {
  readonly gate: StatementGate;
  readonly log: PhoneLog;
  readonly show: (saving: UsageSaving) => void;
}

export class StatementSaving {
  readonly #parts: StatementSavingParts;
  readonly #stop = new AbortController();

  constructor(parts: StatementSavingParts) {
    this.#parts = parts;
  }

  async save(wanted: Pick<WantedStatement, 'filter' | 'name' | 'expectedRows'>): Promise<void> {
    const { gate, log, show } = this.#parts;
    show({ state: 'busy', rows: 0, allRows: wanted.expectedRows });
    const outcome = await gate.save({
      ...wanted,
      signal: this.#stop.signal,
      onProgress: ({ rows, allRows }) => show({ state: 'busy', rows, allRows: allRows ?? wanted.expectedRows }),
    });
    if (!outcome.ok) {
      log('The statement was not saved.', { code: outcome.refusal.code });
      show({ state: 'failed', refusal: outcome.refusal });
    } else show(outcome.value === null ? { state: 'stopped' } : { state: 'done', ...outcome.value });
  }

  /** What has arrived is thrown away. */
  stop(): void {
    this.#stop.abort();
  }
}
