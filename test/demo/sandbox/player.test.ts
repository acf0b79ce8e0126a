/** The scenario player: its turns, its clock, its edge, and its addresses. */
import { afterEach, expect, test } from 'vitest';
import { createPlayerRoutes } from '../../../demo/host/player-routes.ts';
import { wrongFacts } from '../../../demo/sandbox/differences.ts';
import { PlayedClock } from '../../../demo/sandbox/played-clock.ts';
import { PlayedEdge } from '../../../demo/sandbox/played-edge.ts';
import { type PlayState, ScenarioPlayer } from '../../../demo/sandbox/player.ts';
import { Sandbox } from '../../../demo/sandbox/sandbox.ts';
import type { Facts } from '../../../demo/sandbox/world.ts';

const URL_OF_IT = 'http://demo.invalid';
const player = new ScenarioPlayer((run) => Sandbox.open({ url: `${URL_OF_IT}/sandbox/${run}` }));
const routes = createPlayerRoutes(player);

afterEach(() => player.stop(), 60_000);

async function ask(path: string, method = 'POST', headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await routes(new Request(URL_OF_IT + path, { method, headers }));
  if (answer === null) throw new Error(`Nobody answers at ${path}.`);
  return answer;
}

async function state(): Promise<PlayState> {
  return (await (await ask('/demo/player', 'GET')).json()) as PlayState;
}

test('plays step by step; a double press plays two, not one twice, and there is an end', {
  timeout: 60_000,
}, async () => {
  expect((await state()).play).toBeNull();
  expect((await ask('/demo/player/begin/double-webhook')).status).toBe(200);
  const run = (await state()).play?.run ?? 0;
  await Promise.all([ask(`/demo/player/next/${run}`), ask(`/demo/player/next/${run}`)]);
  expect((await state()).play?.played.map(({ wrong, facts }) => [wrong, facts.balance])).toEqual([
    [[], 1_000_000],
    [[], 11_000_000],
  ]);
  expect((await ask(`/demo/player/next/${run}`)).status).toBe(200);
  expect((await ask(`/demo/player/next/${run}`)).status).toBe(409);
});

test('another play is another server: the one before is gone, its tokens and its steps too', {
  timeout: 60_000,
}, async () => {
  await ask('/demo/player/begin/drain');
  const first = (await state()).play?.run ?? 0;
  const token = await (await ask(`/demo/player/token/${first}/dana`)).text();
  const authorization = `Bearer ${token}`;
  expect((await ask(`/sandbox/${first}/v1/balance`, 'GET', { authorization })).status).toBe(200);
  await ask('/demo/player/begin/drain');
  const second = (await state()).play?.run ?? 0;
  expect((await ask(`/sandbox/${first}/v1/balance`, 'GET', { authorization })).status).toBe(404);
  expect((await ask(`/sandbox/${second}/v1/balance`, 'GET', { authorization })).status).toBe(401);
  expect((await ask(`/demo/player/token/${first}/dana`)).status).toBe(404);
  expect((await ask(`/demo/player/next/${first}`)).status).toBe(409);
  await ask('/demo/player/stop');
  expect((await state()).play).toBeNull();
});

test('refuses other sites, unknown scenarios, people and buttons, and leaves other addresses to others', async () => {
  expect((await ask('/demo/player/begin/drain', 'POST', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await ask('/demo/player/begin/nobody-knows-it')).status).toBe(404);
  expect((await ask('/demo/player/explode')).status).toBe(404);
  expect((await ask('/demo/player/next/NaN')).status).toBe(409);
  expect((await ask('/demo/player/begin/drain', 'PUT')).status).toBe(405);
  expect((await ask('/sandbox/1/v1/balance', 'GET')).status).toBe(404);
  expect(await routes(new Request(`${URL_OF_IT}/demo/people`))).toBeNull();
  expect((await state()).play).toBeNull();
});

test('the clock stands still, goes forward only, and calls what comes due in its order', () => {
  const clock = new PlayedClock(1_000);
  const called: string[] = [];
  clock.after(500, () => called.push('later'));
  clock.after(200, () => called.push('sooner'));
  const cancel = clock.after(300, () => called.push('cancelled'));
  cancel();
  clock.moveBy(499);
  expect([clock.nowMs(), called]).toEqual([1_499, ['sooner']]);
  clock.moveBy(1);
  expect(called).toEqual(['sooner', 'later']);
  for (const ms of [-1, Number.NaN, 0.5, Number.POSITIVE_INFINITY])
    expect(() => clock.moveBy(ms)).toThrow('it never goes back');
  expect(clock.nowMs()).toBe(1_500);
});

test('the edge cuts a call at the end of its lease, and not before; without a network it tells nobody', async () => {
  const clock = new PlayedClock(0);
  const edge = new PlayedEdge(clock);
  const ended: unknown[] = [];
  const report = async (call: { readonly callId: string }, end: object) =>
    void ended.push({ callId: call.callId, ...end });
  edge.answer({ accountId: 'a', callId: 'call-1', answeredAtMs: 0, leaseSeconds: 10 });
  const target = { edgeId: 'e', accountId: 'a', callId: 'call-1' };
  expect(await edge.setLease(target, { leaseSeconds: 20, isFinal: true })).toMatchObject({ outcome: 'done' });
  clock.moveBy(19_999);
  await edge.cutWhatIsOver(report);
  expect(ended).toEqual([]);
  clock.moveBy(1);
  edge.isReachable = false;
  await edge.cutWhatIsOver(report);
  expect(await edge.end(target)).toMatchObject({ outcome: 'unreachable' });
  expect(ended).toEqual([]);
  edge.isReachable = true;
  await edge.cutWhatIsOver(report);
  await edge.cutWhatIsOver(report);
  expect(ended).toEqual([{ callId: 'call-1', durationMs: 20_000, reason: 'lease_expired' }]);
  expect(await edge.setLease(target, { leaseSeconds: 30, isFinal: false })).toEqual({ outcome: 'gone' });
});

test('a fact that is otherwise is named, what is not promised is not looked at', () => {
  const facts: Facts = {
    balance: 5,
    held: 1,
    available: 4,
    call: 'none',
    callCost: 0,
    callSeconds: 0,
    callPricePerMinute: 0,
    refusal: null,
    payment: null,
    paid: 0,
    reports: 0,
    number: null,
  };
  expect(wrongFacts(facts, { balance: 5, refusal: null })).toEqual([]);
  expect(wrongFacts(facts, { balance: 6, call: 'over' })).toEqual([
    'balance is 5, expected 6',
    'call is none, expected over',
  ]);
});
