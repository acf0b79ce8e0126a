/** The addresses of metered services on the wire: the host's own token and nobody else's, and whatever is sent, nothing is lost. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endpointRoom } from '../../../server/http/room-routes.ts';
import { ENDPOINT_TABLES } from '../../../src/protocol/endpoint-tables.ts';
import { ROLES } from '../../../src/protocol/role.ts';
import { SERVICE_ENDPOINTS } from '../../../src/protocol/service-endpoints.ts';
import { type GateFixture, gateFixture } from '../../support/gate-fixture.ts';
import { MeteringRig } from '../../support/metering-rig.ts';

const SMS = { kind: 'sms', units: 2, to: '+49 151 23456789', person: { personId: 'sam', name: 'Sam Reed' } };
const CHARGES = '/v1/service-charges';
const AUTHORIZATIONS = '/v1/service-authorizations';
const RUNS = 120;

function gateOf(
  rig: MeteringRig,
  settings: { readonly hostRequestsPerSecond?: number; readonly personRequestsPerSecond?: number } = {},
): GateFixture {
  const { handlers } = rig.service;
  const many = { hostRequestsPerSecond: 1e6, personRequestsPerSecond: 1e6, addressRequestsPerSecond: 1e6 };
  return gateFixture({
    dependencies: { rooms: [endpointRoom(SERVICE_ENDPOINTS, handlers)] },
    settings: { ...many, ...settings },
    clock: rig.office.clock,
  });
}

const hostClaims = { sub: 'backend', name: 'Acme backend', role: 'host', lifetimeSeconds: 3_600 };

describe('who may ask', () => {
  let rig: MeteringRig;
  beforeEach(async () => {
    rig = await MeteringRig.open();
  });
  afterEach(() => rig.close());

  test('the host charges, authorizes, settles, releases and looks, for its own office or another one of its account', async () => {
    await rig.office.addCredit(1_000_000);
    await rig.office.addCredit(1_000_000, 'austin');
    const gate = gateOf(rig);
    const token = await gate.token(hostClaims);
    const say = async (method: string, path: string, body?: unknown, office = 'berlin', base = CHARGES) => {
      const sent = { token, headers: { 'x-office': office }, ...(body === undefined ? {} : { body }) };
      const response = await gate.send(method, `${base}${path}`, sent);
      return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
    };
    expect(await say('POST', '', { chargeId: 'charge-0001', ...SMS })).toMatchObject({ costMicros: 180_000 });
    const wish = { chargeId: 'charge-0002', ...SMS, validSeconds: 60 };
    const authorized = await say('POST', '', wish, 'austin', AUTHORIZATIONS);
    expect(authorized).toMatchObject({ status: 'authorized', heldMicros: 180_000, officeId: 'austin' });
    expect(await say('GET', '/charge-0002')).toMatchObject({ status: 404, code: 'service_unknown' });
    expect(await say('POST', '/charge-0002/settle', { units: 1 }, 'austin')).toMatchObject({ costMicros: 90_000 });
    expect(await say('POST', '/charge-0002/release', undefined, 'austin')).toMatchObject({
      status: 409,
      code: 'service_closed',
    });
    expect(await say('GET', '/charge-0002', undefined, 'austin')).toMatchObject({ status: 'settled', units: 1 });
    expect(await say('GET', '/charge-0002', undefined, 'elsewhere')).toMatchObject({
      status: 403,
      code: 'office_forbidden',
    });
    expect([(await rig.office.wallet()).balance, (await rig.office.wallet('austin')).balance]).toEqual([
      820_000, 910_000,
    ]);
  });

  test.each(ROLES)('a token of the role %s opens none of these addresses', async (role) => {
    await rig.office.addCredit(1_000_000);
    const gate = gateOf(rig);
    const token = await gate.token({ role });
    for (const { method, path } of Object.values(SERVICE_ENDPOINTS)) {
      const body = method === 'POST' ? { body: { chargeId: 'charge-0001', ...SMS } } : {};
      const response = await gate.send(method, path.replace(':chargeId', 'charge-0001'), { token, ...body });
      expect([response.status, (await response.json()).code]).toEqual([403, 'role_forbidden']);
    }
    expect(await rig.rows()).toEqual([]);
  });

  test('a token of the host opens no other address: neither those of people nor the event stream', async () => {
    const gate = gateFixture({ clock: rig.office.clock });
    const token = await gate.token(hostClaims);
    const others = ENDPOINT_TABLES.flatMap((table) => Object.values(table)).filter(({ role }) => role !== 'host');
    expect(others.length).toBeGreaterThan(20);
    const bound = [
      ...others.filter(({ path }) => /^\/v1\/(me|balance|calls|quote|numbers|payments)$/.test(path)),
      { method: 'GET', path: '/v1/events' },
    ];
    for (const { method, path } of bound) {
      const response = await gate.send(method, path, { token, ...(method === 'POST' ? { body: {} } : {}) });
      expect([path, response.status, (await response.json()).code]).toEqual([path, 403, 'role_forbidden']);
    }
    expect(bound.length).toBeGreaterThanOrEqual(5);
  });

  test('requests of the host have a limit of their own: people are not slowed down by it, nor it by theirs', async () => {
    const gate = gateOf(rig, { hostRequestsPerSecond: 2, personRequestsPerSecond: 1 });
    const token = await gate.token(hostClaims);
    const answers: number[] = [];
    for (let request = 0; request < 21; request += 1) {
      answers.push((await gate.send('GET', `${CHARGES}/charge-0001`, { token })).status);
    }
    expect(answers.filter((status) => status === 404)).toHaveLength(20);
    expect(answers.at(-1)).toBe(429);
    // The same id, as a person.
    const person = await gate.token({ sub: 'backend' });
    expect((await gate.send('GET', '/v1/balance', { token: person })).status).toBe(200);
  });
});

describe('whatever is sent', () => {
  let rig: MeteringRig;
  let gate: GateFixture;
  let token: string;
  beforeAll(async () => {
    rig = await MeteringRig.open();
    await rig.office.addCredit(1_000_000);
    gate = gateOf(rig);
    token = await gate.token(hostClaims);
  }, 60_000);
  afterAll(() => rig.close());

  const GOOD = { chargeId: 'charge-bad-1', ...SMS, callId: null, licence: null };
  const nonsense: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom(-1, 0, 1e9, 86_401, 1.5, '2', '', 'NaN', '../../x', 'S M S', '__proto__', true),
    fc.constantFrom([], {}, [2], { units: 2 }, 'a'.repeat(129), '\u0000', "' OR 1=1 --"),
    fc.integer({ max: 0 }),
    fc.integer({ min: 86_401 }),
  );
  /** Texts that some field takes as they are. */
  const isGood = (field: string, value: unknown) =>
    typeof value === 'string' &&
    value.length > 0 &&
    (field === 'to' ? value.length <= 40 : field === 'licence' && value.length <= 128);

  test('nonsense in a field, a price of the own making, or a field that nobody knows is named and moves nothing', async () => {
    const wrong = fc.oneof(
      fc
        .record({ field: fc.constantFrom(...Object.keys(GOOD)), value: nonsense })
        .filter(({ field, value }) => !isGood(field, value)),
      fc
        .constantFrom(
          'costMicros',
          'priceMicros',
          'rate',
          'tariff',
          'paidBy',
          'walletId',
          'officeId',
          'accountId',
          'status',
          'heldMicros',
        )
        .map((field) => ({ field, value: 0 as unknown })),
    );
    const path = fc.constantFrom(CHARGES, AUTHORIZATIONS);
    await fc.assert(
      fc.asyncProperty(path, wrong, async (address, { field, value }) => {
        const response = await gate.send('POST', address, { token, body: { ...GOOD, [field]: value } });
        const problem = await response.json();
        expect([response.status, problem.code]).toEqual([422, 'request_invalid']);
        expect(problem.errors.map((error: { field: string }) => error.field.split('/')[1])).toContain(field);
      }),
      { numRuns: RUNS },
    );
    expect(await rig.rows()).toEqual([]);
    expect((await rig.office.wallet()).available).toBe(1_000_000);
  }, 60_000);

  test.each([-1, 1.5, 86_401, 1e9, '1', null, [1]])('%j units cannot be settled', async (units) => {
    const response = await gate.send('POST', `${CHARGES}/charge-bad-1/settle`, { token, body: { units } });
    expect([response.status, (await response.json()).code]).toEqual([422, 'request_invalid']);
  });

  test.each([
    'x',
    'a'.repeat(65),
    'charge%00-0001',
    '..%2f..%2fme',
    'charge.recording',
  ])('"%s" is no id of a charge', async (id) => {
    const response = await gate.send('GET', `${CHARGES}/${id}`, { token });
    expect([404, 422]).toContain(response.status);
  });

  test('C-22, L-02: a subscription is told in words what credit is not for', async () => {
    const body = { chargeId: 'subscription-1', kind: 'subscription', units: 1 };
    const response = await gate.send('POST', CHARGES, { token, body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'service_not_metered',
      title: 'Credit does not pay for subscriptions.',
      whoCanFix: 'host',
    });
    expect(await rig.debits()).toEqual([]);
  });
});
