/** Who uses this phone, as the server says; asked until it has answered. */
import type { Me } from '../protocol/account.ts';
import { granted, type Outcome, refusal, refused } from '../protocol/problem.ts';
import type { PhoneContext } from './phone-context.ts';
import { askedToWaitMs, KEEP_CONNECTED, retryDelayMs } from './reconnect-policy.ts';

export class SignIn {
  readonly #context: PhoneContext;
  readonly #onKnown: (me: Me) => void;
  readonly #startedAtMs: number;
  #attempts = 0;
  #isClosed = false;
  #cancelRetry = (): void => undefined;
  #running: Promise<Outcome<Me>> | null = null;

  constructor(context: PhoneContext, events: { readonly onKnown: (me: Me) => void }) {
    this.#context = context;
    this.#onKnown = events.onKnown;
    this.#startedAtMs = context.clock.monotonicMs();
  }

  /** Who it is, or why nobody: waits for the attempt that runs, never for the next one. */
  async known(): Promise<Outcome<Me>> {
    const { me } = this.#context.store.snapshot;
    if (me !== null) return granted(me);
    this.start();
    return (await this.#running) ?? refused(refusal('unavailable'));
  }

  /** Asks now: at the start, and when the server can be reached again or the host page has another token. */
  start(): void {
    this.#cancelRetry();
    if (this.#isClosed || this.#context.store.snapshot.me !== null) return;
    this.#running ??= this.#ask();
  }

  /** Something of it may have changed: asked for once more; what is known stays until then, and when nobody answers. */
  async again(): Promise<void> {
    const outcome = await this.#context.gate.me();
    if (outcome.ok && !this.#isClosed) this.#context.store.update({ me: outcome.value });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
  }

  async #ask(): Promise<Outcome<Me>> {
    const outcome = await this.#context.gate.me();
    this.#running = null;
    if (this.#isClosed) return outcome;
    if (outcome.ok) this.#welcome(outcome.value);
    else this.#retryLater(outcome);
    return outcome;
  }

  #welcome(me: Me): void {
    this.#context.store.update({ me, signInRefusal: null });
    this.#onKnown(me);
  }

  #retryLater({ refusal: reason }: Extract<Outcome<Me>, { ok: false }>): void {
    const { clock, store, random } = this.#context;
    // An unreachable server is shown by gateLink; only a server that said no is a refusal to sign in.
    if (reason.code !== 'unavailable') store.update({ signInRefusal: reason });
    const elapsedMs = clock.monotonicMs() - this.#startedAtMs;
    const atLeastMs = askedToWaitMs(reason);
    const delayMs = retryDelayMs(KEEP_CONNECTED, { attempt: this.#attempts++, elapsedMs, atLeastMs, random: random() });
    if (delayMs !== null) this.#cancelRetry = clock.after(delayMs, () => this.start());
  }
}
