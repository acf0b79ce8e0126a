/** A phone for element tests: shows the snapshot it is given and writes down what it is asked for. */
import type { Phone, PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';

export type Asked = readonly [wish: string, ...details: unknown[]];

export class FakePhone implements Phone {
  snapshot: PhoneSnapshot;
  readonly asked: Asked[] = [];
  readonly #listeners = new Set<(snapshot: PhoneSnapshot) => void>();

  constructor(snapshot: PhoneSnapshot) {
    this.snapshot = snapshot;
  }

  /** Replaces some facts, as the real phone does: a new object, then everybody is told. */
  show(facts: Partial<PhoneSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...facts };
    for (const listener of this.#listeners) listener(this.snapshot);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  wishes(): string[] {
    return this.asked.map(([wish]) => wish);
  }

  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setDialled(text: string): void {
    this.asked.push(['setDialled', text]);
    this.show({ dialled: text });
  }

  readonly dial = this.#wish('dial');
  readonly answer = this.#wish('answer');
  readonly decline = this.#wish('decline');
  readonly hangUp = this.#wish('hangUp');
  readonly setMuted = this.#wish('setMuted');
  readonly setHeld = this.#wish('setHeld');
  readonly pressKey = this.#wish('pressKey');
  readonly dismissCall = this.#wish('dismissCall');
  readonly unblockSound = this.#wish('unblockSound');
  readonly searchNumbers = this.#wish('searchNumbers');
  readonly searchMoreNumbers = this.#wish('searchMoreNumbers');
  readonly buyNumber = this.#wish('buyNumber');
  readonly askOwnNumbers = this.#wish('askOwnNumbers');
  readonly chooseCaller = this.#wish('chooseCaller');
  readonly askForCredit = this.#wish('askForCredit');
  readonly answerCreditRequest = this.#wish('answerCreditRequest');
  readonly addPlayCredit = this.#wish('addPlayCredit');
  readonly setPause = this.#wish('setPause');
  readonly askBilling = this.#wish('askBilling');
  readonly askAlerts = this.#wish('askAlerts');
  readonly askStatement = this.#wish('askStatement');

  async close(): Promise<void> {
    this.asked.push(['close']);
  }

  #wish(name: string): (...details: unknown[]) => void {
    return (...details) => {
      this.asked.push([name, ...details]);
    };
  }
}
