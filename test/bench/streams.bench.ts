/**
 * Many open widgets: 10,000 event streams of 100 offices on one real server process, all on sockets of their own, each told its office's
 * balance once a second, because somebody in the office begins a call. What that costs the server, and how long a message takes
 * from the request that caused it to the last widget of the office. Clients run in this process, on the same machine.
 *
 *   node test/bench/streams.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { uuidV7 } from '../../src/phone/uuid-v7.ts';
import type { ServerUsage } from '../support/http-bench-server.ts';
import { openRawEventStream } from '../support/raw-event-stream.ts';
import { homeToken, makeServerHome } from '../support/server-home.ts';
import { percentile, printMeasure } from './measure.ts';

const WANTED_STREAMS = 10_000;
/** Files that both processes need beside their sockets. */
const OTHER_FILES = 200;
const OFFICES = Array.from({ length: 100 }, (_, index) => `office-${index}`);
const OPENED_TOGETHER = 50;
const WARM_UP_SECONDS = 5;
const MEASURED_SECONDS = 20;
const MS_PER_SECOND = 1_000;
/** Of the messages that should come, that many do. */
const GOAL_DELIVERED_SHARE = 0.98;
const SERVER = fileURLToPath(new URL('../support/http-bench-server.ts', import.meta.url));

const streamCount = Math.min(WANTED_STREAMS, openFilesLimit() - OTHER_FILES);
if (streamCount < WANTED_STREAMS) {
  console.log(`streams: only ${streamCount}, since a process may open ${openFilesLimit()} files here (ulimit -n)`);
}
const home = await makeServerHome({ offices: OFFICES, creditMicros: 900_000_000_000_000 });
const server = fork(SERVER, ['durable'], {
  env: { ...process.env, ...home.environment },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
const sockets: Socket[] = [];
const deliveriesMs: number[] = [];
const askedAtMs = new Map<string, number>();
try {
  if (server.stdout === null) throw new Error('The server has no output');
  const [line] = await once(server.stdout, 'data');
  await bench(new URL(String(line).trim()));
} finally {
  for (const socket of sockets) socket.destroy();
  server.kill();
  await (server.exitCode ?? once(server, 'exit'));
  home.remove();
}

async function bench(url: URL): Promise<void> {
  const callers = await Promise.all(OFFICES.map((officeId) => homeToken({ personId: `caller-${officeId}`, officeId })));
  await callEverywhere(url, callers);
  const before = await usage();
  await openStreams(Number(url.port));
  const opened = await usage();
  await callForSeconds(WARM_UP_SECONDS, { url, callers });
  deliveriesMs.length = 0;
  const [atStart, startedAtMs] = [await usage(), performance.now()];
  await callForSeconds(MEASURED_SECONDS, { url, callers });
  const [atEnd, seconds] = [await usage(), (performance.now() - startedAtMs) / MS_PER_SECOND];
  const perSecond = deliveriesMs.length / seconds;
  const cpuMicroseconds = atEnd.cpuMicroseconds - atStart.cpuMicroseconds;
  printMeasure({ name: 'streams: open', value: sockets.length, unit: 'streams', goal: { atLeast: WANTED_STREAMS } });
  printMeasure({
    name: 'streams: messages, one a second and stream',
    value: perSecond,
    unit: 'messages/s',
    ratio: perSecond / sockets.length,
    goal: { atLeast: GOAL_DELIVERED_SHARE },
  });
  printMeasure({ name: 'streams: share of a core', value: cpuMicroseconds / 1e6 / seconds, unit: 'cores' });
  printMeasure({ name: 'streams: CPU time of a message', value: cpuMicroseconds / deliveriesMs.length, unit: 'us' });
  const kibibytes = (usedLater: ServerUsage) =>
    (usedLater.residentBytes - before.residentBytes) / 1024 / sockets.length;
  printMeasure({ name: 'streams: memory of a stream, just opened', value: kibibytes(opened), unit: 'KiB' });
  printMeasure({ name: 'streams: memory of a stream, under load', value: kibibytes(atEnd), unit: 'KiB' });
  printMeasure({ name: 'streams: delivery p99', value: percentile(deliveriesMs, 0.99), unit: 'ms' });
}

async function openStreams(port: number): Promise<void> {
  for (let first = 0; first < streamCount; first += OPENED_TOGETHER) {
    const count = Math.min(OPENED_TOGETHER, streamCount - first);
    sockets.push(...(await Promise.all(Array.from({ length: count }, (_, index) => openStream(port, first + index)))));
  }
}

async function openStream(port: number, index: number): Promise<Socket> {
  const officeId = OFFICES[index % OFFICES.length] ?? '';
  const token = await homeToken({ personId: `person-${index}`, officeId });
  const onBalance = () => {
    const asked = askedAtMs.get(officeId);
    if (asked !== undefined) deliveriesMs.push(performance.now() - asked);
  };
  return await openRawEventStream({ port, token, onBalance });
}

interface Callers {
  readonly url: URL;
  /** Access tokens, one an office. */
  readonly callers: readonly string[];
}

/** Once a second in each office, the offices one after the other, evenly. */
async function callForSeconds(seconds: number, { url, callers }: Callers): Promise<void> {
  const beganAtMs = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < seconds * OFFICES.length; index += 1) {
    const dueMs = beganAtMs + (index * MS_PER_SECOND) / OFFICES.length;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    calls.push(beginCall(url, { office: index % OFFICES.length, callers }));
  }
  await Promise.all(calls);
}

async function callEverywhere(url: URL, callers: readonly string[]): Promise<void> {
  await Promise.all(OFFICES.map((_, office) => beginCall(url, { office, callers })));
}

async function beginCall(
  url: URL,
  { office, callers }: { readonly office: number; readonly callers: readonly string[] },
): Promise<void> {
  askedAtMs.set(OFFICES[office] ?? '', performance.now());
  const answer = await fetch(new URL(`/v1/calls/${uuidV7({ nowMs: Date.now(), randomBytes })}/authorize`, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${callers[office]}`, 'content-type': 'application/json' },
    body: '{"to":"+4915123456789","callerNumber":null}',
  });
  if (!answer.ok) throw new Error(`A call was refused: ${await answer.text()}`);
  await answer.body?.cancel();
}

async function usage(): Promise<ServerUsage> {
  const answered = once(server, 'message');
  server.send('usage');
  // The server sends nothing else.
  const [used] = (await answered) as [ServerUsage];
  return used;
}

/** Node raises its limit to what is allowed. Where there is none, many. */
function openFilesLimit(): number {
  // Node's diagnostic report, whose shape is in its documentation.
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.MAX_SAFE_INTEGER;
}
