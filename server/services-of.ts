/** Puts calls, numbers and accounts together: everything that server/http binds to addresses. */
import type { ServerEvent } from '../src/protocol/events.ts';
import type { NumberReader, RateFinder } from './calls/rate-finder.ts';
import type { EdgeCommands } from './edge/edge-contract.ts';
import type { Ledger } from './ledger/operation.ts';
import type { Policy } from './policy/policy.ts';
import type { EdgeService, EndpointHandlers, EventPublisher, Identity, ServerClock } from './services.ts';
import type { Store } from './storage/store.ts';

/** Where the widgets' SIP lines connect to. */
export interface LineAddress {
  /** Domain part of the SIP address, e.g. "phone.example". */
  readonly sipDomain: string;
  readonly webSocketUrl: string;
  readonly credentialsSeconds: number;
  readonly iceServers: readonly { readonly urls: readonly string[] }[];
}

/** Calls back once after the delay; the returned function cancels it. */
export type After = (delayMs: number, callback: () => void) => () => void;

export interface ServiceDependencies {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly rates: RateFinder;
  readonly readNumber: NumberReader;
  /** Asked for each decision, so that a reloaded policy holds at once. */
  readonly policy: () => Policy;
  readonly clock: ServerClock;
  /** Real timers when left out. */
  readonly after?: After;
  readonly publisher: EventPublisher;
  readonly edgeCommands: EdgeCommands;
  readonly line: LineAddress;
  readonly secrets: {
    /** Signs call grants (HS256), at least 32 bytes. */
    readonly grant: string;
    /** Shared with the SIP edges: short-lived line passwords are HMACs by it. */
    readonly line: string;
  };
  /** True lets admins add play credit. */
  readonly isDemo: boolean;
  /** For what is expected but worth knowing (a report after the reaping, an edge that does not answer). */
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface Scheduler {
  /** Polls for due calls (renew, reap, release) until stopped. */
  start(): void;
  /** Leaves running calls alone: they go on at the edge and from the store. */
  stop(): Promise<void>;
  /** One round; resolves when everything that was due is done. */
  tick(): Promise<void>;
}

export interface Services {
  readonly handlers: EndpointHandlers;
  readonly edge: EdgeService;
  readonly scheduler: Scheduler;
  /** What this person may see of an event: the policy can hide the balance from agents (showBalanceToAgents). For the event stream. */
  readonly visibleEvent: (identity: Identity, event: ServerEvent) => ServerEvent;
}

export function createServices(_dependencies: ServiceDependencies): Services {
  throw new Error('Not built yet');
}
