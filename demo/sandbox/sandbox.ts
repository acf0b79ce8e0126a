/**
 * A whole gate server of its own beside the demo: the real services on a ledger of their own in a temporary file, the simulated payment
 * provider, a clock that is moved and an edge that is played. What is played in it never touches the demo's own data.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assembled, assembleGate } from '../../server/assemble-gate.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { EventStreams } from '../../server/events/event-streams.ts';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createMetrics } from '../../server/observability/metrics.ts';
import { moneyGauges } from '../../server/observability/money-gauges.ts';
import { createOutageLog } from '../../server/observability/outage-log.ts';
import { realTimer } from '../../server/real-timer.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { signDemoToken } from '../host/demo-token.ts';
import type { Person } from '../host/people.ts';
import { seedDemo } from '../host/seed.ts';
import { PlayedClock } from './played-clock.ts';
import { PlayedEdge } from './played-edge.ts';

const SECRET_BYTES = 36;

export interface SandboxOptions {
  /** Where it is found: the gate's addresses are below this one. */
  readonly url: string;
  /** What its clock shows at first; the real time when left out. */
  readonly startMs?: number;
}

export class Sandbox {
  readonly clock: PlayedClock;
  readonly edge: PlayedEdge;
  readonly store: Store;
  readonly ledger: DrainableLedger;
  readonly #assembled: Assembled;
  readonly #config: Config;
  readonly #folder: string;

  private constructor(parts: {
    readonly clock: PlayedClock;
    readonly edge: PlayedEdge;
    readonly store: Store;
    readonly ledger: DrainableLedger;
    readonly assembled: Assembled;
    readonly config: Config;
    readonly folder: string;
  }) {
    this.clock = parts.clock;
    this.edge = parts.edge;
    this.store = parts.store;
    this.ledger = parts.ledger;
    this.#assembled = parts.assembled;
    this.#config = parts.config;
    this.#folder = parts.folder;
  }

  static async open({ url, startMs = Date.now() }: SandboxOptions): Promise<Sandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'credit-phone-sandbox-'));
    const config = sandboxConfig(join(folder, 'sandbox.sqlite'));
    const clock = new PlayedClock(startMs);
    const edge = new PlayedEdge(clock);
    const store = await openSqliteStore({ path: config.dataFile });
    const ledger = createLedger(store);
    await seedDemo({ store, ledger, nowMs: startMs });
    const logger = createLogger(config.logLevel);
    const streams = new EventStreams();
    const metrics = createMetrics({ openStreams: () => streams.count, money: moneyGauges(store) });
    const outages = createOutageLog({ store, logger, nowMs: () => performance.now(), after: realTimer });
    const played = { clock, after: clock.after, edgeCommands: edge };
    const assembled = await assembleGate(config, { store, ledger, metrics, streams, outages, logger, url, played });
    return new Sandbox({ clock, edge, store, ledger, assembled, config, folder });
  }

  get services(): Assembled['services'] {
    return this.#assembled.services;
  }

  /** A request to the gate, its address as the gate knows it. */
  fetch(request: Request): Promise<Response> {
    return this.#assembled.gate.fetch(request, { address: '127.0.0.1' });
  }

  sign(person: Person): Promise<string> {
    const { tokenSecret, tokenIssuer: issuer, tokenAudience: audience } = this.#config;
    return signDemoToken(person, { secret: tokenSecret ?? '', issuer, audience });
  }

  async close(): Promise<void> {
    await this.#assembled.gate.close();
    await this.#assembled.stop();
    await this.ledger.close();
    await this.store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Settings of nobody else: keys for this sandbox only, and none of the environment's. */
function sandboxConfig(dataFile: string): Config {
  const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
  return readConfig(
    {
      DATA_FILE: dataFile,
      LOG_LEVEL: 'error',
      TOKEN_SECRET: secret(),
      EDGE_SECRET: secret(),
      SIP_SECRET: secret(),
      GRANT_SECRET: secret(),
    },
    { isDemo: true },
  );
}
