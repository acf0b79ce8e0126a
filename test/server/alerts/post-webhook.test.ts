/** Where webhooks may go: never into a private network, whatever a name or an address says (server-side request forgery). */
import { describe, expect, test } from 'vitest';
import { postWebhook, publicLookup } from '../../../server/alerts/post-webhook.ts';
import { isPublicAddress } from '../../../server/alerts/public-address.ts';

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '',
    '8.8.8.8 ',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '172.32.0.1', '172.15.0.1', '192.169.0.1', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

const common = { headers: {}, body: '{}', timeoutMs: 2_000 };

test.each([
  'https://127.0.0.1:9/',
  'https://[::1]:9/',
  'https://[::ffff:127.0.0.1]:9/',
  'https://0x7f.1:9/',
  'https://2130706433:9/',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost:9/',
])('%s is refused without a connection', async (url) => {
  expect(await postWebhook({ ...common, url, mayBePrivate: false })).toEqual({
    problem: 'its address is in a private network',
  });
});

test('http is refused outside a private network', async () => {
  expect(await postWebhook({ ...common, url: 'http://8.8.8.8/', mayBePrivate: false })).toEqual({
    problem: 'it is not https',
  });
});

test('a name that leads to a private address is refused when it is looked up, whichever way is asked', async () => {
  for (const all of [true, false]) {
    const error = await new Promise((resolve) => publicLookup('localhost', { all }, (problem) => resolve(problem)));
    expect(error).toMatchObject({ message: 'its address is in a private network' });
  }
});
