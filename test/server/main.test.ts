import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { homeToken, makeServerHome, type ServerHome } from '../support/server-home.ts';

const MAIN = fileURLToPath(new URL('../../server/main.mjs', import.meta.url));
const OPERATOR = fileURLToPath(new URL('../../server/operator/main.mjs', import.meta.url));
/** Lets the process believe that it runs on an old Node. */
const OLD_NODE =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})';

let home: ServerHome;
const started: ChildProcess[] = [];

beforeEach(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 10_000_000 });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  home.remove();
});

function start(
  script: string,
  more: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly node?: readonly string[];
    readonly words?: readonly string[];
  } = {},
) {
  const child = spawn(process.execPath, [...(more.node ?? []), script, ...(more.words ?? [])], {
    env: { PATH: process.env.PATH, ...(more.environment ?? home.environment) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output = { text: '' };
  child.stdout.on('data', (chunk) => (output.text += String(chunk)));
  child.stderr.on('data', (chunk) => (output.text += String(chunk)));
  return { child, output, exit: once(child, 'close').then(([code]) => code) };
}

test('npm run server: SIGTERM ends event streams, finishes, leaves running calls alone and exits with 0', async () => {
  const { child, output, exit } = start(MAIN);
  await expect.poll(() => output.text, { timeout: 45_000 }).toContain('"ready"');
  const url = /"url":"([^"]+)"/.exec(output.text)?.[1];
  const token = await homeToken({ personId: 'sam', officeId: 'berlin' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ to: '+4915123456789', callerNumber: null });
  // Built or not: a page of another origin is answered.
  expect((await fetch(`${url}/credit-phone.js`)).headers.get('access-control-allow-origin')).toBe('*');
  const stream = await fetch(`${url}/v1/events`, { headers });
  expect((await fetch(`${url}/v1/calls/call-0001/authorize`, { method: 'POST', headers, body })).status).toBe(200);
  child.kill('SIGTERM');
  await stream.text();
  expect(await exit).toBe(0);
  expect(output.text).toContain('running calls go on');
  expect(output.text).not.toContain(token);
  const store = await home.openStore();
  const call = await store.db.selectFrom('call').selectAll().executeTakeFirstOrThrow();
  await store.close();
  expect([call.status, call.heldMicros > 0]).toEqual(['authorized', true]);
});

test('npm run server: waits for a database that is not there, says so in one line without the password, and ends on SIGTERM', async () => {
  const DATABASE_URL = 'postgres://phone:hunter2@127.0.0.1:1/phone';
  const { child, output, exit } = start(MAIN, { environment: { ...home.environment, DATABASE_URL } });
  await expect.poll(() => output.text, { timeout: 45_000 }).toContain('"url"');
  const url = /"url":"([^"]+)"/.exec(output.text)?.[1];
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, (await ready.json()).detail]).toEqual([503, expect.stringContaining('127.0.0.1:1/phone')]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  // At least one more attempt: 250 ms after the first.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(output.text.trim().split('\n')).toEqual([expect.stringContaining('connection refused')]);
  expect(output.text).not.toContain('hunter2');
});

test('npm run server: without its settings it says which are missing and exits with 1', async () => {
  const { output, exit } = start(MAIN, { environment: {} });
  expect(await exit).toBe(1);
  expect(output.text).toContain('EDGE_SECRET is not set.');
  expect(output.text).not.toContain('    at ');
});

test('npm run server: a data file that is none is one sentence and exit code 1', async () => {
  const { output, exit } = start(MAIN, { environment: { ...home.environment, DATA_FILE: MAIN } });
  expect(await exit).toBe(1);
  expect(output.text.trim().split('\n')).toEqual([expect.stringContaining('is not a database of this software')]);
});

test.each([MAIN, OPERATOR])('a Node that is too old is one clear sentence (%#)', async (script) => {
  const { output, exit } = start(script, { node: ['--import', OLD_NODE] });
  expect(await exit).toBe(1);
  expect(output.text).toMatch(/^credit-phone needs Node 24 or newer and this is 20\.1\.0\..*\n$/);
});

test('npm run operator: help is exit code 0, a wrong option is one sentence and exit code 1', async () => {
  const help = start(OPERATOR, { words: ['--help'] });
  expect(await help.exit).toBe(0);
  expect(help.output.text).toContain('credit add --office');
  const wrong = start(OPERATOR, {
    words: ['credit', 'add', '--office', 'berlin', '--amount', 'much', '--note', 'x', '--id', 'x'],
  });
  expect(await wrong.exit).toBe(1);
  expect(wrong.output.text).toBe('--amount is "much"; expected an amount above zero such as 25 or 12.50.\n');
});
