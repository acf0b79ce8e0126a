import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';

/** One state of one screen of the gallery. */
export interface Scene {
  readonly name: string;
  readonly snapshot: PhoneSnapshot;
  readonly panel?: 'phone' | 'history' | 'numbers' | 'credit';
  readonly view?: 'keys' | 'ask';
  readonly layout?: 'bar' | 'docked';
  readonly showBalance?: 'money' | 'time' | 'none';
  readonly isRightToLeft?: boolean;
  /** What is scrolled into view: a selector. */
  readonly lookAt?: string;
  /** What is chosen from lists before it is looked at: selector and value. */
  readonly choose?: Readonly<Record<string, string>>;
  /** What is opened before it is looked at: a selector of a <details>, the first one. */
  readonly open?: string;
  /** Names of buttons to press before it is looked at. */
  readonly press?: readonly string[];
}
