import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, SETTINGS } from '../../server/config.ts';

const secret = 'x'.repeat(32);
const complete = {
  TOKEN_SECRET: secret,
  TOKEN_ISSUER: 'host',
  EDGE_SECRET: secret,
  SIP_SECRET: secret,
  GRANT_SECRET: secret,
};

function complaints(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.sentences;
    throw error;
  }
}

describe('the configuration', () => {
  test('needs secrets and an issuer, and has a default for the rest', () => {
    expect(complaints({})).toHaveLength(5);
    expect(readConfig(complete)).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      isDemo: false,
      corsOrigins: [],
      edges: {},
    });
  });

  test('takes a key set instead of a shared secret', () => {
    const { TOKEN_SECRET: _, ...rest } = complete;
    expect(complaints(rest)).toEqual([expect.stringContaining('Neither TOKEN_SECRET nor JWKS_URL is set')]);
    expect(readConfig({ ...rest, JWKS_URL: 'https://host.example/jwks.json' }).tokenSecret).toBeNull();
  });

  test.each([
    ['PORT', 'http', 'PORT is "http"; expected a whole number from 0 to 65535.'],
    ['PORT', '65536', 'PORT is "65536"; expected a whole number from 0 to 65535.'],
    ['EDGE_SECRET', 'x'.repeat(31), 'EDGE_SECRET has 31 characters; expected at least 32 characters.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL is "loud"; expected one of'],
    ['CORS_ORIGINS', 'https://a.example/path', 'CORS_ORIGINS is "https://a.example/path"; expected origins such as'],
    ['CORS_ORIGINS', '*', 'CORS_ORIGINS is "*"; expected origins such as'],
    ['EDGES', 'edge-1', 'EDGES is "edge-1"; expected pairs such as'],
    ['PUBLIC_URL', 'phone.example.com', 'PUBLIC_URL is "phone.example.com"; expected an origin'],
  ])('%s=%s is refused with the name, what was wrong and what is expected', (name, value, sentence) => {
    expect(complaints({ ...complete, [name]: value })).toEqual([expect.stringContaining(sentence)]);
  });

  test('the data is in a file unless a database is named', () => {
    expect(readConfig(complete).databaseUrl).toBeNull();
    const DATABASE_URL = 'postgres://ann:secret@db.example:5432/phone?sslmode=verify-full';
    expect(readConfig({ ...complete, DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  });

  test.each([
    ['mysql://walt:s3cret@db.example/phone', /expected postgres:\/\/user:password@host:5432\/database\.$/],
    ['postgres://walt:s3cret@db.example', /expected postgres:\/\//],
    ['postgres://walt:1/s3cret@db.example/phone', /with % codes for signs such as/],
  ])('an address of a database that cannot be meant is complained about without its password', (DATABASE_URL, words) => {
    const [complaint = ''] = complaints({ ...complete, DATABASE_URL });
    expect(complaint).toMatch(words);
    expect(complaint).toContain(`DATABASE_URL has ${DATABASE_URL.length} characters`);
    expect(complaint).not.toContain('s3cret');
  });

  test('never repeats a secret in a complaint', () => {
    const sentences = complaints({ ...complete, ICE_SERVERS: '[{"credential":"hunter2"}]', METRICS_TOKEN: 'hunter2' });
    expect(sentences).toHaveLength(2);
    expect(sentences.join()).not.toContain('hunter2');
  });

  test('reads lists', () => {
    const config = readConfig({
      ...complete,
      CORS_ORIGINS: 'https://a.example, https://b.example',
      EDGES: 'edge-1=http://10.0.0.5:9080/,demo=/phone-network',
      ICE_SERVERS: '[{"urls":["stun:stun.example.com"]}]',
    });
    expect(config.corsOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.edges).toEqual({ 'edge-1': 'http://10.0.0.5:9080', demo: '/phone-network' });
    expect(config.iceServers).toEqual([{ urls: ['stun:stun.example.com'] }]);
  });

  test('the demo makes secrets of its own, other ones each time', () => {
    const [first, second] = [readConfig({}, { isDemo: true }), readConfig({}, { isDemo: true })];
    expect(first.grantSecret.length).toBeGreaterThanOrEqual(32);
    expect(first.grantSecret).not.toBe(second.grantSecret);
    expect(first.tokenSecret).not.toBeNull();
  });

  describe('scenario 65: real money and test money never meet', () => {
    const keys = (mode: string) => ({
      STRIPE_SECRET_KEY: `sk_${mode}_1`,
      STRIPE_PUBLISHABLE_KEY: `pk_${mode}_1`,
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
    });
    const complaint = (environment: Readonly<Record<string, string>>) => {
      try {
        readConfig(environment, { isDemo: true });
        return null;
      } catch (error) {
        return error instanceof ConfigError ? error.message : String(error);
      }
    };

    test.each([
      ['a test key outside production', keys('test'), null],
      ['a live key in production', { ...keys('live'), NODE_ENV: 'production' }, null],
      ['a live key outside production', keys('live'), /is a live key and NODE_ENV is not production/],
      [
        'a test key in production',
        { ...keys('test'), NODE_ENV: 'production' },
        /is a test key and NODE_ENV is production/,
      ],
      ['keys of two modes', { ...keys('test'), STRIPE_PUBLISHABLE_KEY: 'pk_live_1' }, /of different modes/],
      ['one of three', { STRIPE_SECRET_KEY: 'sk_test_1' }, /belong together: set all three/],
      ['a publishable key as the secret one', { ...keys('test'), STRIPE_SECRET_KEY: 'pk_test_1' }, /has 9 characters/],
    ])('%s', (_what, environment, expected) => {
      if (expected === null) expect(complaint(environment)).toBeNull();
      else expect(complaint(environment)).toMatch(expected);
    });
  });

  test('every variable is described, and every secret is marked as one', () => {
    for (const { name, what } of SETTINGS) expect(`${name}: ${what}`).toMatch(/^[A-Z_]+: [A-Z].+\.$/);
    const marked = SETTINGS.filter(({ isSecret }) => isSecret).map(({ name }) => name);
    expect(marked).toEqual(
      expect.arrayContaining(['TOKEN_SECRET', 'EDGE_SECRET', 'SIP_SECRET', 'GRANT_SECRET', 'METRICS_TOKEN']),
    );
  });
});
