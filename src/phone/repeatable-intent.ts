/**
 * One thing that somebody wants of the server, with one id for all attempts: pressing the button again after a lost answer asks for
 * the same thing again, not for a second one.
 */
import type { OfficeOutcome } from '../protocol/office-problem.ts';

export class RepeatableIntent {
  readonly #newId: () => string;
  #open: { readonly what: string; readonly id: string } | null = null;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** The id for this wish: the same one as before while the wish is the same and unanswered. */
  idFor(what: string): string {
    if (this.#open?.what !== what) this.#open = { what, id: this.#newId() };
    return this.#open.id;
  }

  /** Whether the server has decided; afterwards the same wish is a new one. */
  hear(outcome: OfficeOutcome<unknown>): void {
    if (outcome.ok || !MAY_HAVE_HAPPENED.includes(outcome.refusal.code)) this.#open = null;
  }
}

/** Refusals after which nobody knows whether the server did it. */
const MAY_HAVE_HAPPENED: readonly string[] = ['unavailable', 'internal', 'rate_limited'];
