/**
 * Access tokens that hold no more before they expire: those of a person, or of everybody in an account, that were issued before a moment.
 * Every server keeps all that matter in memory, so that asking costs nothing; it looks for new ones every second.
 */
import type { Store } from '../storage/store.ts';

/** Everybody of the account. */
const EVERYBODY = '';
/** Clocks of those who sign tokens and of servers may differ by so much. */
const CLOCK_DIFFERENCE_MS = 60_000;

export interface Revoked {
  readonly accountId: string;
  /** Null: everybody of the account. */
  readonly personId: string | null;
}

/** Tokens that were issued before `issuedBeforeMs` are refused from now on, at every server within a second or two. */
export async function revokeTokens(
  store: Pick<Store, 'writeRows'>,
  { accountId, personId, issuedBeforeMs, nowMs }: Revoked & { readonly issuedBeforeMs: number; readonly nowMs: number },
): Promise<void> {
  const row = { accountId, personId: personId ?? EVERYBODY, issuedBeforeMs, revokedAtMs: nowMs };
  // A conflict is the same revocation once more.
  await store.writeRows([{ table: 'token_revocation', mode: 'insert', row }]);
}

export interface TokenRevocationsOptions {
  readonly store: Pick<Store, 'db'>;
  readonly clock: { nowMs(): number };
  /** The longest lifetime of a token: what was revoked before that has expired by itself. */
  readonly maxTokenMs: number;
}

export class TokenRevocations {
  readonly #options: TokenRevocationsOptions;
  #issuedBeforeMs: ReadonlyMap<string, number> = new Map();
  #tell: (revoked: Revoked) => void = () => undefined;

  constructor(options: TokenRevocationsOptions) {
    this.#options = options;
  }

  /** Tells of each revocation from now on that is new to this server. */
  onRevoked(listener: (revoked: Revoked) => void): void {
    this.#tell = listener;
  }

  /** A token issued in the very second of the revocation is refused, too: "iat" has no parts of a second. */
  isRevoked(token: { readonly accountId: string; readonly personId: string; readonly issuedAtMs: number }): boolean {
    const { accountId, issuedAtMs } = token;
    return [token.personId, EVERYBODY].some((personId) => {
      const issuedBeforeMs = this.#issuedBeforeMs.get(keyOf({ accountId, personId }));
      return issuedBeforeMs !== undefined && issuedAtMs < issuedBeforeMs;
    });
  }

  /** Learns of all revocations that matter. What was known stays when this fails. */
  async look(): Promise<void> {
    const { store, clock, maxTokenMs } = this.#options;
    const rows = await store.db
      .selectFrom('token_revocation')
      .selectAll()
      .where('issuedBeforeMs', '>', clock.nowMs() - maxTokenMs - CLOCK_DIFFERENCE_MS)
      // The latest of a person is the one that stays in the map.
      .orderBy('issuedBeforeMs')
      .execute();
    const before = this.#issuedBeforeMs;
    this.#issuedBeforeMs = new Map(rows.map((row) => [keyOf(row), row.issuedBeforeMs]));
    for (const row of rows) {
      if ((before.get(keyOf(row)) ?? Number.NEGATIVE_INFINITY) >= row.issuedBeforeMs) continue;
      this.#tell({ accountId: row.accountId, personId: row.personId === EVERYBODY ? null : row.personId });
    }
  }
}

function keyOf({ accountId, personId }: { readonly accountId: string; readonly personId: string }): string {
  return JSON.stringify([accountId, personId]);
}
