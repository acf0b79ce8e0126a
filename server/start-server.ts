/**
 * Starts the whole server on one port: listens first (so that a taken port is found before any data is touched), then opens the store,
 * and answers `unavailable` until everything is ready.
 *
 *   request ── beforeRequest (demo page, phone network) ── gate ── 404 problem
 *   upgrade ── onUpgrade (SIP over WebSocket)
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from './config.ts';
import type { EventHub } from './events/event-hub.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger/operation.ts';
import type { Store } from './storage/store.ts';

export interface StartOptions {
  /** Runs once after migrations and before anything is served, for instance to seed the demo. */
  readonly prepare?: (data: { readonly store: Store; readonly ledger: Ledger; readonly url: string }) => Promise<void>;
  /** Asked before the gate, also while the server is still starting; null lets the gate answer. */
  readonly beforeRequest?: (request: Request) => Response | null | Promise<Response | null>;
  /** WebSocket upgrades; without it every upgrade is refused. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface RunningServer {
  /** For instance "http://127.0.0.1:8080"; the port is the real one when 0 was asked for. */
  readonly url: string;
  readonly httpServer: Server;
  readonly gate: Gate;
  readonly events: EventHub;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Graceful: stops accepting, ends event streams, lets requests finish, drains the ledger, leaves running calls alone. */
  close(): Promise<void>;
}

/** Throws StartError with one clear sentence when it cannot start (port in use, no permission, bad file). */
export declare function startServer(config: Config, options?: StartOptions): Promise<RunningServer>;
