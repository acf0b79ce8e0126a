/** Which offices exist, remembered for a moment, and for which office a request is. */
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { HostIdentity, Identity, ServerClock } from '../services.ts';

/** A new office is known at once (only what exists is remembered), a removed one is forgotten after this. */
const REMEMBERED_MS = 10_000;
const REMEMBERED_OFFICES = 10_000;

/** Whether the account has this office, asked of the store. */
export type OfficeLookup = (accountId: string, officeId: string) => Promise<boolean>;

export class OfficeDirectory {
  readonly #lookup: OfficeLookup;
  readonly #clock: ServerClock;
  readonly #knownUntilMs = new Map<string, number>();

  constructor(lookup: OfficeLookup, clock: ServerClock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /**
   * The identity with the office that is meant. The token's own one, or, for roles company and host, another one of the same account.
   * Anything else is refused as `office_forbidden`, also an office that does not exist: the difference is nobody's business.
   */
  async choose<Who extends Identity | HostIdentity>(
    identity: Who,
    wantedOfficeId: string | null,
  ): Promise<Outcome<Who>> {
    const officeId = wantedOfficeId ?? identity.officeId;
    const isOwn = officeId === identity.officeId;
    const maySwitch = identity.role === 'company' || identity.role === 'host';
    if (!isOwn && !maySwitch) return refused(refusal('office_forbidden'));
    if (!(await this.#exists(identity.accountId, officeId))) return refused(refusal('office_forbidden'));
    return granted(isOwn ? identity : { ...identity, officeId });
  }

  async #exists(accountId: string, officeId: string): Promise<boolean> {
    const key = `${accountId}\n${officeId}`;
    const nowMs = this.#clock.nowMs();
    if ((this.#knownUntilMs.get(key) ?? 0) > nowMs) return true;
    this.#knownUntilMs.delete(key);
    if (!(await this.#lookup(accountId, officeId))) return false;
    if (this.#knownUntilMs.size >= REMEMBERED_OFFICES) this.#knownUntilMs.clear();
    this.#knownUntilMs.set(key, nowMs + REMEMBERED_MS);
    return true;
  }
}
