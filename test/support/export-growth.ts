/**
 * A whole server in a process of its own, started as `npm run server` starts it, that sends statements as CSV: how long that takes, and how
 * much larger it becomes, which its operator sees in its metrics.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { STATEMENT_CSV_PATH } from '../../src/protocol/statement-routes.ts';
import { homeToken } from './server-home.ts';

const SERVER = fileURLToPath(new URL('./server-process.ts', import.meta.url));
const PACKAGE = new URL('../../package.json', import.meta.url);
const LOOK_EVERY_MS = 50;
const LINE_FEED = 10;

export interface ExportGrowth {
  /** Without the header. */
  readonly rows: number;
  readonly seconds: number;
  /** Of the resident memory of the process, at most, beyond what it was before the first row. */
  readonly megabytes: number;
}

export interface ExportQuestion {
  /** Of a server with public metrics and one office called berlin. */
  readonly environment: Readonly<Record<string, string>>;
  /** "?month=2026-11"; empty for all. */
  readonly query: string;
}

export async function exportGrowth({ environment, query }: ExportQuestion): Promise<ExportGrowth> {
  const { url, process: server } = await startServer(environment);
  try {
    const token = await homeToken({ personId: 'dana', officeId: 'berlin', role: 'billing' });
    const download = (search: string) => countRows(`${url}${STATEMENT_CSV_PATH}${search}`, token);
    // What any first request needs is not of the file.
    await download('?month=2001-01');
    const before = await residentBytes(url);
    let most = before;
    const watch = setInterval(async () => {
      most = Math.max(most, await residentBytes(url).catch(() => 0));
    }, LOOK_EVERY_MS);
    const startedAtMs = performance.now();
    const rows = await download(query);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    clearInterval(watch);
    most = Math.max(most, await residentBytes(url));
    return { rows, seconds, megabytes: (most - before) / 1024 / 1024 };
  } finally {
    server.kill('SIGKILL');
  }
}

async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [...flagsOfServer(), SERVER], {
    env: { ...process.env, ...environment, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: String(line).trim(), process: child };
}

/** "node --flag server/main.mjs" */
function flagsOfServer(): readonly string[] {
  // Written by ourselves.
  const { scripts } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly scripts: { readonly server: string } };
  return scripts.server.split(' ').slice(1, -1);
}

async function countRows(url: string, token: string): Promise<number> {
  const [response] = (await once(get(url, { headers: { authorization: `Bearer ${token}` } }), 'response')) as [
    IncomingMessage,
  ];
  if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
  let lines = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) lines += 1;
  }
  return lines - 1;
}

async function residentBytes(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1]);
}
