/**
 * What durable money costs an HTTP request: POST authorize with the ledger on SQLite, against the same server whose store writes
 * nothing and says yes at once; and, for comparison, against the bare gate with services that answer without looking. 64 connections,
 * each call id new and made as the phone makes it (ids that sort by time), one process a side, in alternating rounds, so that a busy
 * machine slows all. 32 people in 8 offices ask.
 *
 *   node test/bench/http.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { uuidV7 } from '../../src/phone/uuid-v7.ts';
import type { ServerUsage } from '../support/http-bench-server.ts';
import { homeToken, makeServerHome } from '../support/server-home.ts';
import { median, printMeasure } from './measure.ts';

const GOAL_RATIO = 0.9;
const GOAL_P99_MS = 25;
const ROUNDS = 5;
const ROUND_SECONDS = 2;
/** A side is warm when its code is compiled for good, which is a matter of requests and not of time. */
const WARM_UP_REQUESTS = 12_000;
const CONNECTIONS = 64;
const PEOPLE = 32;
const OFFICES = Array.from({ length: 8 }, (_, index) => `office-${index}`);
const SERVER = fileURLToPath(new URL('../support/http-bench-server.ts', import.meta.url));

const MODES = ['durable', 'storeless', 'instant'] as const;
type Mode = (typeof MODES)[number];

interface Side {
  readonly url: string;
  readonly process: ChildProcess;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Of the server's process with all its threads: steadier than the rate on a machine that others use, too. */
  readonly cpuMicroseconds: number;
}

const home = await makeServerHome({ offices: OFFICES, creditMicros: 900_000_000_000_000 });
const tokens = await Promise.all(
  Array.from({ length: PEOPLE }, (_, index) =>
    homeToken({ personId: `person-${index}`, officeId: OFFICES[index % OFFICES.length] ?? '' }),
  ),
);
const sides: Side[] = [];
try {
  await bench();
} finally {
  for (const side of sides) side.process.kill();
  await Promise.all(sides.map(({ process }) => process.exitCode ?? once(process, 'exit')));
  home.remove();
}

async function bench(): Promise<void> {
  const side = {
    durable: await startSide('durable'),
    storeless: await startSide('storeless'),
    instant: await startSide('instant'),
  };
  const rounds: Readonly<Record<Mode, Round>>[] = [];
  for (const one of Object.values(side)) await load(one, { amount: WARM_UP_REQUESTS });
  for (let round = 0; round < ROUNDS; round += 1) {
    const results = {
      durable: await load(side.durable),
      storeless: await load(side.storeless),
      instant: await load(side.instant),
    };
    rounds.push(results);
  }
  const rate = (mode: Mode) => median(rounds.map((results) => results[mode].requestsPerSecond));
  const ratioTo = (mode: Mode) =>
    median(rounds.map(({ durable, [mode]: other }) => durable.requestsPerSecond / other.requestsPerSecond));
  const unit = 'requests/s';
  for (const mode of MODES) {
    const value = median(rounds.map((results) => results[mode].cpuMicroseconds));
    printMeasure({ name: `http: CPU time of an authorize, ${mode} server`, value, unit: 'us' });
  }
  printMeasure({ name: 'http: authorize, bare gate, services that do not look', value: rate('instant'), unit });
  printMeasure({
    name: 'http: authorize, durable ledger against the bare gate',
    value: rate('durable'),
    unit,
    ratio: ratioTo('instant'),
  });
  printMeasure({ name: 'http: authorize, same server without a store', value: rate('storeless'), unit });
  printMeasure({
    name: 'http: authorize, durable ledger against the same server without a store',
    value: rate('durable'),
    unit,
    ratio: ratioTo('storeless'),
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: `http: authorize, durable ledger, p99 at ${CONNECTIONS} connections`,
    value: median(rounds.map(({ durable }) => durable.p99Ms)),
    unit: 'ms',
    goal: { atMost: GOAL_P99_MS },
  });
}

async function startSide(mode: Mode): Promise<Side> {
  const environment = { ...process.env, ...home.environment };
  const child = fork(SERVER, [mode], { env: environment, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('The server has no output');
  const [line] = await once(child.stdout, 'data');
  const side = { url: String(line).trim(), process: child };
  sides.push(side);
  return side;
}

async function cpuMicroseconds({ process: server }: Side): Promise<number> {
  const answered = once(server, 'message');
  server.send('usage');
  // The server sends nothing else.
  const [usage] = (await answered) as [ServerUsage];
  return usage.cpuMicroseconds;
}

async function load(
  side: Side,
  length: { readonly amount: number } | { readonly duration: number } = { duration: ROUND_SECONDS },
): Promise<Round> {
  let count = 0;
  const cpuBefore = await cpuMicroseconds(side);
  const result = await autocannon({
    url: side.url,
    connections: CONNECTIONS,
    ...length,
    requests: [
      {
        method: 'POST',
        setupRequest: (request) => {
          count += 1;
          return {
            ...request,
            path: `/v1/calls/${uuidV7({ nowMs: Date.now(), randomBytes })}/authorize`,
            headers: { authorization: `Bearer ${tokens[count % PEOPLE]}`, 'content-type': 'application/json' },
            body: '{"to":"+4915123456789","callerNumber":null}',
          };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return {
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    cpuMicroseconds: ((await cpuMicroseconds(side)) - cpuBefore) / result.requests.total,
  };
}
