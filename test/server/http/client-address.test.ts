import { expect, test } from 'vitest';
import { clientAddress } from '../../../server/http/client-address.ts';

function addressOf(forwarded: string | null, trustedProxies: number): string {
  const headers = new Headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded });
  return clientAddress(new Request('http://gate.example', { headers }), { peerAddress: '10.0.0.1', trustedProxies });
}

test.each([
  [null, 0, '10.0.0.1'],
  ['192.0.2.9', 0, '10.0.0.1'],
  ['192.0.2.9', 1, '192.0.2.9'],
  ['1.1.1.1, 192.0.2.9', 1, '192.0.2.9'],
  ['1.1.1.1, 192.0.2.9, 10.0.0.2', 2, '192.0.2.9'],
  [null, 1, '10.0.0.1'],
  ['192.0.2.9', 2, '10.0.0.1'],
])('X-Forwarded-For "%s" behind %d trusted proxies is %s: what a stranger wrote there is not believed', (forwarded, proxies, address) => {
  expect(addressOf(forwarded, proxies)).toBe(address);
});
