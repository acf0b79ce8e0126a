/**
 * An account that goes by one profile: the office of office-rig.ts with payments, numbers for sale, and the real gate in front of it, for
 * what is decided there (who may ask, what is no amount).
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { changeProfile } from '../../server/accounts/change-profile.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { importNumbers } from '../../server/numbers/import-numbers.ts';
import type { Profile } from '../../server/policy/profile.ts';
import type { Identity } from '../../server/services.ts';
import type { Role } from '../../src/protocol/account.ts';
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { PaymentSettings, SaveAutoRecharge } from '../../src/protocol/payment.ts';
import { gateFixture } from './gate-fixture.ts';
import { ANN, DANA, granted, type OfficeRig, SAM } from './office-rig.ts';
import { agreed, PaymentRig, USD } from './payment-rig.ts';

/** 1.00 due today; calls to it cost nothing. */
export const LOCAL_NUMBER = '+12025550101';
/** 1.00 due today. */
export const OTHER_NUMBER = '+12025550102';
/** Not from the shop: calls to it cost what the deck says, 0.02 a minute. */
export const TOLL_FREE = '+18885550199';
/** Due on the rig's 15 January: 0.58, and 0.42 for 17 of 31 days. */
const NUMBERS = `number,country,type,region,features,currency,setup,monthly,inbound_per_minute
${LOCAL_NUMBER},US,local,Washington,voice,USD,0.58,0.75,0
${OTHER_NUMBER},US,local,Washington,voice,USD,0.58,0.75,0`;

export class ProfileRig {
  readonly payments: PaymentRig;

  private constructor(payments: PaymentRig) {
    this.payments = payments;
  }

  static async open(profile: Profile): Promise<ProfileRig> {
    const payments = await PaymentRig.open();
    await importNumbers(payments.office.store, { accountId: 'acme', csv: NUMBERS });
    const rig = new ProfileRig(payments);
    await rig.goBy(profile);
    return rig;
  }

  async goBy(profile: Profile): Promise<void> {
    expect(await changeProfile(this.office.store, { accountId: 'acme', profile })).toBe(true);
  }

  get office(): OfficeRig {
    return this.payments.office;
  }

  async close(): Promise<void> {
    await this.payments.close();
  }

  /** What the office has from now on, in whole currency units. It is used up or given, never corrected: that would be no usage. */
  async haveCredit(amount: number, walletId = 'berlin'): Promise<void> {
    const { balance } = await this.office.wallet(walletId);
    const wanted = Math.round(amount * USD);
    if (wanted > balance) await this.office.addCredit(wanted - balance, walletId);
    if (wanted < balance) await this.payments.use(balance - wanted, walletId);
  }

  /** Whether a call may begin now, and if not, why not. It does not stay. */
  async callOut(to: string, identity: Identity = SAM): Promise<string> {
    const callId = randomUUID();
    const outcome = await this.office.authorize(to, { identity, callId });
    if (!outcome.ok) return outcome.refusal.code;
    await this.office.services.handlers.releaseCall(identity, { callId });
    return 'granted';
  }

  /** A whole call of so many seconds; what it cost. */
  async talk(to: string, { seconds, identity = SAM }: { readonly seconds: number; readonly identity?: Identity }) {
    const { callId } = await this.office.answeredCall(to, { identity });
    await this.office.pass(seconds);
    await this.office.ended(callId, seconds * 1_000);
    return (await this.office.row(callId)).costMicros;
  }

  async ring(calledNumber: string) {
    granted(await this.office.services.handlers.me(SAM, {}));
    return await this.office.services.edge.admit({
      direction: 'inbound',
      edgeId: 'embedded',
      sipCallId: randomUUID(),
      callerNumber: '+4930123456',
      calledUser: sipUserOf(SAM),
      calledNumber,
    });
  }

  /** Whether somebody outside can call this number now, and if not, why not. */
  async callIn(calledNumber: string): Promise<string> {
    const admission = await this.ring(calledNumber);
    if (admission.decision !== 'allow') return admission.refusal?.code ?? 'refused';
    await this.office.ended(admission.callId, null);
    return 'rings';
  }

  /** A whole call from outside of so many seconds; what it cost. */
  async talkIn(calledNumber: string, seconds: number): Promise<number> {
    const admission = await this.ring(calledNumber);
    if (admission.decision !== 'allow') throw new Error('It does not ring');
    await this.office.answered(admission.callId);
    await this.office.pass(seconds);
    await this.office.ended(admission.callId, seconds * 1_000);
    return (await this.office.row(admission.callId)).costMicros;
  }

