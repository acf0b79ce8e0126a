/** The credit of the office: balance, what arrived, play credit, and the admin's pause. */
import { type Balance, mayManageCredit } from '../protocol/account.ts';
import { type Micros, subtractMicros, ZERO_MICROS } from '../protocol/money.ts';
import type { Outcome } from '../protocol/problem.ts';
import type { PhoneContext } from './phone-context.ts';
import { RepeatableIntent } from './repeatable-intent.ts';

export interface CreditParts {
  readonly onBalance: (balance: Balance) => void;
  /** Credit was added for a request of an agent. */
  readonly onGranted: (requestId: string, addedMicros: Micros) => void;
}

export class Credit {
  readonly #context: PhoneContext;
  readonly #parts: CreditParts;
  readonly #adding: RepeatableIntent;

  constructor(context: PhoneContext, parts: CreditParts) {
    this.#context = context;
    this.#parts = parts;
    this.#adding = new RepeatableIntent(context.newId);
  }

  async load(): Promise<void> {
    this.#takeOutcome(await this.#context.gate.balance());
  }

  /** Answers and events overtake each other: an older balance than the one on the screen is dropped. */
  take(balance: Balance): void {
    const before = this.#context.store.snapshot.balance;
    if (before !== null && before.walletId === balance.walletId && !isNews(before, balance)) return;
    this.#context.store.update({
      balance,
      creditLevel: balance.level,
      creditArrivedMicros: creditArrived(before, balance),
    });
    this.#parts.onBalance(balance);
  }

  /** One intent at a time; its id is kept until the server has answered, so that a second press adds nothing twice. */
  async addPlayCredit(amountMicros: Micros, options: { readonly requestId: string | null }): Promise<void> {
    const { store, gate } = this.#context;
    if (store.snapshot.isAddingCredit) return;
    store.update({ isAddingCredit: true, addCreditRefusal: null });
    const creditId = this.#adding.idFor(`${amountMicros} ${options.requestId}`);
    const outcome = await gate.addPlayCredit({ creditId, amountMicros });
    this.#adding.hear(outcome);
    store.update({ isAddingCredit: false, addCreditRefusal: outcome.ok ? null : outcome.refusal });
    this.#takeOutcome(outcome);
    if (outcome.ok && options.requestId !== null) this.#parts.onGranted(options.requestId, amountMicros);
  }

  async setPause(isPaused: boolean): Promise<void> {
    const { me } = this.#context.store.snapshot;
    if (me === null || !mayManageCredit(me.role)) return;
    this.#takeOutcome(await this.#context.gate.setPause({ isPaused }));
  }

  #takeOutcome(outcome: Outcome<Balance>): void {
    if (outcome.ok) this.take(outcome.value);
    else this.#context.log('The credit could not be read or changed.', { code: outcome.refusal.code });
  }
}

/** A pause belongs to the office and rules to the account: neither counts up the version of the wallet. */
function isNews(before: Balance, balance: Balance): boolean {
  if (balance.version !== before.version) return balance.version > before.version;
  const { callingOut, receiving, buyingNumbers } = before.works;
  const { works } = balance;
  return (
    balance.pause?.sinceMs !== before.pause?.sinceMs ||
    works.callingOut !== callingOut ||
    works.receiving !== receiving ||
    works.buyingNumbers !== buyingNumbers
  );
}

/** Holds do not change the balance, only what is available of it: when the balance itself grows, credit has arrived. */
function creditArrived(before: Balance | null, after: Balance): Micros | null {
  if (before === null || before.walletId !== after.walletId) return null;
  const grown = subtractMicros(after.balanceMicros, before.balanceMicros);
  return grown > ZERO_MICROS ? grown : null;
}
