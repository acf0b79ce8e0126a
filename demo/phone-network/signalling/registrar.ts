/** Where each SIP user can be reached now: one binding per browser tab, bound to its connection (RFC 5626, RFC 7118 section 6). */
import type { URI } from 'sip.js';
import type { SipConnection } from './sip-connection.ts';

export interface Binding {
  readonly user: string;
  /** +sip.instance or the contact address: the same browser tab on another socket has the same key. */
  readonly key: string;
  readonly contact: URI;
  readonly connection: SipConnection;
  /** On the monotonic clock. */
  readonly expiresAtMs: number;
}

/** A person with more open tabs than this loses the oldest binding. */
const MAX_BINDINGS_PER_USER = 10;

export class Registrar {
  readonly #bindings = new Map<string, Map<string, Binding>>();

  /** Returns the binding that this one takes the place of, if any. */
  bind(binding: Binding): Binding | null {
    const ofUser = this.#bindings.get(binding.user) ?? new Map<string, Binding>();
    const before = ofUser.get(binding.key) ?? null;
    ofUser.delete(binding.key);
    ofUser.set(binding.key, binding);
    const oldest = ofUser.keys().next().value;
    if (ofUser.size > MAX_BINDINGS_PER_USER && oldest !== undefined) ofUser.delete(oldest);
    this.#bindings.set(binding.user, ofUser);
    return before;
  }

  unbind(user: string, connection: SipConnection): void {
    const ofUser = this.#bindings.get(user);
    if (!ofUser) return;
    for (const [key, binding] of ofUser) if (binding.connection === connection) ofUser.delete(key);
    if (ofUser.size === 0) this.#bindings.delete(user);
  }

  /** The tabs to ring, without those whose registration has run out. */
  bindingsOf(user: string, nowMs: number): Binding[] {
    return [...(this.#bindings.get(user)?.values() ?? [])].filter((binding) => binding.expiresAtMs > nowMs);
  }

  get size(): number {
    return [...this.#bindings.values()].reduce((sum, ofUser) => sum + ofUser.size, 0);
  }
}
