/** Puts services, event streams, identity and settings together into a gate that runs on the given data. */
import type { Revoked } from './accounts/token-revocations.ts';
import { webhookTargetOf } from './alert-settings.ts';
import { CALL_SLOTS } from './calls/call-slots.ts';
import { createClaims } from './claims/claims.ts';
import type { Config } from './config.ts';
import type { EdgeCommands } from './edge/edge-contract.ts';
import { createHttpEdgeCommands } from './edge/http-edge-commands.ts';
import { BalanceWatch, notingPublisher } from './events/balance-watch.ts';
import { EventFeed } from './events/event-feed.ts';
import { EventHub } from './events/event-hub.ts';
import type { EventStreams } from './events/event-streams.ts';
import { createGate, type Gate } from './gate.ts';
import { hearNews } from './hear-news.ts';
import { type Authenticator, createAuthenticator } from './http/authenticate.ts';
import { OfficeDirectory } from './http/office-directory.ts';
import { type TokenKeys, tokenKeys } from './http/token-keys.ts';
import type { Ledger } from './ledger/operation.ts';
import { chooseMail } from './mail/mail-choices.ts';
import { stopKeyOf } from './mail/mail-links.ts';
import { mailLinksOf, sendMailOf } from './mail-of.ts';
import { numberCarrierOf } from './number-carrier-of.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { OutageLog } from './observability/outage-log.ts';
import { simulatedFor, stripeFor } from './payment-provider-of.ts';
import { countryOf, readNumber } from './read-number.ts';
import { realTimer } from './real-timer.ts';
import { roomsOf, worksOf } from './rooms-of.ts';
import type { After, EventPublisher, Identity, ServerClock } from './services.ts';
import { createServices, type ServiceDependencies, type Services } from './services-of.ts';
import { readPolicyFile, type SettingsInForce, settingsInForce } from './settings-in-force.ts';
import { StartError } from './start-error.ts';
import type { Store } from './storage/store.ts';
import { NO_NEWS } from './storage/store-news.ts';
import { systemClock } from './system-clock.ts';

/** SIP credentials of a widget; renewed by the widget well before. */
const LINE_CREDENTIALS_SECONDS = 600;
/** An edge that takes longer to answer a command is unreachable; its call lives to the end of its lease. */
const EDGE_TIMEOUT_MS = 2_000;

export interface Assembled {
  readonly gate: Gate;
  readonly hub: EventHub;
  readonly services: Services;
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
  /** Left out: the system's clock and the edges of the configuration. */
  readonly played?: PlayedWorld;
}

/**
 * Time that somebody moves and an edge that somebody plays, for a gate that is tried out. Tokens live by the system's clock all the same.
 */
export interface PlayedWorld {
  readonly clock: ServerClock;
  /** When the simulated provider's reports arrive. */
  readonly after: After;
  readonly edgeCommands: EdgeCommands;
}

/** Throws StartError when a file or key that the configuration names cannot be used: asked before any data is touched. */
export function checkFilesOf(config: Config): void {
  keysOf(config);
  if (config.policyFile !== null) readPolicyFile(config.policyFile);
}

