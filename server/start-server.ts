/**
 * Starts the whole server on one port: listens first (so that a taken port is found before any data is touched), then opens the store
 * as often as it takes, and answers `unavailable` until everything is ready.
 *
 *   request ── beforeRequest (demo page, phone network) ── gate ── 404 problem
 *   upgrade ── onUpgrade (SIP over WebSocket)
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { assembleGate, checkFilesOf } from './assemble-gate.ts';
import type { Config } from './config.ts';
import { asSentence, DataMissing, DataWait } from './data-wait.ts';
import type { EventHub } from './events/event-hub.ts';
import { EventStreams } from './events/event-streams.ts';
import type { Gate } from './gate.ts';
import { listen } from './http/listen.ts';
import { createWaitingGate } from './http/waiting-gate.ts';
import { keepTrying } from './keep-trying.ts';
import { createLedger } from './ledger/ledger.ts';
import type { Ledger } from './ledger/operation.ts';
import { createLogger, type Logger } from './observability/logger.ts';
import { createMetrics, measuredStore } from './observability/metrics.ts';
import { moneyGauges } from './observability/money-gauges.ts';
import { createOutageLog } from './observability/outage-log.ts';
import { realTimer } from './real-timer.ts';
import { StartError } from './start-error.ts';
import { openStore as openConfiguredStore, type StoreAddress } from './storage/open-store.ts';
import { type Store, UnavailableError } from './storage/store.ts';

export interface StartOptions {
  /** Runs once after migrations and before anything is served, for instance to seed the demo. */
  readonly prepare?:
    | ((data: { readonly store: Store; readonly ledger: Ledger; readonly url: string }) => Promise<void>)
    | undefined;
  /** Asked before the gate, also while the server is still starting; null lets the gate answer. */
  readonly beforeRequest?: (request: Request) => Response | null | Promise<Response | null>;
  /** WebSocket upgrades; without it every upgrade is refused. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * Another store than the configured one. When it throws it is asked again until it succeeds: UnavailableError says
   * that the store is not there, any other error that somebody has to put something right. Only a StartError ends the start.
   */
  readonly openStore?: (() => Promise<Store>) | undefined;
  /** Ends a start that still waits for its data: startServer then throws the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Made from `config.logLevel` when left out. */
  readonly logger?: Logger;
}

export interface RunningServer {
  /** For instance "http://localhost:8080"; the port is the real one when 0 was asked for. */
  readonly url: string;
  readonly httpServer: Server;
  readonly gate: Gate;
  readonly events: EventHub;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Graceful: stops accepting, ends event streams, lets requests finish, drains the ledger, leaves running calls alone. */
  close(): Promise<void>;
}

/**
 * Resolves when requests are served. Throws StartError with one clear sentence for what no waiting will mend (port in use, no
 * permission, bad file). A database that is not there is waited for; meanwhile /healthz says alive, /readyz says what is missing, and
 * everything else is refused as `unavailable`.
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  checkFilesOf(config);
  const logger = options.logger ?? createLogger(config.logLevel);
  const wait = new DataWait(logger);
  const waitingGate = createWaitingGate({ corsOrigins: config.corsOrigins, reason: () => wait.reason });
  let gate: Gate | null = null;
  const listening = await listen({
    host: config.host,
    port: config.port,
    onUpgrade: options.onUpgrade,
    answer: async (request, address) => {
      const own = (await options.beforeRequest?.(request)) ?? null;
      return own ?? gate?.fetch(request, { address }) ?? waitingGate(request);
    },
  });
  const url = config.publicUrl ?? localUrl(config.host, listening.port);
  try {
    const running = await keepTrying({
      attempt: () => openAndAssemble(config, { ...options, logger, url }),
      isFinal: (error) => !(error instanceof DataMissing),
      onFailure: (error) => wait.failed(error, url),
      dispose: ({ stop }) => stop(),
      signal: options.signal ?? new AbortController().signal,
      after: realTimer,
    });
    gate = running.gate;
    logger.info({ url, place: running.store.place }, 'ready');
    const close = async () => {
      await Promise.all([running.gate.close(), listening.close()]);
      await running.stop();
      logger.info('stopped; running calls go on at their edges');
    };
    const { events, store, ledger } = running;
    return { url, httpServer: listening.httpServer, gate, events, store, ledger, close: once(close) };
  } catch (error) {
    await listening.close();
    throw error;
  }
}

interface OpenOptions extends Pick<StartOptions, 'prepare' | 'openStore'> {
  readonly logger: Logger;
  readonly url: string;
}

/** Throws DataMissing for what another attempt may mend. */
async function openAndAssemble(config: Config, { prepare, openStore, logger, url }: OpenOptions) {
  const streams = new EventStreams();
  const opened = await openData(openStore ?? (() => openAddress(config)));
  const metrics = createMetrics({ openStreams: () => streams.count, money: moneyGauges(opened) });
  const store = measuredStore(opened, metrics.countBatch);
  const ledger = createLedger(store);
  const outages = createOutageLog({ store, logger, nowMs: () => performance.now(), after: realTimer });
  const closeData = async () => {
    outages.stop();
    await ledger.close();
    await store.close();
  };
  try {
    await prepare?.({ store, ledger, url });
    const assembled = await assembleGate(config, { store, ledger, metrics, streams, outages, logger, url });
    const stop = async () => {
      await assembled.stop();
      await closeData();
    };
    return { gate: assembled.gate, events: assembled.hub, store, ledger, stop };
  } catch (error) {
    await closeData();
    // It was there a moment ago.
    throw error instanceof UnavailableError ? new DataMissing(error) : error;
  }
}

async function openData(open: () => Promise<Store>): Promise<Store> {
  try {
    return await open();
  } catch (error) {
    throw error instanceof StartError ? error : new DataMissing(error);
  }
}

async function openAddress(address: StoreAddress): Promise<Store> {
  return address.databaseUrl === null ? openDataFile(address) : openConfiguredStore(address);
}

async function openDataFile(address: StoreAddress): Promise<Store> {
  const path = address.dataFile;
  try {
    return await openConfiguredStore(address);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    const isForbidden = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const sentence = isForbidden
      ? `There is no permission to write the data file ${path}. Change its folder's rights, or choose another place with DATA_FILE.`
      : `${asSentence(error instanceof Error ? error.message : String(error))} Put that right, or choose another place with DATA_FILE.`;
    throw new StartError(sentence, { cause: error });
  }
}

/** What people type: a server that listens on this machine only, or on every address, is found as localhost. */
function localUrl(host: string, port: number): string {
  const isLocal = ['127.0.0.1', '0.0.0.0', '::', '::1', ''].includes(host);
  return `http://${isLocal ? 'localhost' : host}:${port}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}
