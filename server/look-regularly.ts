/** Looks at something again and again, and sooner when somebody has heard that it changed. One look at a time, in order. */
import type { After } from './services.ts';

export interface RegularLook {
  /** Looks now, or again when a look is under way: it may have begun too early. */
  soon(): void;
  /** The look under way comes to its end. */
  stop(): Promise<void>;
}

export interface RegularLookOptions {
  readonly everyMs: number;
  readonly look: () => Promise<void>;
  /** A look that failed; the next one comes all the same. */
  readonly onError: (error: unknown) => void;
  readonly after: After;
}

export function lookRegularly({ everyMs, look, onError, after }: RegularLookOptions): RegularLook {
  let isStopped = false;
  let round: Promise<void> | null = null;
  let isWantedAgain = false;
  let cancel: () => void = () => undefined;

  const later = () => {
    cancel = after(everyMs, begin);
  };
  const begin = () => {
    cancel();
    isWantedAgain = false;
    round = look()
      .catch(onError)
      .finally(() => {
        round = null;
        if (isStopped) return;
        if (isWantedAgain) begin();
        else later();
      });
  };

  later();
  return {
    soon: () => {
      if (isStopped) return;
      if (round === null) begin();
      else isWantedAgain = true;
    },
    stop: async () => {
      isStopped = true;
      cancel();
      await round;
    },
  };
}
