/**
 * The server process of http.bench.ts and streams.bench.ts. Usage: node http-bench-server.ts durable|storeless|instant
 * durable: the whole server on the data file of the environment. storeless: the same server, every operation applied at once and
 * nothing written. instant: only the gate, with services that answer without looking.
 */
import { readConfig } from '../../server/config.ts';
import { listen } from '../../server/http/listen.ts';
import { OfficeDirectory } from '../../server/http/office-directory.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { startServer } from '../../server/start-server.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { gateFixture } from './gate-fixture.ts';
import { MovingClock } from './moving-clock.ts';
import { sampleHandlers } from './sample-answers.ts';

class RunningClock extends MovingClock {
  override nowMs(): number {
    return Date.now();
  }
}

/** What the process has used up to now. Answered to any message of its parent. */
export interface ServerUsage {
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

process.on('SIGINT', () => process.exit(0));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const usage: ServerUsage = { cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() };
  process.send?.(usage);
});
// The bench passes one of the three.
const url = await { durable, storeless, instant }[process.argv[2] as 'durable' | 'storeless' | 'instant']();
process.stdout.write(`${url}\n`);

async function durable(): Promise<string> {
  const server = await startServer(readConfig(process.env), { logger: createLogger('error') });
  return server.url;
}

async function storeless(): Promise<string> {
  const config = readConfig(process.env);
  const openStore = async () => withoutWriting(await openSqliteStore({ path: config.dataFile }));
  const server = await startServer(config, { openStore, logger: createLogger('error') });
  return server.url;
}

/** Reads what was seeded; says yes to every operation and forgets it. */
function withoutWriting(store: Store): Store {
  const wallet = { balanceMicros: micros(900_000_000_000_000), heldMicros: micros(0), version: 1 };
  const rest = { applied: true, isRepeat: false, capturedMicros: micros(0), shortMicros: micros(0), wallet } as const;
  return {
    place: store.place,
    news: store.news,
    batchesAtOnce: store.batchesAtOnce,
    claim: (claim) => store.claim(claim),
    applyBatch: async (operations) =>
      operations.map((operation) => ({
        ...rest,
        heldMicros: operation.kind === 'hold' ? operation.amountMicros : micros(0),
      })),
    writeRows: async () => ({ applied: true, conflict: null }),
    openWallet: async () => undefined,
    db: store.db,
    check: () => store.check(),
    close: () => store.close(),
  };
}

async function instant(): Promise<string> {
  const unlimited = { personRequestsPerSecond: 1_000_000, addressRequestsPerSecond: 1_000_000, checkAnswers: false };
  const clock = new RunningClock();
  const { gate } = gateFixture({
    settings: unlimited,
    dependencies: {
      handlers: sampleHandlers(),
      logger: createLogger('error'),
      offices: new OfficeDirectory(async () => true, clock),
    },
    clock,
  });
  const { port } = await listen({
    host: '127.0.0.1',
    port: 0,
    onUpgrade: undefined,
    answer: (request, address) => gate.fetch(request, { address }),
  });
  return `http://localhost:${port}`;
}
