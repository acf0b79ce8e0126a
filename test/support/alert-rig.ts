/** An office with alerts, over the office rig: its credit goes where a test wants it, and what was told is read from the store. */

import { createOfficeDirectory } from '../../server/accounts/office-directory.ts';
import { type AlertService, createAlertService } from '../../server/alerts/alert-service.ts';
import type { WebhookTarget } from '../../server/alerts/send-webhooks.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import type { Policy } from '../../server/policy/policy.ts';
import type { EventPublisher } from '../../server/services.ts';
import type { AlertRow, MailRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { OfficeRig } from './office-rig.ts';

export const USD = 1_000_000;
export const BERLIN = { accountId: 'acme', officeId: 'berlin' } as const;

export class AlertRig {
  readonly office: OfficeRig;
  readonly logged: { readonly message: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  #spends = 0;

  private constructor(office: OfficeRig) {
    this.office = office;
  }

  static async open(policy: Partial<Policy> = {}): Promise<AlertRig> {
    return new AlertRig(await OfficeRig.open(policy));
  }

  /** The alerts of a server; another one has a store of its own. */
  service(world: { readonly webhook?: WebhookTarget | null; readonly store?: Store } = {}): AlertService {
    const { office } = this;
    const store = world.store ?? office.store;
    const publisher: EventPublisher = {
      publish: (audience, event) => {
        office.told.push({ audience, event });
      },
    };
    return createAlertService(
      {
        store,
        clock: office.clock,
        publisher,
        policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: office.policy })),
        offices: createOfficeDirectory({ store, clock: office.clock, publisher }),
        balanceChanged: () => undefined,
        log: (message, facts) => this.logged.push({ message, facts }),
      },
      { after: () => () => undefined, webhook: world.webhook ?? null },
    );
  }

  /** Brings the wallet to this amount, and has it looked at. */
  async credit(amountMicros: number, service = this.service()): Promise<void> {
    const { balance } = await this.office.wallet();
    if (amountMicros > balance) await this.office.addCredit(amountMicros - balance);
    if (amountMicros < balance) await this.spend(balance - amountMicros);
    await service.workOnce();
  }

  async spend(amountMicros: number): Promise<void> {
    this.#spends += 1;
    const result = await this.office.ledger.submit({
      kind: 'charge',
      operationId: `spend:${this.#spends}`,
      accountId: 'acme',
      walletId: 'berlin',
      atMs: this.office.clock.nowMs(),
      amountMicros: micros(amountMicros),
      revenueAccount: 'calls',
      entryKind: 'call',
      reference: 'test',
      alongside: [],
    });
    if (!result.applied) throw new Error('Nothing was spent');
  }

  async kinds(): Promise<readonly string[]> {
    return (await this.alerts()).map(({ kind }) => kind);
  }

  async alerts(): Promise<readonly AlertRow[]> {
    return await this.office.store.db.selectFrom('alert').selectAll().orderBy('atMs').orderBy('alertId').execute();
  }

  async mails(): Promise<readonly MailRow[]> {
    return await this.office.store.db.selectFrom('mail').selectAll().orderBy('createdAtMs').orderBy('mailId').execute();
  }
}
