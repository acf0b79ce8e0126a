/** Metered services on the office of office-rig.ts: a host with a token of its own, and prices for what it charges. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { MeteringService } from '../../server/metering/metering-service.ts';
import { DEFAULT_POLICY } from '../../server/policy/default-policy.ts';
import type { Policy } from '../../server/policy/policy.ts';
import type { ServiceTerms } from '../../server/policy/service-policy.ts';
import type { HostIdentity } from '../../server/services.ts';
import type { ServiceChargeRow } from '../../server/storage/rows.ts';
import { type OfficeOutcome, officeRefusalSchema } from '../../src/protocol/office-problem.ts';
import { refusalSchema } from '../../src/protocol/problem.ts';
import { type ChargeService, type ServiceCharge, serviceChargeSchema } from '../../src/protocol/service.ts';
import { ledgerFaults } from './ledger-invariants.ts';
import { OfficeRig } from './office-rig.ts';

export const HOST: HostIdentity = {
  accountId: 'acme',
  officeId: 'berlin',
  personId: 'backend',
  name: 'Acme backend',
  role: 'host',
};
export const HOST_IN_AUSTIN: HostIdentity = { ...HOST, officeId: 'austin' };
/** Another account; the same ids below it. */
export const STRANGE_HOST: HostIdentity = { ...HOST, accountId: 'other' };

export const GERMAN = '+4915123456789';
/** 0.09 a segment. */
export const SMS_TO_GERMANY = { kind: 'sms', units: 1, to: GERMAN } as const;
export const SAM_READ = { personId: 'sam', name: 'Sam Reed' } as const;

/** The default policy with other terms for some kinds. */
export function withKinds(kinds: Readonly<Record<string, Partial<ServiceTerms>>>): Partial<Policy> {
  const { services } = DEFAULT_POLICY;
  const flat: ServiceTerms = { unit: 'unit', priceBy: 'flat', payBy: 'credit' };
  const changed = Object.entries(kinds).map(([kind, terms]) => [kind, { ...flat, ...services.kinds[kind], ...terms }]);
  return { services: { ...services, kinds: { ...services.kinds, ...Object.fromEntries(changed) } } };
}

export class MeteringRig {
  readonly office: OfficeRig;

  constructor(office: OfficeRig) {
    this.office = office;
  }

  static async open(policy: Partial<Policy> = {}): Promise<MeteringRig> {
    return new MeteringRig(await OfficeRig.open(policy));
  }

  /** The book adds up; every test ends with it. */
  async close(): Promise<void> {
    expect(await ledgerFaults(this.office.store)).toEqual([]);
    await this.office.close();
  }

  get service(): MeteringService {
    return this.office.services.metering;
  }

  charge(wish: Partial<ChargeService> = {}, who: Who = {}) {
    return this.#ask((identity) => (who.service ?? this.service).handlers.chargeService(identity, asked(wish)), who);
  }

  authorize(wish: Partial<ChargeService> & { readonly validSeconds?: number } = {}, who: Who = {}) {
    return this.#ask((identity) => (who.service ?? this.service).handlers.authorizeService(identity, asked(wish)), who);
  }

  settle(chargeId: string, units: number, who: Who = {}) {
    return this.#ask(
      (identity) => (who.service ?? this.service).handlers.settleService(identity, { chargeId, units }),
      who,
    );
  }

  release(chargeId: string, who: Who = {}) {
    return this.#ask((identity) => (who.service ?? this.service).handlers.releaseService(identity, { chargeId }), who);
  }

  show(chargeId: string, who: Who = {}) {
    return this.#ask((identity) => (who.service ?? this.service).handlers.serviceCharge(identity, { chargeId }), who);
  }

  /** Every answer is what the contract says, to the field. */
  async #ask(ask: (identity: HostIdentity) => Promise<OfficeOutcome<ServiceCharge>>, { identity = HOST }: Who) {
    const outcome = await ask(identity);
    if (outcome.ok) expect(serviceChargeSchema.parse(outcome.value)).toEqual(outcome.value);
    else {
      const schema = officeRefusalSchema.safeParse(outcome.refusal).success ? officeRefusalSchema : refusalSchema;
      expect(schema.parse(outcome.refusal)).toEqual(outcome.refusal);
    }
    return outcome;
  }

  /** Time goes by and what expired is looked at. */
  async later(seconds: number): Promise<void> {
    this.office.clock.advance(seconds * 1_000);
    for (const { work } of this.service.works) await work();
  }

  async rows(): Promise<readonly ServiceChargeRow[]> {
    return await this.office.store.db.selectFrom('service_charge').selectAll().orderBy('chargeId').execute();
  }

  async row(chargeId: string): Promise<ServiceChargeRow> {
    const rows = await this.rows();
    const row = rows.find((one) => one.chargeId === chargeId);
    if (!row) throw new Error(`There is no charge ${chargeId}`);
    return row;
  }

  /** What the book says left the office's wallet, by kind of entry and reference. */
  async debits(walletId = 'berlin') {
    const entries = await this.office.store.db
      .selectFrom('entry')
      .select(['entryKind', 'reference', 'amountMicros'])
      .where('accountId', '=', 'acme')
      .where('walletId', '=', walletId)
      .where('ledgerAccount', '=', 'wallet')
      .where('amountMicros', '<', 0)
      .orderBy('entryKind')
      .orderBy('reference')
      .execute();
    return entries.map(({ entryKind, reference, amountMicros }) => ({ entryKind, reference, micros: -amountMicros }));
  }
}

interface Who {
  readonly identity?: HostIdentity;
  /** Another server. */
  readonly service?: MeteringService;
}

function asked(wish: Partial<ChargeService>): ChargeService {
  return { chargeId: randomUUID(), ...SMS_TO_GERMANY, person: SAM_READ, ...wish };
}
