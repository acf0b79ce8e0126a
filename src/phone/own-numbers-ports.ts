/** What own numbers need from the world. */
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { AssignNumber, OwnNumber, OwnNumberPage, ReleaseNumber, RestoreNumber } from '../protocol/owned-number.ts';

/** The addresses of own numbers. What may charge or give away carries an id of ours and is safe to repeat. */
export interface OwnNumbersGate {
  /** Null is the first page. */
  ownNumbers(cursor: string | null): Promise<OfficeOutcome<OwnNumberPage>>;
  release(number: string, release: ReleaseNumber): Promise<OfficeOutcome<OwnNumber>>;
  restore(number: string, restore: RestoreNumber): Promise<OfficeOutcome<OwnNumber>>;
  assign(number: string, assign: AssignNumber): Promise<OfficeOutcome<OwnNumber>>;
}

/** Outlives page and window: which number this person shows when calling from this browser. */
export interface CallerChoice {
  /** Null: nothing was chosen. */
  read(personId: string): string | null;
  write(personId: string, number: string | null): void;
}
