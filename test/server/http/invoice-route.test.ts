/** Papers over HTTP: who gets the file, and what everybody else hears (REQUIREMENTS F-24). */
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../../server/services.ts';
import { gateFixture } from '../../support/gate-fixture.ts';

const FILE = Buffer.from('%PDF-1.3 a receipt');
const ADDRESS = '/v1/invoices/acme-000012.pdf';

function fixture() {
  const asked: (readonly [Identity, string])[] = [];
  const made = gateFixture();
  const payments = {
    handlers: {} as never,
    takeReport: async () => ({ ok: true, value: null }) as const,
    rechargeNow: async () => false,
    works: [],
    workOnce: async () => undefined,
    invoiceFile: async (identity: Identity, name: string) => {
      asked.push([identity, name]);
      return identity.accountId === 'acme' && name === 'acme-000012' ? FILE : null;
    },
  };
  return { ...gateFixture({ dependencies: { payments, rooms: [] }, clock: made.clock }), asked };
}

describe('the file of a paper', () => {
  test('is a PDF to save, kept by nobody on the way', async () => {
    const { send, token } = fixture();
    const response = await send('GET', ADDRESS, { token: await token({ role: 'billing' }) });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="acme-000012.pdf"',
      'cache-control': expect.stringContaining('no-store'),
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(FILE);
  });

  test('is for billing and company only: an agent is refused, without a token nobody is known', async () => {
    const { send, token, asked } = fixture();
    expect((await send('GET', ADDRESS, { token: await token({ role: 'agent' }) })).status).toBe(403);
    expect((await send('GET', ADDRESS, { token: null })).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await send('GET', ADDRESS, { token: await token({ role: 'company' }) })).status).toBe(200);
  });

  test('is not there for another account, and no address tells more', async () => {
    const { send, token } = fixture();
    const stranger = await token({ role: 'company', account: 'other' });
    const admin = await token({ role: 'billing' });
    expect((await send('GET', ADDRESS, { token: stranger })).status).toBe(404);
    for (const file of [
      'acme-000012',
      'acme-000012.pdf.exe',
      '%2e%2e%2fsecret.pdf',
      'a"b.pdf',
      `${'x'.repeat(200)}.pdf`,
    ]) {
      expect([file, (await send('GET', `/v1/invoices/${file}`, { token: admin })).status]).toEqual([file, 404]);
    }
  });
});

describe('the address that a token carries for mail', () => {
  test.each([
    ['dana@acme.test', 'dana@acme.test'],
    ['a@b\r\nBcc: thief@evil.test', undefined],
    ['a@b, c@d', undefined],
    ['no address', undefined],
    [42, undefined],
    [null, undefined],
  ])('%j is kept as %j, and keeps nobody out', async (email, kept) => {
    const { send, token, asked } = fixture();
    const response = await send('GET', ADDRESS, { token: await token({ role: 'billing', email }) });
    expect(response.status).toBe(200);
    expect(asked[0]?.[0].email).toBe(kept);
  });
});
