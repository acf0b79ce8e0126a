/** Reports come late, twice, in any order or not at all, beside the browser and the sweep: the end is always the same. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answered } from '../../../server/payments/payment-provider.ts';
import type { SignedReport } from '../../../server/payments/simulated-webhooks.ts';
import { DANA } from '../../support/office-rig.ts';
import { PaymentRig, USD } from '../../support/payment-rig.ts';

/** All of them where nobody waits. */
const PERMUTATIONS = process.env.CI ? 10_000 : 2_000;
/** Together, so that one commit serves many. */
const AT_ONCE = 250;
const AMOUNT = 5 * USD;
/** What the browser does, and whether money moves. */
const STORIES = [
  'pays',
  'declined_then_pays',
  'refuses_then_confirms',
  'confirms',
  'declined',
  'left',
  'refunded',
] as const;
type Story = (typeof STORIES)[number];

/** mulberry32: the same numbers each time, so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Told {
  readonly story: Story;
  readonly paymentId: string;
  readonly reports: readonly SignedReport[];
}

/** A payment whose row is committed and whose reply is lost, as after a crash; the browser plays its part at the provider. */
async function play(rig: PaymentRig, story: Story): Promise<Told> {
  const paymentId = randomUUID();
  const nowMs = rig.office.clock.nowMs();
  const common = { accountId: 'acme', paymentId, customerRef: 'sim_cus_orders', currency: 'USD' };
  const row = {
    ...common,
    officeId: 'berlin',
    walletId: 'berlin',
    kind: 'top_up',
    provider: 'simulated',
    status: 'pending',
    amountMicros: AMOUNT,
    personId: 'dana',
    personName: 'Dana',
    method: 'new_card',
    isCardKept: false,
    cardRef: null,
    card: null,
    cardGeneration: 0,
    providerRef: null,
    failureKind: null,
    failureRetry: null,
    returnedMicros: 0,
    isDisputed: false,
    availableMicros: null,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    dueAtMs: nowMs + 60_000,
    version: 1,
  };
  await rig.office.store.writeRows([{ table: 'payment', mode: 'insert', row }]);
  const created = await rig.provider.createPayment({
    ...common,
    amountMinor: 500,
    method: { kind: 'new_card', keepsCard: false },
  });
  if (created.outcome !== 'answered') throw new Error(created.cause);
  const { ref, clientSecret } = created.value;
  await browse(rig, { story, clientSecret: clientSecret ?? '', ref });
  const refs = [ref, ...(story === 'refunded' ? [refundRef(await rig.provider.refundsOf(ref))] : [])];
  const reports = rig.reports.filter(({ body }) => refs.some((one) => body.includes(one)));
  return { story, paymentId, reports };
}

function refundRef(reply: Awaited<ReturnType<PaymentRig['provider']['refundsOf']>>): string {
  return reply.outcome === 'answered' ? (reply.value[0]?.ref ?? '') : '';
}

async function browse(
  rig: PaymentRig,
  { story, clientSecret, ref }: { readonly story: Story; readonly clientSecret: string; readonly ref: string },
): Promise<void> {
  const card = (number: string) => rig.giveCard(clientSecret, number);
  const authenticate = (isConfirmed: boolean) => rig.provider.authenticate({ clientSecret, isConfirmed });
  if (story === 'declined' || story === 'declined_then_pays') await card('4000000000000002');
  if (story === 'pays' || story === 'declined_then_pays' || story === 'refunded') await card('4242424242424242');
  if (story === 'confirms' || story === 'refuses_then_confirms') await card('4000002760003184');
  if (story === 'refuses_then_confirms') {
    await authenticate(false);
    await card('4000002760003184');
  }
  if (story === 'confirms' || story === 'refuses_then_confirms') await authenticate(true);
  if (story === 'refunded') await rig.provider.refund({ refundId: ref, paymentRef: ref, amountMinor: 200 });
}

/** Each report once, twice or never; all in any order, with the browser's return in between; on either of two servers. */
async function deliverSomehow(
  rig: PaymentRig,
  told: Told,
  { random, servers }: { random: () => number; servers: readonly PaymentRig['service'][] },
) {
  const steps: (() => Promise<unknown>)[] = told.reports.flatMap((report) => {
    const times = Math.floor(random() * 3);
    return Array.from({ length: times }, () => () => {
      const server = servers[Math.floor(random() * servers.length)] ?? rig.service;
      return server.takeReport({ provider: 'simulated', ...report });
    });
  });
  if (random() < 0.5) steps.push(() => rig.service.handlers.finishPayment(DANA, { paymentId: told.paymentId }));
  const shuffled = steps.map((step) => ({ step, at: random() })).toSorted((a, b) => a.at - b.at);
  const isAtOnce = random() < 0.5;
  if (isAtOnce) await Promise.all(shuffled.map(({ step }) => step()));
  else for (const { step } of shuffled) await step();
}

test(`scenarios 4, 29, 39: ${PERMUTATIONS} random deliveries end in one state each, and the book adds up`, async () => {
  const rig = await PaymentRig.open();
  // Its own memory of events is not what is tested, and would be compared again and again.
  rig.provider.listEvents = async () => answered([]);
  const servers = [rig.service, rig.office.newServices().payments];
  const random = randomFrom(20_261_121);
  let expected = 0;
  for (let done = 0; done < PERMUTATIONS; done += AT_ONCE) {
    const stories = Array.from({ length: AT_ONCE }, () => STORIES[Math.floor(random() * STORIES.length)] ?? 'pays');
    rig.reports.length = 0;
    const told = await Promise.all(stories.map((story) => play(rig, story)));
    await Promise.all(told.map((one) => deliverSomehow(rig, one, { random, servers })));
    await settle(rig);
    for (const { story, paymentId } of told) {
      const isPaid = story !== 'declined' && story !== 'left';
      const isReturnKnown = story === 'refunded';
      const row = await rig.payment(paymentId);
      if (isPaid) expect([story, row.status]).toEqual([story, 'succeeded']);
      else expect([story, row.status]).toEqual([story, story === 'left' ? 'card_needed' : 'failed']);
      expected += isPaid ? AMOUNT - (isReturnKnown ? row.returnedMicros : 0) : 0;
      expect(row.returnedMicros).toSatisfy((micros: number) => micros === 0 || (isReturnKnown && micros === 2 * USD));
    }
    expect(await rig.balance()).toBe(expected);
  }
  await rig.close();
}, 300_000);

/** What was lost is found by the sweep, a minute later. */
async function settle(rig: PaymentRig): Promise<void> {
  await rig.office.settleDown();
  for (let round = 0; round < 8; round += 1) await rig.later(round === 0 ? 61 : 1);
}
