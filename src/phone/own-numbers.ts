/**
 * Own numbers: what is paid until when, and what people do about it. The server decides everything; an event or another balance is a reason
 * to ask again, so that a number that was restored elsewhere says so here.
 */
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { OwnNumber, OwnNumberPage } from '../protocol/owned-number.ts';
import { assertNever } from './assert-never.ts';
import type { OwnNumbersGate } from './own-numbers-ports.ts';
import type { OwnNumbersSnapshot, OwnNumbersWish } from './own-numbers-snapshot.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';
import { RepeatableIntent } from './repeatable-intent.ts';

/** Several events belong to one change; one look is enough for all of them. */
const REFRESH_PAUSE_MS = 200;

type FullList = Extract<OwnNumbersSnapshot, { state: 'full' }>;

export class OwnNumbers {
  readonly #context: PhoneContext;
  readonly #gate: OwnNumbersGate;
  readonly #intent: RepeatableIntent;
  #nextCursor: string | null = null;
  #pages = 1;
  /** Counts looks: the answer to an older one is dropped. */
  #lookIndex = 0;
  #cancelRefresh: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, gate: OwnNumbersGate) {
    this.#context = context;
    this.#gate = gate;
    this.#intent = new RepeatableIntent(context.newId);
  }

  wish(wish: OwnNumbersWish): void {
    void this.#carryOut(wish);
  }

  /** Something has changed: what is on the screen is asked for again. */
  refreshSoon(): void {
    this.#cancelRefresh();
    if (this.#full() === null) return;
    this.#cancelRefresh = this.#context.clock.after(REFRESH_PAUSE_MS, () => void this.#look());
  }

  close(): void {
    this.#cancelRefresh();
    this.#lookIndex += 1;
  }

  async #carryOut(wish: OwnNumbersWish): Promise<void> {
    switch (wish.type) {
      case 'open':
        if (this.#full() === null) this.#show({ state: 'loading' });
        await this.#look();
        break;
      case 'more':
        this.#pages += 1;
        await this.#look();
        break;
      case 'restore':
        await this.#change(wish.number, (changeId) => this.#gate.restore(wish.number, { changeId }), 'restore');
        break;
      case 'release': {
        const { number } = wish;
        const confirmed = (changeId: string) => this.#gate.release(number, { changeId, confirmedNumber: number });
        await this.#change(number, confirmed, 'release');
        break;
      }
      case 'assign': {
        const { number, officeId, personId } = wish;
        await this.#change(number, () => this.#gate.assign(number, { officeId, personId }), 'assign');
        break;
      }
      default:
        assertNever(wish);
    }
  }

  async #look(): Promise<void> {
    const index = ++this.#lookIndex;
    const numbers: OwnNumber[] = [];
    let last: OwnNumberPage | null = null;
    for (let page = 0; page < this.#pages; page += 1) {
      const outcome: OfficeOutcome<OwnNumberPage> = await this.#gate.ownNumbers(last?.nextCursor ?? null);
      if (index !== this.#lookIndex) return;
      if (!outcome.ok) {
        // What is there already stays: it is the newest that is known.
        if (this.#full() === null) this.#show({ state: 'failed', refusal: outcome.refusal });
        return;
      }
      last = outcome.value;
      numbers.push(...last.numbers);
      if (last.nextCursor === null) break;
    }
    if (last !== null) this.#fill(numbers, last);
  }

  #fill(numbers: readonly OwnNumber[], { nextCursor, rent, offices, people }: OwnNumberPage): void {
    this.#nextCursor = nextCursor;
    const rows = { numbers, rent, offices, people, isMoreThere: this.#nextCursor !== null };
    this.#show({ state: 'full', changing: null, refused: null, ...this.#full(), ...rows });
  }

  /** One at a time; the same wish again after a lost answer has the same id, so that nothing is paid for twice. */
  async #change(
    number: string,
    ask: (changeId: string) => Promise<OfficeOutcome<OwnNumber>>,
    verb: OwnNumbersWish['type'],
  ): Promise<void> {
    const list = this.#full();
    if (list === null || list.changing !== null) return;
    this.#show({ ...list, changing: number, refused: null });
    const outcome = await ask(this.#intent.idFor(`${verb} ${number}`));
    this.#intent.hear(outcome);
    const now = this.#full();
    if (now === null) return;
    if (outcome.ok) this.#show({ ...now, changing: null, numbers: withRow(now, outcome.value) });
    else this.#show({ ...now, changing: null, refused: { number, refusal: outcome.refusal } });
    await this.#look();
  }

  #full(): FullList | null {
    const { ownNumbers } = this.#context.store.snapshot;
    return ownNumbers.state === 'full' ? ownNumbers : null;
  }

  #show(ownNumbers: OwnNumbersSnapshot): void {
    this.#context.store.update({ ownNumbers });
  }
}

function withRow({ numbers }: FullList, changed: OwnNumber): readonly OwnNumber[] {
  return numbers.map((row) => (row.number === changed.number ? changed : row));
}
