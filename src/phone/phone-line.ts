/** The line of this phone: loaded when it is first needed, because SIP.js is heavier than everything else together. */
import { lineChanges } from './line-state.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Line, LineEvent, Unsubscribe } from './ports.ts';

export interface PhoneLineParts {
  readonly loadLine: () => Promise<Line>;
  readonly onEvent: (event: LineEvent) => void;
  /** The line's code could not be loaded: nothing that was asked of it will happen. */
  readonly onLoadFailed: () => void;
}

export class PhoneLine {
  readonly #context: PhoneContext;
  readonly #parts: PhoneLineParts;
  readonly #wishes: ((line: Line) => void)[] = [];
  #line: Line | null = null;
  #isLoading = false;
  #isClosed = false;
  #unsubscribe: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, parts: PhoneLineParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Loads and registers the line, so that calls come in. */
  open(): void {
    this.use(() => undefined);
  }

  /** Gives a wish to the line, now or as soon as it is loaded. */
  use(wish: (line: Line) => void): void {
    if (this.#isClosed) return;
    if (this.#line === null) this.#wishes.push(wish);
    else wish(this.#line);
    if (this.#line === null && !this.#isLoading) void this.#load();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    await this.#line?.disconnect();
    this.#context.store.update({ lineStatus: 'off', lineFault: null });
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      this.#start(await this.#parts.loadLine());
    } catch (cause) {
      this.#unsubscribe();
      this.#wishes.length = 0;
      this.#context.log('The line could not be loaded.', { cause: String(cause) });
      this.#context.store.update({ lineStatus: 'failed', lineFault: 'unreachable' });
      this.#parts.onLoadFailed();
    } finally {
      this.#isLoading = false;
    }
  }

  #start(line: Line): void {
    if (this.#isClosed) return;
    this.#unsubscribe = line.subscribe((event) => this.#hear(event));
    line.connect();
    this.#line = line;
    for (const wish of this.#wishes.splice(0)) wish(line);
  }

  #hear(event: LineEvent): void {
    this.#context.store.update(lineChanges(event));
    this.#parts.onEvent(event);
  }
}
