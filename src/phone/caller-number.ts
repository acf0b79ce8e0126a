/** Which of the numbers that this person may show the next call shows. Remembered by browser; the server has the last word. */
import type { Me } from '../protocol/account.ts';
import type { CallerChoice } from './own-numbers-ports.ts';

/** What was chosen and may still be shown; null leaves it to the server, which takes the first there is. */
export function callerNumberOf(me: Me, choice: CallerChoice | undefined): string | null {
  const chosen = choice?.read(me.personId) ?? null;
  return me.callerNumbers.find((number) => number === chosen) ?? null;
}
