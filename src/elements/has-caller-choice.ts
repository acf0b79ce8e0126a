import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';

/** Somebody with one number, or none, is not asked. */
export function hasCallerChoice({ me }: PhoneSnapshot): boolean {
  return me !== null && me.callerNumbers.length > 1;
}
