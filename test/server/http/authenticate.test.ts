import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, exportSPKI, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authenticator, createAuthenticator } from '../../../server/http/authenticate.ts';
import { tokenKeys } from '../../../server/http/token-keys.ts';
import { UnavailableError } from '../../../server/storage/store.ts';
import { AUDIENCE, ISSUER, TOKEN_SECRET } from '../../support/gate-fixture.ts';
import { MovingClock } from '../../support/moving-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-keys-'));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwksFile = join(folder, 'jwks.json');

beforeAll(async () => {
  const keys = await Promise.all(
    [rsa, ed25519, p256].map(async ({ publicKey }, index) => ({
      ...(await exportJWK(publicKey)),
      kid: `key-${index}`,
    })),
  );
  writeFileSync(jwksFile, JSON.stringify({ keys }));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Signing {
  readonly alg?: string;
  readonly kid?: string;
  readonly key?: KeyObject | Uint8Array;
}

function setUp(options: { readonly tokenSecret?: string | null; readonly jwksUrl?: string | null } = {}) {
  const clock = new MovingClock();
  const revoked = new Set<string>();
  const { tokenSecret = TOKEN_SECRET, jwksUrl = null } = options;
  const authenticator = createAuthenticator({
    keys: tokenKeys({ tokenSecret, jwksUrl }),
    issuer: ISSUER,
    audience: AUDIENCE,
    maxSeconds: 3_600,
    clock,
    isRevoked: ({ identity }) => revoked.has(identity.personId),
  });
  const sign = async (claims: Readonly<Record<string, unknown>> = {}, { alg = 'HS256', kid, key }: Signing = {}) => {
    const issuedAt = Math.floor(clock.nowMs() / 1_000);
    const own = { iss: ISSUER, aud: AUDIENCE, iat: issuedAt, exp: issuedAt + 600, ...person, ...claims };
    return new SignJWT(own)
      .setProtectedHeader({ alg, ...(kid && { kid }) })
      .sign(key ?? createSecretKey(Buffer.from(TOKEN_SECRET)));
  };
  return { clock, revoked, authenticator, sign };
}
const person = { sub: 'sam', name: 'Sam', account: 'acme', office: 'berlin', role: 'agent' };

async function codeOf(authenticator: Authenticator, token: string): Promise<string> {
  const outcome = await authenticator.authenticate(`Bearer ${token}`);
  return outcome.ok ? 'accepted' : outcome.refusal.code;
}

describe('an access token', () => {
  test('says who asks, for which account and office, with which role', async () => {
    const { authenticator, sign, clock } = setUp();
    const outcome = await authenticator.authenticate(`Bearer ${await sign({ role: 'billing', licence: 'gold' })}`);
    expect(outcome).toEqual({
      ok: true,
      value: {
        issuedAtMs: clock.nowMs(),
        expiresAtMs: clock.nowMs() + 600_000,
        identity: {
          accountId: 'acme',
          officeId: 'berlin',
          personId: 'sam',
          name: 'Sam',
          role: 'billing',
          licence: 'gold',
        },
      },
    });
  });

  test.each([
    ['no header', null],
    ['another scheme', 'Basic c2FtOnNhbQ=='],
    ['nothing after the scheme', 'Bearer '],
    ['two tokens', 'Bearer a.b.c d.e.f'],
  ])('is missing with %s', async (_name, header) => {
    const { authenticator } = setUp();
    expect(await authenticator.authenticate(header)).toMatchObject({ refusal: { code: 'token_missing' } });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['another audience', { aud: 'somebody-else' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no expiry', { exp: undefined }],
    ['no time of issue', { iat: undefined }],
    ['no person', { sub: undefined }],
    ['no account', { account: undefined }],
    ['no office', { office: undefined }],
    ['a role of its own making', { role: 'operator' }],
    ['an office that is no text', { office: ['berlin'] }],
    ['a validity that begins in an hour', { nbf: 4_000_000_000 }],
  ])('with %s is refused', async (_name, claims) => {
    const { authenticator, sign } = setUp();
    expect(await codeOf(authenticator, await sign(claims))).toBe('token_invalid');
  });

  test('that lives longer than allowed is refused, one that lives exactly so long is not', async () => {
    const { authenticator, sign, clock } = setUp();
    const issuedAt = Math.floor(clock.nowMs() / 1_000);
    expect(await codeOf(authenticator, await sign({ exp: issuedAt + 3_600 }))).toBe('accepted');
    expect(await codeOf(authenticator, await sign({ exp: issuedAt + 3_601 }))).toBe('token_invalid');
  });

  test('is refused after its expiry, also when it was verified before', async () => {
    const { authenticator, sign, clock } = setUp();
    const token = await sign();
    expect(await codeOf(authenticator, token)).toBe('accepted');
    clock.advance(599_000);
    expect(await codeOf(authenticator, token)).toBe('accepted');
    clock.advance(10_000);
    expect(await codeOf(authenticator, token)).toBe('token_expired');
  });

  test('that was verified is refused at once when its person is locked out', async () => {
    const { authenticator, sign, revoked } = setUp();
    const token = await sign();
    expect(await codeOf(authenticator, token)).toBe('accepted');
    revoked.add('sam');
    expect(await codeOf(authenticator, token)).toBe('token_invalid');
  });

  test('that is one bit off is refused although the right one is known', async () => {
    const { authenticator, sign } = setUp();
    const token = await sign();
    expect(await codeOf(authenticator, token)).toBe('accepted');
    const [header, payload, signature = ''] = token.split('.');
    const other = signature.startsWith('A') ? 'B' : 'A';
    expect(await codeOf(authenticator, `${header}.${payload}.${other}${signature.slice(1)}`)).toBe('token_invalid');
  });

  test.each([
    'a.b.c',
    'garbage',
    'eyJhbGciOiJIUzI1NiJ9..',
    'x'.repeat(5_000),
  ])('that is garbage is refused (%#)', async (token) => {
    expect(await codeOf(setUp().authenticator, token)).toBe('token_invalid');
  });
});

describe('algorithms', () => {
  test('"none" is refused', async () => {
    const { authenticator, sign } = setUp({ jwksUrl: jwksFile });
    const [, payload] = (await sign()).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      const header = Buffer.from(JSON.stringify({ alg })).toString('base64url');
      expect(await codeOf(authenticator, `${header}.${payload}.`)).toBe('token_invalid');
    }
  });

  test.each([
    ['RS256', 'key-0', rsa.privateKey],
    ['EdDSA', 'key-1', ed25519.privateKey],
    ['ES256', 'key-2', p256.privateKey],
  ])('%s by the key set is accepted', async (alg, kid, key) => {
    const { authenticator, sign } = setUp({ tokenSecret: null, jwksUrl: jwksFile });
    expect(await codeOf(authenticator, await sign({}, { alg, kid, key }))).toBe('accepted');
  });

  test('a public key cannot be used as a shared secret (algorithm confusion)', async () => {
    const pem = Buffer.from(await exportSPKI(rsa.publicKey));
    for (const tokenSecret of [null, TOKEN_SECRET]) {
      const { authenticator, sign } = setUp({ tokenSecret, jwksUrl: jwksFile });
      expect(await codeOf(authenticator, await sign({}, { alg: 'HS256', kid: 'key-0', key: pem }))).toBe(
        'token_invalid',
      );
    }
  });

  test('RS512, HS512 and the wrong key are refused', async () => {
    const { authenticator, sign } = setUp({ jwksUrl: jwksFile });
    const stranger = generateKeyPairSync('ed25519').privateKey;
    expect(await codeOf(authenticator, await sign({}, { alg: 'RS512', kid: 'key-0', key: rsa.privateKey }))).toBe(
      'token_invalid',
    );
    expect(
      await codeOf(authenticator, await sign({}, { alg: 'HS512', key: Buffer.from(TOKEN_SECRET.repeat(2)) })),
    ).toBe('token_invalid');
    expect(await codeOf(authenticator, await sign({}, { alg: 'EdDSA', kid: 'key-1', key: stranger }))).toBe(
      'token_invalid',
    );
    expect(await codeOf(authenticator, await sign({}, { alg: 'EdDSA', kid: 'key-9', key: ed25519.privateKey }))).toBe(
      'token_invalid',
    );
  });

  test('a shared secret is not asked for when only a key set is trusted', async () => {
    const { authenticator, sign } = setUp({ tokenSecret: null, jwksUrl: jwksFile });
    expect(await codeOf(authenticator, await sign())).toBe('token_invalid');
  });

  test('a secret of less than 32 bytes is refused at start', () => {
    expect(() => tokenKeys({ tokenSecret: 'x'.repeat(31), jwksUrl: null })).toThrow(/32 bytes/);
    expect(() => tokenKeys({ tokenSecret: 'x'.repeat(32), jwksUrl: null })).not.toThrow();
  });
});

describe('a key set behind an address', () => {
  test('is fetched, and when it cannot be, nobody is told that the token is wrong', async () => {
    const keys = [{ ...(await exportJWK(ed25519.publicKey)), kid: 'key-1' }];
    const host = createServer((_request, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    // The address of a server that listens on TCP is an object.
    const jwksUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/jwks.json`;
    const signing = { alg: 'EdDSA', kid: 'key-1', key: ed25519.privateKey };
    const reachable = setUp({ tokenSecret: null, jwksUrl });
    expect(await codeOf(reachable.authenticator, await reachable.sign({}, signing))).toBe('accepted');
    await new Promise((resolve) => host.close(resolve));
    const unreachable = setUp({ tokenSecret: null, jwksUrl });
    const token = await unreachable.sign({}, signing);
    await expect(unreachable.authenticator.authenticate(`Bearer ${token}`)).rejects.toThrow(UnavailableError);
  });
});
