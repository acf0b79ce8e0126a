/** A started server looks after its share of the calls and no more, as long as another one lives. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClaims } from '../../../server/claims/claims.ts';
import { savePolicy } from '../../../server/policy/policy-store.ts';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../../server/rates/rate-deck-store.ts';
import { realTimer } from '../../../server/real-timer.ts';
import type { RunningServer } from '../../../server/start-server.ts';
import type { Store } from '../../../server/storage/store.ts';
import { CommandedEdge, FleetPerson, fleetEnvironment, report, startInProcess } from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

const PATIENCE = { timeout: 20_000, interval: 10 };

let home: ServerHome;
let store: Store;
let edge: CommandedEdge;
let server: RunningServer;

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 5_000_000, isPostgres: true });
  store = await home.openStore();
  edge = await CommandedEdge.start();
  const content = '{"calls":{"leaseSeconds":12,"renewBeforeSeconds":6},"caps":{"agentCallsAtOnce":null}}';
  await savePolicy(store, { content, setAtMs: Date.now() });
  const { rates } = parseRateDeck('prefix,destination,price,increments\n49,Germany,0.60,1/1\n');
  await saveRateDeck(store, { deckId: 'by-the-second', name: 'test', importedAtMs: Date.now() + 1, rates });
}, 60_000);

afterAll(async () => {
  await server.close();
  edge.close();
  await store.close();
  home.remove();
}, 60_000);

test('the calls of another server that lives are left to it, and looked after when it has left', async () => {
  // It takes a seat, and does not look after any call.
  const idle = createClaims({
    store,
    monotonicMs: () => performance.now(),
    after: realTimer,
    onError: (error) => expect.fail(String(error)),
  });
  await idle.start();
  server = await startInProcess(fleetEnvironment(home, edge));
  await expect.poll(() => idle.slotsOf('calls', 16).length, PATIENCE).toBe(8);
  const slots = idle.slotsOf('calls', 16);
  const ids = Array.from({ length: 16 }, (_, slot) => `call-of-slot-${slot.toString(16)}`);
  const [left = '', ...others] = ids.toSorted((a, b) => Number(isIn(slots, b)) - Number(isIn(slots, a)));
  const sam = await FleetPerson.of('sam', 'berlin');
  // The first one answered is the first one due: would the server look at all calls, it would renew this one before any other.
  for (const callId of [left, ...others]) {
    const call = await sam.authorize(server, callId);
    await sam.admit(server, call);
    await report(server, callId, { kind: 'answered' });
  }
  await expect.poll(() => edge.leases.length, PATIENCE).toBeGreaterThan(0);
  expect(edge.leases.filter(({ callId }) => isIn(slots, callId))).toEqual([]);
  await idle.stop();
  await expect.poll(() => edge.leasesOf(left).length, PATIENCE).toBeGreaterThan(0);
}, 60_000);

function isIn(slots: readonly number[], callId: string): boolean {
  return slots.includes(Number.parseInt(callId.slice(-1), 16));
}
