/**
 * What the gate costs between the click and the INVITE: the same line in one browser, with the real server asked for a grant while the
 * microphone is opened and ICE is gathered, against a line that has its grant from the start. The two take turns, so that a busy
 * machine slows both. Then the same click with a STUN server that swallows everything.
 *
 *   node test/bench/line.bench.ts      prints one JSON line a number: { name, value, unit, goal }
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/find-chromium.ts';
import { startLineTestServer } from '../support/line-test-server.ts';
import { homeToken, makeServerHome } from '../support/server-home.ts';
import type { LinePageOptions } from './line-page.ts';
import { median, printMeasure } from './measure.ts';

const GOAL_ADDED_MS = 10;
const GOAL_BLACK_HOLE_MS = 600;
const CALLS = 50;
const BLACK_HOLE_CALLS = 20;
const WARM_UP_CALLS = 5;
/** Between two calls, so that the last one is over. */
const PAUSE_MS = 150;
/** For documentation only (RFC 5737): nobody answers there. */
const BLACK_HOLE = 'stun:192.0.2.1:3478';
const OFFICE = 'office-0';
const SERVER = fileURLToPath(new URL('../support/http-bench-server.ts', import.meta.url));

const home = await makeServerHome({ offices: [OFFICE], creditMicros: 1_000_000_000 });
const lineServer = await startLineTestServer();
const pageServer = await servePage();
const pageUrl = `http://127.0.0.1:${portOf(pageServer)}`;
const gate = spawn(process.execPath, [SERVER, 'durable'], {
  env: { ...process.env, ...home.environment, CORS_ORIGINS: pageUrl },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await launchBrowser();
try {
  const [gateUrl] = await once(gate.stdout, 'data');
  await bench(String(gateUrl).trim());
} finally {
  await browser.close();
  await stop(gate);
  await lineServer.close();
  pageServer.close();
  home.remove();
}

async function bench(gateUrl: string): Promise<void> {
  const page = await openPage({ gateUrl, stunUrl: null }, 'bench-gate');
  const times = { gated: [] as number[], bare: [] as number[] };
  for (let call = -WARM_UP_CALLS; call < CALLS; call += 1) {
    const pair = { gated: await dial(page, true), bare: await dial(page, false) };
    if (call < 0) continue;
    times.gated.push(pair.gated);
    times.bare.push(pair.bare);
  }
  await page.close();
  printMeasure({ name: 'line: click to INVITE, grant at hand', value: median(times.bare), unit: 'ms' });
  printMeasure({ name: 'line: click to INVITE, asking the gate', value: median(times.gated), unit: 'ms' });
  const addedMs = median(times.gated) - median(times.bare);
  printMeasure({
    name: 'line: added by the gate, median',
    value: addedMs,
    unit: 'ms',
    goal: { atMost: GOAL_ADDED_MS },
  });
  const silent = await openPage({ gateUrl, stunUrl: BLACK_HOLE }, 'bench-stun');
  const blackHole: number[] = [];
  for (let call = -1; call < BLACK_HOLE_CALLS; call += 1) {
    const tookMs = await dial(silent, true);
    if (call >= 0) blackHole.push(tookMs);
  }
  await silent.close();
  const name = 'line: click to INVITE, STUN black-holed';
  printMeasure({ name: `${name}, median`, value: median(blackHole), unit: 'ms', goal: { atMost: GOAL_BLACK_HOLE_MS } });
  printMeasure({ name: `${name}, slowest of ${BLACK_HOLE_CALLS}`, value: Math.max(...blackHole), unit: 'ms' });
}

async function dial(page: Page, isGated: boolean): Promise<number> {
  const tookMs = await page.evaluate((gated) => window.linePage?.dial({ isGated: gated }) ?? Number.NaN, isGated);
  await page.waitForTimeout(PAUSE_MS);
  return tookMs;
}

async function openPage(
  { gateUrl, stunUrl }: Pick<LinePageOptions, 'gateUrl' | 'stunUrl'>,
  user: string,
): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(pageUrl);
  const token = await homeToken({ personId: user, officeId: OFFICE });
  const options = { credentialsUrl: `${lineServer.controlUrl}/credentials?user=${user}`, gateUrl, token, stunUrl };
  await page.evaluate(async (given) => {
    window.linePage = await window.openLinePage(given);
  }, options);
  return page;
}

async function servePage(): Promise<Server> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('./line-page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><title>line</title><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function portOf(server: Server): number {
  // A server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port;
}

async function launchBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium();
  return chromium.launch({ executablePath, args: [...args], env: { ...definedOf(process.env), ...env } });
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
