/** Request ids: the caller's own when it is a harmless one, so that a case can be followed through several logs. */
import { randomBytes } from 'node:crypto';

const HARMLESS = /^[A-Za-z0-9._-]{8,64}$/;

export function createRequestIds(): (given: string | null) => string {
  // Random for each process and counted within it: unique without asking the system for randomness with every request.
  const prefix = randomBytes(6).toString('hex');
  let count = 0;
  return (given) => {
    if (given !== null && HARMLESS.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
