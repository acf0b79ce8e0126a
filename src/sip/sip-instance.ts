/**
 * The +sip.instance of this tab (RFC 5626 section 4.1): stable over reloads, so that the registrar replaces the old contact instead of
 * ringing a dead one.
 */
import { randomUuid } from './random-uuid.ts';

const STORAGE_KEY = 'credit-phone.sip-instance';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `storage` throws or is null where the host page may not store anything; then the instance lasts as long as the page. */
export function sipInstanceId(openStorage: () => Storage | null = () => globalThis.sessionStorage): string {
  const fresh = randomUuid();
  try {
    const storage = openStorage();
    const known = storage?.getItem(STORAGE_KEY) ?? '';
    if (UUID.test(known)) return known;
    storage?.setItem(STORAGE_KEY, fresh);
  } catch {
    // Blocked storage is a setting of the person, not an error of ours: a fresh id registers as well.
  }
  return fresh;
}
