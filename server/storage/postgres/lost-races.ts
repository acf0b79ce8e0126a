import { isLostRace } from './postgres-error.ts';

/** Enough for any real race; what fails so often is wrong in itself. */
const MAX_TRIES = 8;

/**
 * Does it again when its transaction lost against another one (a deadlock, a row that both inserted) and was rolled back whole:
 * PostgreSQL has chosen whose turn it was, the other is through by now.
 */
export async function repeatLostRaces<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (reason) {
      if (tries === MAX_TRIES || !isLostRace(reason)) throw reason;
    }
  }
}
