/** "Ask for credit": the agent asks, the admins of the office see it, the answer comes back. */
import { type CreditRequest, MAX_WORDS_LENGTH, type Me, mayManageCredit } from '../protocol/account.ts';
import type { Micros } from '../protocol/money.ts';
import type { PhoneContext } from './phone-context.ts';
import { RepeatableIntent } from './repeatable-intent.ts';

interface Answer {
  readonly state: 'seen' | 'granted' | 'declined';
  readonly words: string | null;
  readonly addedMicros: Micros | null;
}

export class CreditRequests {
  readonly #context: PhoneContext;
  readonly #asking: RepeatableIntent;
  readonly #known = new Map<string, CreditRequest>();
  #isAsking = false;

  constructor(context: PhoneContext) {
    this.#context = context;
    this.#asking = new RepeatableIntent(context.newId);
  }

  async load(): Promise<void> {
    const outcome = await this.#context.gate.creditRequests();
    if (!outcome.ok) this.#context.log('The credit requests are not known.', { code: outcome.refusal.code });
    const requests = outcome.ok ? outcome.value.requests : [];
    for (const request of requests) this.#known.set(request.requestId, request);
    this.#show();
  }

  take(request: CreditRequest): void {
    this.#known.set(request.requestId, request);
    this.#show();
  }

  async ask(reasonText: string): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const reason = reasonText.trim().slice(0, MAX_WORDS_LENGTH);
    const outcome = await this.#context.gate.askForCredit({ requestId: this.#asking.idFor(reason), reason });
    this.#isAsking = false;
    this.#asking.hear(outcome);
    this.#context.store.update({ askRefusal: outcome.ok ? null : outcome.refusal });
    if (outcome.ok) this.take(outcome.value);
  }

  async answer(requestId: string, answer: Answer): Promise<void> {
    const words = answer.words?.slice(0, MAX_WORDS_LENGTH) ?? null;
    const outcome = await this.#context.gate.answerCreditRequest(requestId, { ...answer, words });
    if (outcome.ok) this.take(outcome.value);
    else this.#context.log('The answer to a credit request did not arrive.', { code: outcome.refusal.code });
  }

  #show(): void {
    const { store } = this.#context;
    const { me } = store.snapshot;
    if (me === null) return;
    const newestFirst = [...this.#known.values()].sort((a, b) => b.askedAtMs - a.askedAtMs);
    store.update({ creditRequests: mayManageCredit(me.role) ? newestFirst.filter(isOpen) : lastOf(me, newestFirst) });
  }
}

function isOpen({ state }: CreditRequest): boolean {
  return state === 'asked' || state === 'seen';
}

function lastOf(me: Me, newestFirst: readonly CreditRequest[]): readonly CreditRequest[] {
  return newestFirst.filter(({ agentId }) => agentId === me.personId).slice(0, 1);
}
