/** Issue 4, bad input: whatever is sent to a payment address, nothing is begun, nothing is lost, and what was wrong is named. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAYMENT_ENDPOINTS } from '../../../src/protocol/payment-endpoints.ts';
import type { PaymentEndpointName } from '../../../src/protocol/payment-routes.ts';
import { SIMULATED_PAYMENT_PATHS } from '../../../src/protocol/simulated-payment.ts';
import { type GateFixture, gateFixture } from '../../support/gate-fixture.ts';
import { DANA } from '../../support/office-rig.ts';
import { agreed, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

const RUNS = 150;
const TABLES = [
  'payment',
  'payer',
  'auto_recharge',
  'payment_event',
  'payment_return',
  'debt',
  'card_check',
  'operation',
  'entry',
  'wallet',
  'simulated_object',
] as const;

let rig: PaymentRig;
let fixture: GateFixture;
let billing: string;
/** Of the account's other office, and of another account. */
let others: readonly string[] = [];

beforeAll(async () => {
  rig = await PaymentRig.open();
  const { payments } = rig.office.services;
  const settings = { personRequestsPerSecond: 1e6, addressRequestsPerSecond: 1e6 };
  const dependencies = { payments, simulatedProvider: rig.provider };
  fixture = gateFixture({ dependencies, settings, clock: rig.office.clock });
  billing = await fixture.token({
    sub: 'dana',
    account: 'acme',
    office: 'berlin',
    role: 'billing',
    lifetimeSeconds: 3_600,
  });
  await rig.saveCard();
  agreed(await rig.pay());
  const stranger = { ...DANA, accountId: 'other' };
  const austin = { ...DANA, officeId: 'austin' };
  others = await Promise.all(
    [stranger, austin].map(async (identity) => {
      const started = agreed(await rig.pay({ payWith: 'new_card' }, { identity }));
      return started.payment.paymentId;
    }),
  );
}, 60_000);
afterAll(() => rig.close());

/** All rows of everything that payments write. */
async function everything(): Promise<unknown> {
  await rig.office.settleDown();
  const { db } = rig.office.store;
  const tables = await Promise.all(
    TABLES.map(async (table) =>
      (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row)).sort(),
    ),
  );
  return { tables, createCount: rig.createCount, reports: rig.reports.length };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
}

/** Resolves to the problem. Nothing changed, and whoever asked can see why. */
async function refused({ method, path, token = billing, ...more }: Asked) {
  const before = await everything();
  const response = await fixture.send(method, path, { token, ...more });
  const text = await response.text();
  expect([path, response.status, text]).toEqual([
    path,
    expect.toSatisfy((status) => status >= 400 && status < 500),
    text,
  ]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), status: response.status });
  if (problem.code === 'request_invalid') {
    expect(problem.errors.length).toBeGreaterThan(0);
    for (const { field, reason } of problem.errors)
      expect([typeof field, reason]).toEqual(['string', expect.stringMatching(/\w/)]);
  }
  expect(await everything()).toEqual(before);
  return problem;
}

const GOOD_BODIES: Partial<Record<PaymentEndpointName, Readonly<Record<string, unknown>>>> = {
  startPayment: {
    paymentId: 'payment-bad-1',
    amountMicros: 25 * USD,
    currency: 'USD',
    payWith: 'saved_card',
    keepsCard: false,
  },
  saveAutoRecharge: {
    isOn: true,
    thresholdMicros: 5 * USD,
    amountMicros: 25 * USD,
    monthlyLimitMicros: 100 * USD,
    hasConsented: true,
  },
  startCardSetup: { setupId: 'setup-bad-1' },
  startCardCheck: { checkId: 'check-bad-1' },
  guessCardCheck: { amountMicros: 1_010_000 },
};

// Object.keys gives string[]; the table's own keys are the names.
const NAMES = Object.keys(PAYMENT_ENDPOINTS) as PaymentEndpointName[];
const WITH_BODY = NAMES.filter((name) => 'body' in PAYMENT_ENDPOINTS[name]);
const WITH_ID = NAMES.filter((name) => PAYMENT_ENDPOINTS[name].path.includes(':'));

const addressOf = (name: PaymentEndpointName, id = 'payment-nobody') =>
  PAYMENT_ENDPOINTS[name].path.replace(/:\w+/, encodeURIComponent(id));

/** No value that any field of a body takes, whichever it is. */
const nonsense: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(-1, -5_000_000, 1e15 * 10, 1.5, '25', '', 'NaN', '1e9', '../../x', 'dollars', 'usd', 'ZZZZ', null),
  fc.constantFrom([], {}, [25 * USD], { amountMicros: 25 * USD }, 'a'.repeat(65), '💳', '\u0000', "' OR 1=1 --"),
  fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }),
  fc.integer({ max: -1 }),
);

test('every address that takes a body is here', () => {
  expect(Object.keys(GOOD_BODIES).toSorted()).toEqual(WITH_BODY.toSorted());
});

test('a field with nonsense in it, missing, or one that nobody knows', async () => {
  const wrong = fc.constantFrom(...WITH_BODY).chain((name) => {
    const good = GOOD_BODIES[name] ?? {};
    const field = fc.constantFrom(...Object.keys(good));
    return fc
      .oneof(
        fc
          .record({ field, value: nonsense })
          .map((change) => ({ ...change, body: { ...good, [change.field]: change.value } })),
        field.map((left) => ({
          field: left,
          body: Object.fromEntries(Object.entries(good).filter(([key]) => key !== left)),
        })),
        fc.constantFrom('amount', 'creditMicros', 'amountMinor', 'walletId', 'officeId', 'status').map((unknown) => ({
          field: unknown,
          body: { ...good, [unknown]: 1 },
        })),
      )
      .map((made) => ({ name, ...made }));
  });
  await fc.assert(
    fc.asyncProperty(wrong, async ({ name, field, body }) => {
      const { method } = PAYMENT_ENDPOINTS[name];
      const problem = await refused({ method, path: addressOf(name), body });
      expect(problem.code).toBe('request_invalid');
      expect(problem.errors.map((error: { field: string }) => error.field.split('/')[1])).toContain(field);
    }),
    { numRuns: RUNS },
  );
}, 60_000);

