/** Prometheus metrics of one server (prom-client: the standard one, with its default metrics of the process). */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../storage/store.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly countRequest: (request: {
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }) => void;
  readonly countBatch: (operations: number, durationMs: number) => void;
}

export interface Gauges {
  readonly openStreams: () => number;
  /** Cheap sums, asked when somebody reads the metrics; null leaves them out. */
  readonly money?: () => Promise<{
    readonly runningCalls: number;
    readonly heldMicros: number;
    readonly balanceMicros: number;
  }>;
}

const REQUEST_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'credit_phone_requests_total',
    help: 'HTTP requests by route and status.',
    labelNames: ['route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'credit_phone_request_seconds',
    help: 'Time from request to answer.',
    labelNames: ['route'],
    buckets: REQUEST_BUCKETS_SECONDS,
    registers,
  });
  const batches = new Histogram({
    name: 'credit_phone_ledger_batch_operations',
    help: 'Ledger operations committed together.',
    buckets: BATCH_BUCKETS,
    registers,
  });
  const commits = new Histogram({
    name: 'credit_phone_ledger_commit_seconds',
    help: 'Time to apply and commit a batch.',
    buckets: REQUEST_BUCKETS_SECONDS,
    registers,
  });
  registerGauges(registry, gauges);
  return {
    registry,
    countRequest({ route, status, durationMs }) {
      requests.inc({ route, status });
      durations.observe({ route }, durationMs / 1_000);
    },
    countBatch(operations, durationMs) {
      batches.observe(operations);
      commits.observe(durationMs / 1_000);
    },
  };
}

function registerGauges(registry: Registry, gauges: Gauges): void {
  const registers = [registry];
  new Gauge({
    name: 'credit_phone_event_streams',
    help: 'Open event streams.',
    registers,
    collect() {
      this.set(gauges.openStreams());
    },
  });
  if (!gauges.money) return;
  const sums = sharedWhileRunning(gauges.money);
  const rows = [
    ['credit_phone_running_calls', 'Calls that hold money or run for free.', 'runningCalls'],
    ['credit_phone_held_micros', 'Held by running calls, all wallets.', 'heldMicros'],
    ['credit_phone_balance_micros', 'Balance of all wallets.', 'balanceMicros'],
  ] as const;
  for (const [name, help, field] of rows) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await sums())[field]);
      },
    });
  }
}

/** Each gauge collects for itself, at the same time: they share one look at the store. */
function sharedWhileRunning<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

/** The same store, with its batches counted. */
export function measuredStore(store: Store, countBatch: Metrics['countBatch']): Store {
  return {
    place: store.place,
    news: store.news,
    batchesAtOnce: store.batchesAtOnce,
    claim: (claim) => store.claim(claim),
    applyBatch: async (operations) => {
      const startedMs = performance.now();
      const results = await store.applyBatch(operations);
      countBatch(operations.length, performance.now() - startedMs);
      return results;
    },
    writeRows: (writes) => store.writeRows(writes),
    openWallet: (wallet) => store.openWallet(wallet),
    db: store.db,
    check: () => store.check(),
    close: () => store.close(),
  };
}
