import { FIRST_SNAPSHOT } from '../phone/first-snapshot.ts';
import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';

/** What is drawn before there is a phone. An object of its own, to be told apart from what a phone shows first. */
export const UNCONNECTED_SNAPSHOT: PhoneSnapshot = Object.freeze({ ...FIRST_SNAPSHOT });
