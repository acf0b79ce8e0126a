/** The card checks of a played server: one small charge, whose amount the test knows and no answer tells. */
import type { CardCheck } from '../../src/protocol/card-check.ts';
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { Card } from '../../src/protocol/payment.ts';

export class FakeCardChecks {
  /** What stands on the statement. */
  readonly chargedMicros = micros(1_370_000);
  /** How a new charge begins. */
  beginsAs: CardCheck['status'] = 'waiting';
  readonly #checks = new Map<string, CardCheck>();

  get ids(): readonly string[] {
    return [...this.#checks.keys()];
  }

  /** One that is open already is shown instead of a second charge. */
  start(checkId: string, card: Card): CardCheck {
    const open = [...this.#checks.values()].find(({ status }) => status === 'waiting' || status === 'charging');
    const known = this.#checks.get(checkId) ?? open;
    return known ?? this.#keep(newCheck({ checkId, card, status: this.beginsAs }));
  }

  find(checkId: string): CardCheck {
    const check = this.#checks.get(checkId);
    if (check === undefined) throw new Error(`There is no card check ${checkId}.`);
    return check;
  }

  guess(checkId: string, amountMicros: Micros): CardCheck {
    const before = this.find(checkId);
    if (before.status !== 'waiting') return before;
    if (amountMicros === this.chargedMicros) return this.#keep({ ...before, status: 'confirmed' });
    const triesLeft = before.triesLeft - 1;
    return this.#keep({ ...before, triesLeft, status: triesLeft === 0 ? 'locked' : 'waiting' });
  }

  /** The bank has made up its mind about the charge. */
  decide(checkId: string, status: CardCheck['status']): void {
    this.#keep({ ...this.find(checkId), status, step: null });
  }

  #keep(check: CardCheck): CardCheck {
    this.#checks.set(check.checkId, check);
    return check;
  }
}

function newCheck({
  checkId,
  card,
  status,
}: Pick<CardCheck, 'checkId' | 'status'> & { readonly card: Card }): CardCheck {
  const isAsked = status === 'requires_action';
  return {
    checkId,
    status,
    triesLeft: 3,
    card,
    step: isAsked ? { kind: 'authenticate', clientSecret: `secret-${checkId}` } : null,
    failure: status === 'failed' ? { kind: 'declined', retry: 'new_card' } : null,
    leastMicros: micros(1_010_000),
    mostMicros: micros(1_990_000),
    currency: 'USD',
  };
}
