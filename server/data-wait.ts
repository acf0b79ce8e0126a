/** What a starting server waits for, and who is told. */
import { type Logger, withoutSecrets } from './observability/logger.ts';
import { UnavailableError } from './storage/store.ts';

/** The data cannot be had at this attempt; another may succeed. */
export class DataMissing extends Error {
  override readonly name = 'DataMissing';
  /** False when the data is only not there; true when somebody has to put something right: a wrong password, a newer schema. */
  readonly isMistake: boolean;

  constructor(cause: unknown) {
    super(withoutSecrets(cause instanceof Error ? cause.message : String(cause)), { cause });
    this.isMistake = !(cause instanceof UnavailableError);
  }
}

/** Says each reason once, however many attempts meet it. */
export class DataWait {
  readonly #logger: Pick<Logger, 'warn' | 'error'>;
  #reason = 'The server is starting.';

  constructor(logger: Pick<Logger, 'warn' | 'error'>) {
    this.#logger = logger;
  }

  /** One or two sentences for operators. */
  get reason(): string {
    return this.#reason;
  }

  failed(error: unknown, url: string): void {
    const isMistake = error instanceof DataMissing && error.isMistake;
    const cause = error instanceof Error ? error.message : String(error);
    const reason = isMistake
      ? `${asSentence(cause)} Somebody has to put that right; the server asks again until then.`
      : `${asSentence(cause)} The server waits for it.`;
    if (reason === this.#reason) return;
    this.#reason = reason;
    if (isMistake) this.#logger.error({ url, cause }, 'the data cannot be used: somebody has to put that right');
    else this.#logger.warn({ url, cause }, 'the data is not there yet; waiting for it');
  }
}

/** With a full stop, unless the text ends like a sentence already. */
export function asSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
