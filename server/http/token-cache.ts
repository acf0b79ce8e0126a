/** Verified tokens, so that a signature is checked once and not with every request. Keyed by the whole token, gone at its expiry. */

export class TokenCache<T extends { readonly expiresAtMs: number }> {
  readonly #capacity: number;
  /** In order of last use: the first one is the one to forget. */
  readonly #entries = new Map<string, T>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Undefined when the token is not known or has expired. */
  get(token: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    this.#entries.delete(token);
    if (entry.expiresAtMs <= nowMs) return undefined;
    this.#entries.set(token, entry);
    return entry;
  }

  set(token: string, entry: T): void {
    this.#entries.set(token, entry);
    if (this.#entries.size <= this.#capacity) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  /** Forgets every entry that the test holds for: a person was locked out, a key was changed. */
  forget(isMeant: (entry: T) => boolean): void {
    for (const [token, entry] of this.#entries) if (isMeant(entry)) this.#entries.delete(token);
  }
}
