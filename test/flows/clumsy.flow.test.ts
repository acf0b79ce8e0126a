/** What a stranger does wrong on the first day: each is told in one clear sentence, and nothing half-started stays behind. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';

const root = resolve(import.meta.dirname, '..', '..');
const ENDS_WITHIN_MS = 40_000;
/** The promise is three seconds on a machine with nothing else to do; this is for machines with much else to do. */
const GENEROUS_START_MS = 30_000;
const PROMISED_START_MS = 3_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-clumsy-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  /** Lines that were printed, empty ones left out. */
  readonly lines: readonly string[];
}

/** Starts the demo in a way that must fail, and waits until it has. */
function startWrongly(settings: Readonly<Record<string, string>>, nodeOptions: readonly string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeOptions, 'demo/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: '0', DATA_FILE: join(folder, 'data.sqlite'), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((ended, failed) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      failed(new Error(`It did not give up:\n${printed}`));
    }, ENDS_WITHIN_MS);
    child.once('close', (code) => {
      clearTimeout(timer);
      ended({ code, lines: printed.split('\n').filter((line) => line.trim() !== '') });
    });
  });
}

/** One sentence that says this, no stack, and an exit code that a script can see. */
function expectOneSentence({ code, lines }: Ended, saying: RegExp): void {
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(saying);
  expect(lines[0]).toMatch(/\.$/);
  expect(code).toBe(1);
}

describe('a start that cannot work says why', () => {
  test('the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, () => listening()));
    // listen(0) on TCP gives an AddressInfo.
    const { port } = other.address() as AddressInfo;
    const ended = await startWrongly({ PORT: String(port) });
    other.close();
    expectOneSentence(ended, new RegExp(`${port}.*PORT`));
  });

  test('the port is no port', async () => {
    expectOneSentence(await startWrongly({ PORT: 'eighty' }), /^PORT is "eighty"; expected a whole number/);
  });

  test('the data file cannot be written', async () => {
    expectOneSentence(await startWrongly({ DATA_FILE: '/dev/null/x.sqlite' }), /\/dev\/null\/x\.sqlite.*DATA_FILE/);
  });

  test('the data file is something else', async () => {
    const dataFile = join(folder, 'holiday.jpg');
    writeFileSync(dataFile, 'this is no database, it only has the length of one '.repeat(40));
    expectOneSentence(await startWrongly({ DATA_FILE: dataFile }), /holiday\.jpg/);
  });

  test('the data file may only be read', async () => {
    const dataFile = join(folder, 'folder-in-place-of-a-file');
    const made = mkdtempSync(dataFile);
    chmodSync(made, 0o500);
    expectOneSentence(await startWrongly({ DATA_FILE: made }), /folder-in-place-of-a-file/);
  });

  test('Node is too old', async () => {
    const older = "Object.defineProperty(process.versions, 'node', { value: '20.19.0' })";
    const ended = await startWrongly({}, ['--import', `data:text/javascript,${encodeURIComponent(older)}`]);
    expectOneSentence(ended, /needs Node 24 or newer to run and this is 20\.19\.0/);
  });

  test.each([
    ['is no JSON', '{ "calls": ', /policy\.json.*not JSON/],
    ['contradicts itself', '{\n "calls": { "leaseSeconds": 5 }\n}', /line 2: calls\.renewBeforeSeconds is not less/],
  ])('the policy file %s', async (_, text, saying) => {
    const policyFile = join(mkdtempSync(join(folder, 'policy-')), 'policy.json');
    writeFileSync(policyFile, text);
    expectOneSentence(await startWrongly({ POLICY_FILE: policyFile }), saying);
  });

  test('the policy file is not there', async () => {
    expectOneSentence(await startWrongly({ POLICY_FILE: join(folder, 'nowhere.json') }), /nowhere\.json is not there/);
  });
});

describe('a start that works', () => {
  let server: DemoServer;

  afterAll(() => server?.close());

  test('answers within seconds, page and gate, and seeds the ledger once', async () => {
    const beganAtMs = performance.now();
    server = await startDemoServer();
    const [page, ready] = await Promise.all([fetch(server.url), fetch(`${server.url}/readyz`)]);
    const tookMs = Math.round(performance.now() - beganAtMs);
    console.log(`first answer ${tookMs} ms after the start (promised on an idle machine: ${PROMISED_START_MS} ms)`);
    expect([page.status, ready.status]).toEqual([200, 200]);
    expect(await page.text()).toContain('<credit-phone');
    expect(tookMs).toBeLessThan(GENEROUS_START_MS);
    await server.kill('SIGKILL');
    await server.startAgain();
    expect(ledgerFaults(server.dataFile)).toEqual([]);
  });

  test('tells what to open and what to try', () => {
    expect(server.output()).toContain(server.url);
    expect(server.output()).toMatch(/600\s+echo/);
  });
});
