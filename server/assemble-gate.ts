/** Puts services, event streams, identity and settings together into a gate that runs on the given data. */
import { existsSync, readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { createHttpEdgeCommands } from './edge/http-edge-commands.ts';
import { BalanceWatch, notingPublisher } from './events/balance-watch.ts';
import { EventHub } from './events/event-hub.ts';
import type { EventStreams } from './events/event-streams.ts';
import { createGate, type Gate } from './gate.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { OfficeDirectory } from './http/office-directory.ts';
import { type TokenKeys, tokenKeys } from './http/token-keys.ts';
import type { Ledger } from './ledger/operation.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { OutageLog } from './observability/outage-log.ts';
import { DEFAULT_POLICY } from './policy/default-policy.ts';
import type { Policy } from './policy/policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import { RateDeckWatch } from './rate-deck-watch.ts';
import { countryOf, readNumber } from './read-number.ts';
import type { EventPublisher, Identity, ServerClock } from './services.ts';
import { createServices, type ServiceDependencies, type Services } from './services-of.ts';
import { StartError } from './start-error.ts';
import type { Store } from './storage/store.ts';
import { type WatchedFile, watchFile } from './watched-file.ts';

/** SIP credentials of a widget; renewed by the widget well before. */
const LINE_CREDENTIALS_SECONDS = 600;
/** An edge that takes longer to answer a command is unreachable; its call lives to the end of its lease. */
const EDGE_TIMEOUT_MS = 2_000;

export interface Assembled {
  readonly gate: Gate;
  readonly hub: EventHub;
  /** Stops what runs by itself: scheduler and watches. */
  stop(): Promise<void>;
}

export interface AssembleOptions {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly streams: EventStreams;
  readonly outages: OutageLog;
  readonly logger: Logger;
  /** Own address, for edges and lines that are paths on this server. */
  readonly url: string;
}

/** The server's clock: the only one that money knows. */
const systemClock: ServerClock = { nowMs: () => Date.now() };

/** Throws StartError when a file or key that the configuration names cannot be used. */
export async function assembleGate(config: Config, options: AssembleOptions): Promise<Assembled> {
  const { store, streams, logger, metrics, outages } = options;
  const hub = new EventHub();
  const decks = await watchedDecks(options);
  const policy = watchedPolicy(config, logger);
  let watch: BalanceWatch | null = null;
  const publisher = notingPublisher(hub, () => watch);
  const services = createServices(
    serviceDependencies(config, { ...options, rates: decks.book, policy: policy.current, publisher }),
  );
  watch = balanceWatch({ hub, store, services, publisher, logger, outages });
  const gate = createGate({
    ...services,
    hub,
    streams,
    authenticator: createAuthenticator({
      keys: keysOf(config),
      issuer: config.tokenIssuer,
      audience: config.tokenAudience,
      maxSeconds: config.tokenMaxSeconds,
      clock: systemClock,
    }),
    offices: new OfficeDirectory((accountId, officeId) => hasOffice(store, { accountId, officeId }), systemClock),
    clock: systemClock,
    logger,
    metrics,
    store,
    isOutage: (error) => outages.met(error),
    settings: config,
  });
  services.scheduler.start();
  watch.start();
  const stop = async () => {
    policy.file?.stop();
    await Promise.all([services.scheduler.stop(), watch.stop(), decks.stop()]);
  };
  return { gate, hub, stop };
}

function serviceDependencies(
  config: Config,
  options: AssembleOptions & Pick<ServiceDependencies, 'rates' | 'policy' | 'publisher'>,
): ServiceDependencies {
  const { store, ledger, rates, policy, publisher, logger, outages, url } = options;
  const onThisServer = (address: string) => (address.startsWith('/') ? url + address : address);
  const edges = Object.entries(config.edges).map(
    ([edgeId, address]) => [edgeId, { baseUrl: onThisServer(address), secret: config.edgeSecret }] as const,
  );
  return {
    store,
    ledger,
    rates,
    readNumber,
    countryOf,
    policy,
    clock: systemClock,
    publisher,
    edgeCommands: createHttpEdgeCommands({ edges: new Map(edges), timeoutMs: EDGE_TIMEOUT_MS }),
    line: {
      sipDomain: config.sipDomain,
      webSocketUrl: onThisServer(config.sipWebSocketUrl).replace(/^http/, 'ws'),
      credentialsSeconds: LINE_CREDENTIALS_SECONDS,
      iceServers: config.iceServers,
    },
    secrets: { grant: config.grantSecret, line: config.sipSecret },
    isDemo: config.isDemo,
    log: (message, facts) => {
      if (outages.met(facts.cause)) return;
      logger.warn('cause' in facts ? { ...facts, cause: String(facts.cause) } : facts, message);
    },
  };
}

async function watchedDecks({
  store,
  logger,
  outages,
}: Pick<AssembleOptions, 'store' | 'logger' | 'outages'>): Promise<RateDeckWatch> {
  const decks = new RateDeckWatch(store, (deckId, rateCount) =>
    logger.info({ deckId, rateCount }, 'rate deck in force'),
  );
  await decks.look();
  if (decks.book.deck.rates.length === 0) logger.warn('there are no rates yet: every number is refused as no_rate');
  decks.start((error) => {
    if (!outages.met(error)) logger.error({ error }, 'the new rate deck is not used; the old one stays in force');
  });
  return decks;
}

interface WatchedPolicy {
  readonly current: () => Policy;
  readonly file: WatchedFile | null;
}

/** The default, or what the policy file says now: it is read again whenever it changes. */
function watchedPolicy({ policyFile }: Config, logger: Logger): WatchedPolicy {
  let policy: Policy = DEFAULT_POLICY;
  if (policyFile === null) return { current: () => policy, file: null };
  if (!existsSync(policyFile)) throw new StartError(`The policy file ${policyFile} is not there. Correct POLICY_FILE.`);
  const file = watchFile(policyFile, {
    load: (path) => {
      policy = policyOf(path);
    },
    onError: (error) => logger.error({ error }, 'the new policy is not used; the old one stays in force'),
  });
  return { current: () => policy, file };
}

function policyOf(path: string): Policy {
  try {
    return readPolicy(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new StartError(
      `The policy file ${path} cannot be used: ${reason}. Correct it, or start without POLICY_FILE.`,
    );
  }
}

function keysOf(config: Config): TokenKeys {
  try {
    return tokenKeys(config);
  } catch (error) {
    throw new StartError(
      `The keys for access tokens cannot be used: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function hasOffice(
  store: Store,
  office: { readonly accountId: string; readonly officeId: string },
): Promise<boolean> {
  const row = await store.db
    .selectFrom('office')
    .select('officeId')
    .where('accountId', '=', office.accountId)
    .where('officeId', '=', office.officeId)
    .executeTakeFirst();
  return row !== undefined;
}

interface WatchParts {
  readonly hub: EventHub;
  readonly store: Store;
  readonly services: Services;
  readonly publisher: EventPublisher;
  readonly logger: Logger;
  readonly outages: OutageLog;
}

function balanceWatch({ hub, store, services, publisher, logger, outages }: WatchParts): BalanceWatch {
  return new BalanceWatch({
    hub,
    store,
    publishBalance: async (office) => {
      // The server itself asks, with the sight of an admin; each stream narrows what its own person sees.
      const observer: Identity = { ...office, personId: '', name: '', role: 'billing', licence: null };
      const balance = await services.handlers.balance(observer, {});
      if (balance.ok) publisher.publish({ ...office, personId: null }, { type: 'balance', balance: balance.value });
    },
    onError: (error) => {
      if (!outages.met(error)) logger.warn({ error }, 'balances could not be looked at');
    },
  });
}
