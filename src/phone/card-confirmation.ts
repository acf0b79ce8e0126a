/**
 * Confirming a card before it may pay (D-22 to D-24): a small charge, its amount as it stands on the card's statement, and back to what was
 * to be paid. The server counts the tries and never tells the amount.
 */
import type { CardCheck } from '../protocol/card-check.ts';
import type { Micros } from '../protocol/money.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { Card } from '../protocol/payment.ts';
import type { BillingRefusal, CardConfirmationStep, Checkout, PaymentPlan } from './billing-snapshot.ts';
import type { PaymentGate } from './payment-ports.ts';

export interface CardConfirmationParts {
  readonly gate: Pick<PaymentGate, 'startCardCheck' | 'guessCardCheck' | 'cardCheck'>;
  readonly newId: () => string;
  readonly show: (step: Extract<Checkout, { step: 'confirm_card' | 'authenticate' }>) => void;
  /** The bank works on the charge: `look` is wanted in a while. */
  readonly lookLater: () => void;
  /** The card may pay from now on. */
  readonly onConfirmed: (plan: PaymentPlan) => void;
}

export class CardConfirmation {
  readonly #parts: CardConfirmationParts;
  #now: CardConfirmationStep | null = null;
  /** Of a charge that may have been begun: asking again is asking for the same one. */
  #wantedId: string | null = null;

  constructor(parts: CardConfirmationParts) {
    this.#parts = parts;
  }

  /** With the check that is known already, as it stands now. */
  async open(asked: {
    readonly plan: PaymentPlan;
    readonly card: Card | null;
    readonly checkId: string | null;
  }): Promise<void> {
    const { plan, card, checkId } = asked;
    const isBusy = checkId !== null;
    this.#wantedId = null;
    this.#show({ step: 'confirm_card', plan, card, check: null, isWrong: false, isBusy, refusal: null });
    if (checkId !== null) this.#heard(await this.#parts.gate.cardCheck(checkId));
  }

  /** Sends the charge. Nothing comes of a second press while the first is on its way. */
  async charge(): Promise<void> {
    if (this.#now === null || this.#now.isBusy) return;
    this.#change({ isBusy: true, refusal: null, isWrong: false });
    this.#wantedId ??= this.#parts.newId();
    const outcome = await this.#parts.gate.startCardCheck(this.#wantedId);
    if (outcome.ok || isDecided(outcome.refusal)) this.#wantedId = null;
    this.#heard(outcome);
  }

  async guess(amountMicros: Micros): Promise<void> {
    const before = this.#now?.check ?? null;
    if (before === null || this.#now?.isBusy !== false) return;
    this.#change({ isBusy: true, refusal: null, isWrong: false });
    const outcome = await this.#parts.gate.guessCardCheck({ checkId: before.checkId, amountMicros });
    if (!outcome.ok && !isDecided(outcome.refusal)) await this.#lookAfter(before, outcome.refusal);
    else this.#heard(outcome, { isWrong: outcome.ok && isOneTryLess(outcome.value, before) });
  }

  /** The answer was lost: whether a try was counted is the server's to say, before anybody guesses again. */
  async #lookAfter(before: CardCheck, refusal: BillingRefusal): Promise<void> {
    const outcome = await this.#parts.gate.cardCheck(before.checkId);
    const isCounted = outcome.ok && (outcome.value.status !== 'waiting' || isOneTryLess(outcome.value, before));
    if (isCounted) this.#heard(outcome, { isWrong: isOneTryLess(outcome.value, before) });
    else this.#change({ isBusy: false, refusal });
  }

  /** How the charge stands now. */
  async look(): Promise<void> {
    const check = this.#now?.check ?? null;
    if (check !== null) this.#heard(await this.#parts.gate.cardCheck(check.checkId));
  }

  leave(): void {
    this.#now = null;
  }

  #heard(outcome: OfficeOutcome<CardCheck>, { isWrong = false } = {}): void {
    if (this.#now === null) return;
    if (outcome.ok) this.#take(outcome.value, isWrong);
    else this.#change({ isBusy: false, refusal: outcome.refusal });
  }

  #take(check: CardCheck, isWrong: boolean): void {
    const now = this.#now;
    if (now === null) return;
    const { plan } = now;
    if (check.status === 'confirmed') {
      this.#now = null;
      this.#parts.onConfirmed(plan);
      return;
    }
    const { step } = check;
    this.#now = { ...now, card: check.card ?? now.card, check, isWrong, isBusy: false, refusal: null };
    if (step !== null && step.kind === 'authenticate') {
      const facts = { plan, isCheck: true, isBusy: false, failure: null, refusal: null };
      this.#parts.show({ step: 'authenticate', clientSecret: step.clientSecret, ...facts });
      return;
    }
    this.#parts.show(this.#now);
    if (check.status === 'charging' || check.status === 'requires_action') this.#parts.lookLater();
  }

  #change(change: Partial<CardConfirmationStep>): void {
    if (this.#now !== null) this.#show({ ...this.#now, ...change });
  }

  #show(step: CardConfirmationStep): void {
    this.#now = step;
    this.#parts.show(step);
  }
}

function isOneTryLess(now: CardCheck, before: CardCheck): boolean {
  return now.triesLeft < before.triesLeft;
}

/** False when nobody knows whether it was done. */
function isDecided({ code }: BillingRefusal): boolean {
  return code !== 'unavailable' && code !== 'internal' && code !== 'rate_limited';
}