  async buy(number: string): Promise<string> {
    const outcome = await this.office.services.handlers.buyNumber(DANA, { number, purchaseId: randomUUID() });
    return outcome.ok ? 'bought' : outcome.refusal.code;
  }

  async inShop(number: string) {
    const { numbers } = granted(await this.office.services.handlers.searchNumbers(DANA, { contains: number.slice(1) }));
    return numbers[0];
  }

  async settings(identity: Identity = DANA): Promise<PaymentSettings> {
    return agreed(await this.payments.ask('paymentSettings', {}, { identity }));
  }

  /** Turns auto-recharge on with what the form suggests, but for `wish`. */
  async turnOnRecharge(wish: Partial<SaveAutoRecharge> = {}): Promise<void> {
    const { thresholdMicros, amountMicros, monthlyLimitMicros } = (await this.settings()).autoRecharge;
    await this.payments.turnOnRecharge({ thresholdMicros, amountMicros, monthlyLimitMicros, ...wish });
  }

  /** What is taken from the card by itself when somebody uses the phone until so much is left. */
  async chargedAt(amount: number): Promise<readonly number[]> {
    const before = (await this.payments.recharges()).length;
    await this.haveCredit(amount);
    await this.payments.later(61);
    return (await this.payments.recharges()).slice(before).map(({ amountMicros }) => amountMicros / USD);
  }

  /** The debits of the office, by what they were for. */
  async debits(walletId = 'berlin'): Promise<readonly (readonly [string, number])[]> {
    const entries = await this.office.store.db
      .selectFrom('entry')
      .selectAll()
      .where('walletId', '=', walletId)
      .where('ledgerAccount', '=', 'wallet')
      .where('amountMicros', '<', 0)
      .orderBy('atMs')
      .execute();
    return entries.map(({ entryKind, amountMicros }) => [entryKind, -amountMicros] as const);
  }

  /** A request to the gate, as the wire has it. */
  async http(
    role: Role,
    request: {
      readonly method: 'GET' | 'POST' | 'PUT';
      readonly path: string;
      readonly body?: unknown;
      /** Another office than the person's own. */
      readonly office?: string;
    },
  ): Promise<{ readonly status: number; readonly answer: Record<string, unknown> }> {
    const { handlers, edge, visibleEvent, payments } = this.office.services;
    const { clock } = this.office;
    const gate = gateFixture({ dependencies: { handlers, edge, visibleEvent, payments }, clock });
    const personId = { agent: 'sam', billing: 'dana', company: 'luis' }[role];
    const { body, office } = request;
    const response = await gate.send(request.method, request.path, {
      token: await gate.token({ sub: personId, role }),
      ...(body === undefined ? {} : { body }),
      ...(office === undefined ? {} : { headers: { 'x-office': office } }),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }

  /** The status that each role gets for all that adds credit. */
  async mayAddCredit(role: Role): Promise<readonly number[]> {
    const setupId = randomUUID();
    const setting = { isOn: false, hasConsented: false };
    const { thresholdMicros, amountMicros, monthlyLimitMicros } = (await this.settings()).autoRecharge;
    const body = { ...setting, thresholdMicros, amountMicros, monthlyLimitMicros };
    return [
      (await this.http(role, { method: 'GET', path: '/v1/payment-settings' })).status,
      (await this.http(role, { method: 'POST', path: '/v1/card-setups', body: { setupId } })).status,
      (await this.http(role, { method: 'PUT', path: '/v1/payment-settings/auto-recharge', body })).status,
      (await this.http(role, { method: 'POST', path: '/v1/payments', body: paymentOf(10) })).status,
    ];
  }

  /** What the gate says to a payment of this amount, whatever it is. */
  async payOverHttp(amountMicros: unknown) {
    const body = { ...paymentOf(10), amountMicros };
    return await this.http('billing', { method: 'POST', path: '/v1/payments', body });
  }
}

export function dollars(amount: number): Micros {
  return micros(Math.round(amount * USD));
}

function paymentOf(amount: number) {
  return {
    paymentId: randomUUID(),
    amountMicros: dollars(amount),
    currency: 'USD',
    payWith: 'new_card',
    keepsCard: false,
  };
}

/** Dana, when she looks at the account's other office. */
export const IN_AUSTIN: Identity = { ...DANA, officeId: ANN.officeId };