test('a body that is no object, no JSON, of another kind, or huge', async () => {
  const bodies: fc.Arbitrary<Pick<Asked, 'body' | 'headers'>> = fc.oneof(
    fc
      .constantFrom(
        '',
        'NaN',
        '{"amountMicros":NaN}',
        '{"amountMicros":Infinity}',
        'null',
        '[]',
        '"x"',
        '7',
        '{',
        '\u0000',
      )
      .map((body) => ({ body })),
    fc.string().map((text) => ({ body: `{${text}` })),
    fc
      .constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx')
      .map((type) => ({
        body: '{}',
        headers: { 'content-type': type },
      })),
    fc.integer({ min: 16_385, max: 40_000 }).map((length) => ({ body: `{"paymentId":"${'x'.repeat(length)}"}` })),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...WITH_BODY), bodies, async (name, sent) => {
      const problem = await refused({ method: PAYMENT_ENDPOINTS[name].method, path: addressOf(name), ...sent });
      expect(['request_invalid', 'body_too_large']).toContain(problem.code);
      if (String(sent.body).length > 16_384) expect(problem.status).toBe(413);
    }),
    { numRuns: RUNS },
  );
}, 60_000);

test("an id that is none, that nobody knows, or that is another office's or account's", async () => {
  expect(others).toHaveLength(2);
  const ids = fc.oneof(
    fc.constantFrom(
      ...others,
      'payment-nobody',
      'x',
      'a'.repeat(65),
      '../../etc',
      '..',
      '%2e%2e',
      'a b',
      '💳',
      '\u0000',
    ),
    fc.string({ minLength: 1, maxLength: 80 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...WITH_ID), ids, async (name, id) => {
      const { method } = PAYMENT_ENDPOINTS[name];
      const body = GOOD_BODIES[name] ?? (method === 'POST' ? {} : undefined);
      // "." and ".." are taken out of an address before it is sent.
      const path = addressOf(name, /^\.+$/.test(id) ? `x${id}` : id);
      const problem = await refused({ method, path, ...(body === undefined ? {} : { body }) });
      if (others.includes(id))
        expect(['payment_unknown', 'card_setup_unknown', 'card_check_closed']).toContain(problem.code);
    }),
    { numRuns: RUNS },
  );
}, 60_000);

test("another one's payment id cannot be begun again, in another office or with another amount", async () => {
  const wish = { ...GOOD_BODIES.startPayment, payWith: 'new_card' };
  const [, ofAustin = ''] = others;
  expect(await refused({ method: 'POST', path: '/v1/payments', body: { ...wish, paymentId: ofAustin } })).toMatchObject(
    {
      code: 'id_reused',
    },
  );
});

test.each([
  [1_000_000_000 + 10_000, 'amount_out_of_bounds'],
  [1e15, 'amount_out_of_bounds'],
  [2e15, 'request_invalid'],
  [0, 'amount_out_of_bounds'],
  [10_000, 'amount_out_of_bounds'],
  [5_000_001, 'amount_out_of_bounds'],
])('%i micros are refused with the field: %s', async (amountMicros, code) => {
  const body = { ...GOOD_BODIES.startPayment, amountMicros };
  const problem = await refused({ method: 'POST', path: '/v1/payments', body });
  expect(problem).toMatchObject({ code, errors: [{ field: '/amountMicros' }] });
});

test.each(['EUR', 'JPY', 'XXX'])('%s is not the currency of the office', async (currency) => {
  const body = { ...GOOD_BODIES.startPayment, currency };
  expect(await refused({ method: 'POST', path: '/v1/payments', body })).toMatchObject({ code: 'currency_mismatch' });
});

test('nobody without a token of an admin gets anywhere', async () => {
  const agent = await fixture.token({ sub: 'sam', account: 'acme', office: 'berlin', role: 'agent' });
  for (const name of NAMES) {
    const { method } = PAYMENT_ENDPOINTS[name];
    const body = method === 'GET' ? {} : { body: GOOD_BODIES[name] ?? {} };
    const asked = { method, path: addressOf(name), ...body };
    expect((await refused({ ...asked, token: null })).status).toBe(401);
    expect((await refused({ ...asked, token: 'nonsense' })).status).toBe(401);
    expect((await refused({ ...asked, token: agent })).code).toBe('role_forbidden');
  }
});

test("the simulated provider's own addresses take no nonsense either", async () => {
  const good = {
    clientSecret: 'sim_pay_00_secret_00',
    number: GOOD_CARD,
    expiryMonth: 12,
    expiryYear: 2030,
    cvc: '123',
  };
  const fields = fc.constantFrom(...Object.keys(good));
  await fc.assert(
    fc.asyncProperty(fields, nonsense, async (field, value) => {
      const body = { ...good, [field]: value };
      const problem = await refused({ method: 'POST', path: SIMULATED_PAYMENT_PATHS.confirm, token: null, body });
      expect(['request_invalid', 'payment_unknown']).toContain(problem.code);
    }),
    { numRuns: RUNS },
  );
  await refused({
    method: 'POST',
    path: SIMULATED_PAYMENT_PATHS.authenticate,
    token: null,
    body: { isConfirmed: 'yes' },
  });
}, 60_000);
