/** The statements of whichever office the billing room shows (D-13): another office is another Statement. */
import { FIRST_SNAPSHOT } from './first-snapshot.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';
import { Statement } from './statement.ts';
import type { StatementGate } from './statement-ports.ts';
import type { StatementWish } from './statement-snapshot.ts';

export interface StatementDeskParts {
  /** Of the phone's own office. */
  readonly gate: StatementGate;
  readonly ownOfficeId: string;
}

export class StatementDesk {
  readonly #context: PhoneContext;
  readonly #parts: StatementDeskParts;
  readonly #unsubscribe: Unsubscribe;
  /** Null: the phone's own. */
  #otherOfficeId: string | null;
  #statement: Statement;

  constructor(context: PhoneContext, parts: StatementDeskParts) {
    this.#context = context;
    this.#parts = parts;
    this.#otherOfficeId = this.#chosen;
    this.#statement = this.#open();
    this.#unsubscribe = context.store.subscribe(() => this.#follow());
  }

  wish(wish: StatementWish): void {
    this.#statement.wish(wish);
  }

  close(): void {
    this.#unsubscribe();
    this.#statement.close();
  }

  #follow(): void {
    if (this.#chosen === this.#otherOfficeId) return;
    this.#otherOfficeId = this.#chosen;
    this.#statement.close();
    this.#statement = this.#open();
    this.#context.store.update({ statement: FIRST_SNAPSHOT.statement });
  }

  get #chosen(): string | null {
    return this.#context.store.snapshot.offices.other?.officeId ?? null;
  }

  #open(): Statement {
    const { gate, ownOfficeId } = this.#parts;
    const officeId = this.#otherOfficeId;
    return new Statement(this.#context, {
      gate: officeId === null ? gate : gate.ofOffice(officeId),
      officeId: officeId ?? ownOfficeId,
    });
  }
}
