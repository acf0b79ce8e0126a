/** Does something until it succeeds, for what a server cannot be without and an operator may still have to start or to mend. */
import type { After } from './services.ts';

/**
 * Between two attempts: doubled after each, so that a database that is just starting is found at once and one that is gone is left alone.
 */
export const FIRST_PAUSE_MS = 250;
export const LONGEST_PAUSE_MS = 5_000;

export interface Trying<Result> {
  readonly attempt: () => Promise<Result>;
  /** True for what no waiting will mend: it is thrown. */
  readonly isFinal: (error: unknown) => boolean;
  /** After each attempt that failed and will be made again. */
  readonly onFailure: (error: unknown) => void;
  /** Ends the trying at once: its reason is thrown. */
  readonly signal: AbortSignal;
  /** For the result of an attempt that succeeded when nobody waited for it any more. */
  readonly dispose: (result: Result) => Promise<void>;
  readonly after: After;
}

/** Resolves with the first success. Throws what is final, and the reason of the signal. */
export async function keepTrying<Result>(trying: Trying<Result>): Promise<Result> {
  const { signal, isFinal, onFailure, after } = trying;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      return await untilAborted(trying);
    } catch (error) {
      if (signal.aborted || isFinal(error)) throw error;
      onFailure(error);
    }
    await pause(pauseMs, { signal, after });
  }
}

/** An attempt may hang in a network that swallows packets; nobody who stops the server waits for that. */
async function untilAborted<Result>({ attempt, signal, dispose }: Trying<Result>): Promise<Result> {
  const work = attempt();
  const aborted = whenAborted(signal);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    aborted.forget();
    if (signal.aborted) work.then(dispose).catch(() => undefined);
  }
}

async function pause(delayMs: number, { signal, after }: Pick<Trying<unknown>, 'signal' | 'after'>): Promise<void> {
  const aborted = whenAborted(signal);
  let cancel: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = after(delayMs, resolve);
  });
  await Promise.race([over, aborted.promise]).finally(() => {
    cancel();
    aborted.forget();
  });
}

/** A promise that only ever rejects, with the reason of the signal. */
function whenAborted(signal: AbortSignal): { readonly promise: Promise<never>; readonly forget: () => void } {
  let forget: () => void = () => undefined;
  const promise = new Promise<never>((_, reject) => {
    const tell = () => reject(signal.reason);
    if (signal.aborted) tell();
    signal.addEventListener('abort', tell, { once: true });
    forget = () => signal.removeEventListener('abort', tell);
  });
  return { promise, forget };
}
