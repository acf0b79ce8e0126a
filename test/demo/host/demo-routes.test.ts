/** What the demo's host application serves beside the gate. */
import { expect, test } from 'vitest';
import type { PageFile } from '../../../demo/host/build-page.ts';
import { createDemoRoutes } from '../../../demo/host/demo-routes.ts';

const SCRIPT: PageFile = { content: new TextEncoder().encode('export {};'), contentType: 'text/javascript' };
const PAGE: PageFile = { content: new TextEncoder().encode('<p>'), contentType: 'text/html' };

const routes = createDemoRoutes({
  page: {
    file: async (path) => (path === '/' ? PAGE : path.endsWith('.js') ? SCRIPT : null),
    ready: Promise.resolve(),
  },
  sign: async () => 'a token',
  play: async () => 'Done.',
});

test('a page of another origin may load the scripts of the widget, and nothing else', async () => {
  const origins = async (path: string) =>
    (await routes(new Request(`http://demo.test${path}`)))?.headers.get('access-control-allow-origin');
  expect(await origins('/credit-phone.js')).toBe('*');
  expect(await origins('/assets/calling-1.js')).toBe('*');
  expect(await origins('/')).toBeNull();
  expect(await origins('/demo/people')).toBeNull();
});

test('another site cannot press the buttons of the demo through a visitor, and takes no token', async () => {
  for (const path of ['/demo/token/sam', '/demo/scenarios/empty/sam']) {
    const request = new Request(`http://demo.test${path}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect((await routes(request))?.status).toBe(403);
  }
});