/** Throws StartError when a file or key that the configuration names cannot be used. */
export async function assembleGate(config: Config, options: AssembleOptions): Promise<Assembled> {
  const { store, streams, logger, outages } = options;
  const onError = (message: string) => (error: unknown) => {
    if (!outages.met(error)) logger.warn({ error }, message);
  };
  const hub = new EventHub();
  const keys = keysOf(config);
  const settings = await settingsInForce(config, { ...options, clock: systemClock });
  // Nobody else hears of a store of one process, so nothing is written down for others.
  const isAlone = store.news === NO_NEWS;
  const claims = createClaims({
    store,
    isAlone,
    monotonicMs: () => performance.now(),
    after: realTimer,
    onError: (error, name) => onError(`a round of periodic work failed: ${name}`)(error),
  });
  let watch: BalanceWatch | null = null;
  const feed = new EventFeed({ here: notingPublisher(hub, () => watch), hub, news: isAlone ? null : store.news });
  const clock = options.played?.clock ?? systemClock;
  const simulated = simulatedFor(config, { store, clock, after: options.played?.after ?? realTimer });
  const services = createServices({
    ...serviceDependencies(config, { ...options, rates: settings.rates, policy: settings.policy, publisher: feed }),
    callSlots: () => claims.slotsOf('calls', CALL_SLOTS),
    paymentProvider: simulated?.provider ?? stripeFor(config),
    webhook: webhookTargetOf(config),
    numberCarrier: numberCarrierOf(config),
  });
  simulated?.deliverTo(services.payments);
  watch = balanceWatch({ hub, store, services, publisher: feed, onError: onError('balances could not be looked at') });
  const authenticator = authenticatorOf(config, { keys, settings });
  settings.tokens.onRevoked(lockingOut({ streams, authenticator }));
  const gate = createGate({
    ...options,
    ...services,
    rooms: roomsOf(services),
    simulatedProvider: simulated?.provider ?? null,
    hub,
    authenticator,
    offices: new OfficeDirectory((accountId, officeId) => hasOffice(store, { accountId, officeId }), systemClock),
    clock: systemClock,
    isOutage: (error) => outages.met(error),
    stopMail: { key: stopKeyOf(config.grantSecret), choose: (choice) => chooseMail(store, choice) },
    settings: config,
  });
  const deafen = hearNews(store.news, {
    feed,
    streams,
    elsewhere: services.elsewhere,
    settings,
    onError: onError('a word of another server could not be followed'),
  });
  const stop = async () => {
    deafen();
    await Promise.all([services.scheduler.stop(), watch?.stop(), settings.stop()]);
    await claims.stop();
  };
  await claims.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  for (const { name, ...periodic } of worksOf(services)) claims.run(name, periodic);
  const log = (message: string, facts: Readonly<Record<string, unknown>>) => logger.warn(facts, message);
  sendMailOf(config, { store, clock, claims, log, links: mailLinksOf(config, options.url) });
  services.scheduler.start();
  watch.start();
  return { gate, hub, services, stop };
}

function authenticatorOf(
  config: Config,
  { keys, settings }: { readonly keys: TokenKeys; readonly settings: Pick<SettingsInForce, 'tokens'> },
): Authenticator {
  return createAuthenticator({
    keys,
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    maxSeconds: config.tokenMaxSeconds,
    clock: systemClock,
    isRevoked: ({ identity, issuedAtMs }) => settings.tokens.isRevoked({ ...identity, issuedAtMs }),
  });
}

/** Whose tokens were revoked loses the open streams as well; whoever has a newer token comes back. */
function lockingOut(world: { readonly streams: EventStreams; readonly authenticator: Authenticator }) {
  return ({ accountId, personId }: Revoked) => {
    world.authenticator.forget(
      (identity) => identity.accountId === accountId && (personId === null || identity.personId === personId),
    );
    if (personId === null) world.streams.endOfAccount(accountId);
    else world.streams.endOf({ accountId, personId });
  };
}

function serviceDependencies(
  config: Config,
  options: AssembleOptions & Pick<ServiceDependencies, 'rates' | 'policy' | 'publisher'>,
): ServiceDependencies {
  const { store, ledger, rates, policy, publisher, logger, outages, url, played } = options;
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
    clock: played?.clock ?? systemClock,
    publisher,
    edgeCommands: played?.edgeCommands ?? createHttpEdgeCommands({ edges: new Map(edges), timeoutMs: EDGE_TIMEOUT_MS }),
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
  readonly onError: (error: unknown) => void;
}

function balanceWatch({ hub, store, services, publisher, onError }: WatchParts): BalanceWatch {
  return new BalanceWatch({
    hub,
    store,
    publishBalance: async (office) => {
      // The server itself asks, with the sight of an admin; each stream narrows what its own person sees.
      const observer: Identity = { ...office, personId: '', name: '', role: 'billing', licence: null };
      const balance = await services.handlers.balance(observer, {});
      if (balance.ok) publisher.publish({ ...office, personId: null }, { type: 'balance', balance: balance.value });
    },
    onError,
  });
}
