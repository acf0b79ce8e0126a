/**
 * Random schedules of everything that can happen to calls of one office: whatever comes in whatever order, also twice, also after the
 * server died, credit is never below zero and each call is charged once, what its row says.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Services } from '../../../server/services-of.ts';
import { micros } from '../../../src/protocol/money.ts';
import { priceCall } from '../../../src/protocol/price.ts';
import { rateSchema } from '../../../src/protocol/rate.ts';
import { AUSTRIA, DANA, ECHO, GERMAN_MOBILE, KIM, OfficeRig, SAM } from '../../support/office-rig.ts';

const CALLS = 6;
const NUMBERS = [GERMAN_MOBILE, AUSTRIA, ECHO];

type Step =
  | { readonly kind: 'authorize' | 'admit' | 'ringing' | 'answered' | 'release' | 'renew'; readonly call: number }
  | { readonly kind: 'ended'; readonly call: number; readonly durationSeconds: number | null }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'credit'; readonly amountMicros: number }
  | { readonly kind: 'edge'; readonly outcome: 'done' | 'gone' | 'unreachable' }
  | { readonly kind: 'together'; readonly calls: readonly number[] }
  | { readonly kind: 'restart' };

const call = fc.nat(CALLS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('authorize', 'admit', 'ringing', 'answered', 'release', 'renew'),
      call,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ended'),
      call,
      durationSeconds: fc.option(fc.integer({ min: 0, max: 400 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.constantFrom(1, 15, 45, 120) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('credit'), amountMicros: fc.integer({ min: 1, max: 200_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('edge'), outcome: fc.constantFrom('done', 'gone', 'unreachable') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('together'), calls: fc.array(call, { minLength: 2, maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

/** One office, its calls by index, and the grants that they were given. */
class Story {
  readonly #rig: OfficeRig;
  readonly #grants = new Map<number, string>();
  #credits = 0;

  constructor(rig: OfficeRig) {
    this.#rig = rig;
  }

  async take(step: Step): Promise<void> {
    const { services } = this.#rig;
    switch (step.kind) {
      case 'authorize':
        return await this.#authorize(step.call);
      case 'admit':
        return void (await this.#admit(services, step.call));
      case 'ringing':
      case 'answered':
        return void (await services.edge[step.kind](idOf(step.call), {
          accountId: 'acme',
          edgeId: 'embedded',
          happenedAgoMs: 0,
        }));
      case 'ended':
        return await this.#ended(services, step);
      case 'release':
        return void (await services.handlers.releaseCall(callerOf(step.call), { callId: idOf(step.call) }));
      case 'renew':
        return void (await services.handlers.renewCall(callerOf(step.call), {
          callId: idOf(step.call),
          renewalIndex: 9,
        }));
      case 'pass':
        this.#rig.clock.advance(step.seconds * 1_000);
        return await services.scheduler.tick();
      case 'credit':
        return await this.#addCredit(step.amountMicros);
      case 'edge':
        return this.#scriptEdge(step.outcome);
      case 'together':
        return void (await Promise.all(step.calls.map((index) => this.#everythingAtOnce(services, index))));
      case 'restart':
        return await this.#rig.restart();
    }
  }

  async #authorize(index: number): Promise<void> {
    const number = NUMBERS[index % NUMBERS.length] ?? ECHO;
    const outcome = await this.#rig.authorize(number, { identity: callerOf(index), callId: idOf(index) });
    if (outcome.ok) this.#grants.set(index, outcome.value.grant);
  }

  async #admit(services: Services, index: number) {
    return await services.edge.admit({
      direction: 'outbound',
      edgeId: 'embedded',
      sipCallId: `sip-${index}`,
      callerUser: `acme.${callerOf(index).personId}`,
      calledNumber: NUMBERS[index % NUMBERS.length] ?? ECHO,
      grant: this.#grants.get(index) ?? null,
    });
  }

  async #ended(services: Services, end: Extract<Step, { kind: 'ended' }>): Promise<void> {
    const durationMs = end.durationSeconds === null ? null : end.durationSeconds * 1_000;
    const report = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0, durationMs, reason: 'hung_up' } as const;
    await services.edge.ended(idOf(end.call), report);
  }

