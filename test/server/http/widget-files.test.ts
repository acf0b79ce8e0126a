/** The files that a host page's two lines load, from the gate server. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWidgetFiles } from '../../../server/http/widget-files.ts';

let folder = '';
let files: ReturnType<typeof createWidgetFiles>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-widget-files-'));
  files = createWidgetFiles(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  files(new Request(`http://phone.example.org${path}`, { method, headers }));
async function got(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await get(path, headers);
  if (answer === null) throw new Error(`${path} is not there.`);
  return answer;
}

describe("the widget's files", () => {
  test('are scripts for a page of any origin', async () => {
    write('credit-phone.js', 'export {};');
    const answer = await got('/credit-phone.js?v=1');
    expect([answer.status, await answer.text()]).toEqual([200, 'export {};']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
  });

  test('are compressed for whoever takes that, and as they are for others', async () => {
    const text = 'export const phone = 1;'.repeat(100);
    write('connect-phone.js', text);
    const answer = await got('/connect-phone.js', { 'accept-encoding': 'gzip, br;q=0.9' });
    expect(answer.headers.get('content-encoding')).toBe('br');
    const body = new Uint8Array(await answer.arrayBuffer());
    expect(body.length).toBeLessThan(100);
    expect(brotliDecompressSync(body).toString()).toBe(text);
    expect((await got('/connect-phone.js', { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBeNull();
  });

  test('that carry their hash are kept for good; the two that a page names are asked for again, and cost no bytes', async () => {
    write('phone-C_DaSjwF.js', '1');
    write('credit-phone.js', '2');
    expect((await got('/phone-C_DaSjwF.js')).headers.get('cache-control')).toContain('immutable');
    const entry = await got('/credit-phone.js');
    expect(entry.headers.get('cache-control')).toBe('no-cache');
    const again = await got('/credit-phone.js', { 'if-none-match': entry.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('built anew are the new ones at once', async () => {
    write('credit-phone.js', 'old');
    const old = await got('/credit-phone.js');
    write('credit-phone.js', 'new');
    utimesSync(join(folder, 'credit-phone.js'), 2_000_000_000, 2_000_000_000);
    const answer = await got('/credit-phone.js', { 'if-none-match': old.headers.get('etag') ?? '' });
    expect([answer.status, await answer.text()]).toEqual([200, 'new']);
  });

  test('that are not built yet are a 404 that says what to do', async () => {
    const answer = await got('/credit-phone.js');
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npm run build')]);
    expect(answer.headers.get('content-type')).toContain('text/plain');
  });

  test('nothing else is one: not what lies elsewhere, not other kinds, not other methods', async () => {
    write('custom-elements.json', '{}');
    write('credit-phone.js', '');
    const elsewhere = ['/../package.json', '/%2e%2e%2fserver.js', '/types/index.js', '/..%5cx.js', '/none-12345678.js'];
    for (const path of [...elsewhere, '/custom-elements.json', '/', '/v1/me']) expect(await get(path)).toBeNull();
    expect(await get('/credit-phone.js', {}, 'POST')).toBeNull();
  });
});
