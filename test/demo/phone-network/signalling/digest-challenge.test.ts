import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  DigestChallenge,
  expiryOf,
  userOfUsername,
} from '../../../../demo/phone-network/signalling/digest-challenge.ts';
import { passwordFromSecret } from '../../../../demo/phone-network/signalling/ephemeral-password.ts';
import { mintLinePassword } from '../../../../server/edge/line-password.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const NOW_MS = 1_700_000_000_000;
const minted = mintLinePassword(
  { accountId: 'acct', personId: 'anna@example.com' },
  { secret: 's', nowMs: NOW_MS, validSeconds: 60 },
);

function answer(
  challenge: string,
  overrides: Partial<Record<'username' | 'password' | 'realm' | 'nonce', string>> = {},
): string {
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const { username = minted.username, password = minted.password } = overrides;
  const { realm = field('realm'), nonce = field('nonce') } = overrides;
  const hash = md5(
    `${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:c:auth:${md5('REGISTER:sip:phone.test')}`,
  );
  return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="sip:phone.test", response="${hash}", qop=auth, cnonce="c", nc=00000001`;
}

describe('DigestChallenge', () => {
  const passwordOf = passwordFromSecret('s', () => NOW_MS);
  const verify = (challenge: DigestChallenge, authorization: string | undefined) =>
    challenge.verify({ method: 'REGISTER', authorization, passwordOf });

  test('takes the credentials that the server mints', () => {
    const challenge = new DigestChallenge('phone.test');
    expect(verify(challenge, answer(challenge.issue()))).toBe(minted.username);
    expect(userOfUsername(minted.username)).toBe('acct.anna~40example~2ecom');
    expect(expiryOf(minted.username)).toBe(NOW_MS / 1000 + 60);
  });

  test('takes an answer once only', () => {
    const challenge = new DigestChallenge('phone.test');
    const once = answer(challenge.issue());
    expect(verify(challenge, once)).not.toBeNull();
    expect(verify(challenge, once)).toBeNull();
  });

  test('does not take what was overheard on another connection', () => {
    const [one, other] = [new DigestChallenge('phone.test'), new DigestChallenge('phone.test')];
    const overheard = answer(one.issue());
    other.issue();
    expect(verify(other, overheard)).toBeNull();
  });

  test.each([
    ['a wrong password', { password: 'guess' }],
    ['another user name', { username: `${minted.username}x` }],
    ['another realm', { realm: 'elsewhere' }],
    ['a made-up nonce', { nonce: 'abc' }],
    [
      'an expired user name',
      mintLinePassword({ accountId: 'a', personId: 'b' }, { secret: 's', nowMs: 0, validSeconds: 1 }),
    ],
  ])('refuses %s', (_what, overrides) => {
    const challenge = new DigestChallenge('phone.test');
    expect(verify(challenge, answer(challenge.issue(), overrides))).toBeNull();
  });

  test.each([undefined, '', 'Basic YTpi', 'Digest', 'Digest qop=auth'])('refuses %j', (authorization) => {
    const challenge = new DigestChallenge('phone.test');
    challenge.issue();
    expect(verify(challenge, authorization)).toBeNull();
  });
});