  /** Two servers and an edge that repeats itself, all in one moment. */
  async #everythingAtOnce(services: Services, index: number): Promise<void> {
    const other = this.#rig.newServices();
    await Promise.all([
      this.#authorize(index),
      this.#admit(services, index),
      services.edge.answered(idOf(index), { accountId: 'acme', edgeId: 'embedded', happenedAgoMs: 0 }),
      other.scheduler.tick(),
      services.scheduler.tick(),
      this.#ended(other, { kind: 'ended', call: index, durationSeconds: 30 }),
      this.#ended(services, { kind: 'ended', call: index, durationSeconds: 90 }),
    ]);
  }

  async #addCredit(amountMicros: number): Promise<void> {
    this.#credits += 1;
    const credit = { creditId: `credit-${this.#credits}-0000`, amountMicros: micros(amountMicros) };
    await this.#rig.services.handlers.addPlayCredit(DANA, credit);
  }

  #scriptEdge(outcome: 'done' | 'gone' | 'unreachable'): void {
    this.#rig.edgeCommands.outcome = ({ callId }) =>
      outcome === 'done'
        ? { outcome, call: { callId, state: 'answered', elapsedMs: null, leaseSeconds: 0 } }
        : outcome === 'gone'
          ? { outcome }
          : { outcome, cause: 'scripted' };
  }
}

function idOf(index: number): string {
  return `call-0000-${index}`;
}

function callerOf(index: number) {
  return index % 2 === 0 ? SAM : KIM;
}

async function holdsTrue(rig: OfficeRig): Promise<void> {
  const wallet = await rig.wallet();
  expect(wallet.available).toBeGreaterThanOrEqual(0);
  const calls = await rig.store.db.selectFrom('call').selectAll().execute();
  const holds = await rig.store.db.selectFrom('hold').selectAll().execute();
  const entries = await rig.store.db.selectFrom('entry').selectAll().execute();
  expect(entries.reduce((sum, { amountMicros }) => sum + amountMicros, 0)).toBe(0);
  expect(wallet.held).toBe(
    holds.filter(({ capturedMicros }) => capturedMicros === null).reduce((sum, hold) => sum + hold.totalMicros, 0),
  );
  for (const row of calls) {
    const hold = holds.find(({ holdId }) => holdId === row.callId);
    const charged = entries
      .filter(({ reference, ledgerAccount }) => reference === row.callId && ledgerAccount === 'wallet')
      .reduce((sum, { amountMicros }) => sum - amountMicros, 0);
    const isOver = row.dueAtMs === null;
    expect(charged).toBe(row.costMicros);
    expect(hold?.capturedMicros).toBe(isOver ? row.costMicros : null);
    // What a lease costs is held: nobody talks on money that is not there.
    const rate = rateSchema.parse(JSON.parse(row.rate));
    const leased = priceCall(rate, {
      startedAtMs: row.answeredAtMs ?? row.startedAtMs,
      durationSeconds: row.leaseSeconds,
    });
    expect(leased).toBeLessThanOrEqual(hold?.totalMicros ?? 0);
    expect(row.costMicros).toBeLessThanOrEqual(leased);
  }
}

test('available never below zero, rows and entries agree, every call is settled exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const rig = await OfficeRig.open();
      try {
        const story = new Story(rig);
        await story.take({ kind: 'credit', amountMicros: 150_000 });
        for (const next of steps) {
          await story.take(next);
          await rig.settleDown();
          await holdsTrue(rig);
        }
        // Whatever was left: nobody reports any more, and in the end nothing is held.
        await story.take({ kind: 'edge', outcome: 'gone' });
        for (let round = 0; round < 4; round += 1) await story.take({ kind: 'pass', seconds: 120 });
        await holdsTrue(rig);
        expect((await rig.wallet()).held).toBe(0);
      } finally {
        await rig.close();
      }
    }),
    { numRuns: Number(process.env.CALL_SCHEDULES ?? 25) },
  );
}, 120_000);
