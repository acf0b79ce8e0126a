/** The price tag of the dial field: asked for while somebody types, the answer to an older text is never shown. */
import { MAX_DIALLED_LENGTH } from '../protocol/phone-number.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';

/** Long enough to wait for the next key, short enough to feel at once. */
const TYPING_PAUSE_MS = 150;

export class DialQuote {
  readonly #context: PhoneContext;
  #cancelPause: Unsubscribe = () => undefined;
  #asking: AbortController | null = null;

  constructor(context: PhoneContext) {
    this.#context = context;
  }

  setDialled(text: string): void {
    const dialled = text.slice(0, MAX_DIALLED_LENGTH);
    const to = dialled.trim();
    this.close();
    this.#context.store.update({ dialled, quote: to === '' ? { state: 'none' } : { state: 'loading', to } });
    if (to !== '') this.#askAfterPause(to);
  }

  /** Credit or tariffs have changed: the tag on the screen stays until the new one is there. */
  refresh(): void {
    const to = this.#context.store.snapshot.dialled.trim();
    this.close();
    if (to !== '') this.#askAfterPause(to);
  }

  close(): void {
    this.#cancelPause();
    this.#asking?.abort();
    this.#asking = null;
  }

  #askAfterPause(to: string): void {
    this.#cancelPause = this.#context.clock.after(TYPING_PAUSE_MS, () => void this.#ask(to));
  }

  async #ask(to: string): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const outcome = await this.#context.gate.quote({ to, signal: asking.signal });
    if (asking.signal.aborted) return;
    this.#asking = null;
    this.#context.store.update({
      quote: outcome.ok
        ? { state: 'known', to, quote: outcome.value }
        : { state: 'refused', to, refusal: outcome.refusal },
    });
  }
}
