/**
 * One line when something is unavailable and one when the store commits again, however many requests and rounds of periodic work meet
 * the outage in between. While it lasts the store is asked again by itself, so that the second line comes without anybody's request.
 */
import { type Store, UnavailableError } from '../storage/store.ts';
import type { Logger } from './logger.ts';

/** Between two questions whether the store is back. */
const ASK_AGAIN_MS = 1_000;

export interface OutageLog {
  /** True when the error is an UnavailableError: it is told by this log, and whoever met it need not log it too. */
  met(error: unknown): boolean;
  /** Asks no more. */
  stop(): void;
}

export interface OutageLogOptions {
  readonly store: Pick<Store, 'place' | 'check'>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  /** Milliseconds that only ever grow. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

export function createOutageLog(options: OutageLogOptions): OutageLog {
  const { store, logger, nowMs, after } = options;
  let sinceMs: number | null = null;
  let cancel: () => void = () => undefined;
  const askLater = () => {
    cancel = after(ASK_AGAIN_MS, () => void ask());
  };
  const ask = async () => {
    try {
      await store.check();
    } catch {
      // Said already; what matters is when it ends.
      if (sinceMs !== null) askLater();
      return;
    }
    if (sinceMs === null) return;
    const outageMs = Math.round(nowMs() - sinceMs);
    sinceMs = null;
    logger.info({ place: store.place, outageMs }, 'the store commits');
  };
  return {
    met(error) {
      if (!(error instanceof UnavailableError)) return false;
      if (sinceMs !== null) return true;
      sinceMs = nowMs();
      logger.error({ place: store.place, cause: error.message }, 'unavailable; the store is asked again every second');
      askLater();
      return true;
    },
    stop() {
      sinceMs = null;
      cancel();
    },
  };
}
