/**
 * The demo on many servers, with one command: what `npm start` has in one process is spread as an operator would spread it.
 *
 *   browser ── front door (PORT) ─┬─ /v1, /edge ... ── load balancer ── server 1, 2, 3 ── PostgreSQL      each a process of its own
 *                                 ├─ /sip, /phone-network ── phone network     ┐
 *                                 └─ everything else ── the host's page        ┘ this process
 *
 * The phone network reports by the load balancer, too; commands reach it from every server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { type Config, ConfigError, readConfig } from '../../server/config.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import { mailLinksOf } from '../../server/mail-of.ts';
import { StartError } from '../../server/start-error.ts';
import { openStore } from '../../server/storage/open-store.ts';
import { buildPage } from '../host/build-page.ts';
import { createDemoRoutes } from '../host/demo-routes.ts';
import { signDemoToken } from '../host/demo-token.ts';
import { mailboxPage } from '../host/mailbox.ts';
import { createPlayerRoutes } from '../host/player-routes.ts';
import { playScenario, type Stage } from '../host/scenarios.ts';
import { seedDemo } from '../host/seed.ts';
import { createPhoneNetwork, type PhoneNetwork } from '../phone-network/phone-network.ts';
import { passwordFromSecret } from '../phone-network/signalling/ephemeral-password.ts';
import { ScenarioPlayer } from '../sandbox/player.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { RESTART_AFTER_SECONDS as DATABASE_AFTER_SECONDS, openDatabase } from './demo-database.ts';
import { fleetGreeting } from './fleet-greeting.ts';
import { openFrontDoor } from './front-door.ts';
import { LoadBalancer } from './load-balancer.ts';
import { keepNetwork, networkHolder, takeNetwork } from './network-claim.ts';
import { RESTART_AFTER_SECONDS, ServerFleet } from './server-fleet.ts';

const SERVERS = 3;
const EDGE_ID = 'embedded';
const EDGE_COMMAND_PATH = '/phone-network';
/** What the servers answer; everything else is the host application's. */
const GATE_PATHS = /^\/(v1|edge|problems)\/|^\/(healthz|readyz|metrics|openapi\.json)$/;

/** What was begun, to be ended in the opposite order. */
const endings: (() => Promise<void> | void)[] = [];
const stopping = new AbortController();

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0));
  const config = readConfig({ LOG_LEVEL: 'warn', METRICS_TOKEN: 'public', ...process.env }, { isDemo: true });
  const { tokenSecret: secret } = config;
  if (secret === null) throw new ConfigError(['The demo signs its own tokens: it needs TOKEN_SECRET, not JWKS_URL.']);
  const page = buildPage();
  let stage: Stage | null = null;
  const routes = createDemoRoutes({
    page,
    sign: (person) => signDemoToken(person, { secret, issuer: config.tokenIssuer, audience: config.tokenAudience }),
    play: async (scenario, person) =>
      stage ? playScenario(stage, scenario, person) : 'The demo is still starting. Nothing was changed.',
    profileStage: () => stage?.server ?? null,
  });
  // The player's sandbox is one server of its own; nothing of it is shared out.
  let publicUrl = '';
  const player = new ScenarioPlayer((run) => Sandbox.open({ url: `${publicUrl}/sandbox/${run}` }));
  endings.push(() => player.stop());
  const playerRoutes = createPlayerRoutes(player);
  let fleet: ServerFleet | null = null;
  const balancer = new LoadBalancer(() => fleet?.servers ?? []);
  endings.push(() => balancer.close());
  const host = getRequestListener(
    async (request) =>
      (await stage?.network.handleEdgeCommand(request)) ??
      (stage &&
        (await mailboxPage(request, { store: stage.server.store, links: mailLinksOf(config, here.publicUrl) }))) ??
      (await playerRoutes(request)) ??
      (await routes(request)) ??
      new Response(null, { status: 404 }),
  );
  const door = await openFrontDoor({
    ...config,
    onRequest: (request, response) =>
      void (GATE_PATHS.test(pathOf(request)) ? balancer.forward(request, response) : host(request, response)),
    onUpgrade: (request, socket, head) => {
      if (!stage?.network.handleUpgrade(request, { socket, head })) socket.destroy();
    },
  });
  endings.push(() => door.close());
  const here = addressesOf(config, door.port);
  ({ publicUrl } = here);
  console.log('Starting PostgreSQL and the servers…');
  const database = await openDatabase({ given: config.databaseUrl, say });
  endings.push(() => database.close());
  stopping.signal.throwIfAborted();
  const { store, ledger, place } = await prepareData({ url: database.url, publicUrl: here.publicUrl });
  stopping.signal.throwIfAborted();
  const network = startNetwork(config, here.ownUrl);
  stage = { server: { store, ledger }, network };
  const logFolder = mkdtempSync(join(tmpdir(), 'credit-phone-servers-'));
  endings.push(() => rmSync(logFolder, { recursive: true, force: true }));
  const environment = environmentOf(config, { ...here, secret, databaseUrl: database.url });
  fleet = await ServerFleet.start({ count: SERVERS, environment, logFolder, say });
  endings.push(() => fleet?.stop());
  console.log(
    fleetGreeting({
      url: here.publicUrl,
      servers: fleet.servers,
      database: { place, own: database.own },
      logFolder,
      restartAfterSeconds: { server: RESTART_AFTER_SECONDS, database: DATABASE_AFTER_SECONDS },
    }),
  );
  page.ready.catch((error: unknown) => console.error('The page could not be built:', error));
}

/** Without what comes after it; never parsed as a URL, since a request line such as "//" must not throw. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/';
}

interface Addresses {
  /** What people type. */
  readonly publicUrl: string;
  /** What processes of this machine use. */
  readonly ownUrl: string;
}

function addressesOf({ host, publicUrl }: Config, port: number): Addresses {
  const isEverywhere = ['0.0.0.0', '::', ''].includes(host);
  const name = isEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const isLocal = isEverywhere || host === '127.0.0.1' || host === '::1';
  return {
    ownUrl: `http://${name}:${port}`,
    publicUrl: publicUrl ?? `http://${isLocal ? 'localhost' : name}:${port}`,
  };
}

/** Tables, people, credit, and the claim that no other demo has a phone network on this data. */
async function prepareData({ url, publicUrl }: { readonly url: string; readonly publicUrl: string }) {
  const store = await openStore({ databaseUrl: url, dataFile: '' }).catch((error: unknown) => {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const ledger = createLedger(store);
  endings.push(async () => {
    await ledger.close();
    await store.close();
  });
  const holder = networkHolder(publicUrl);
  await takeNetwork(store, { holder, say });
  const kept = keepNetwork(store, {
    holder,
    onLost: (sentence) => {
      console.error(sentence);
      void end(1);
    },
  });
  endings.push(() => kept.giveBack());
  await seedDemo({ store, ledger });
  return { store, ledger, place: store.place };
}

function startNetwork(config: Config, ownUrl: string): PhoneNetwork {
  const network = createPhoneNetwork({
    domain: config.sipDomain,
    edgeId: EDGE_ID,
    gate: { baseUrl: ownUrl, secret: config.edgeSecret },
    passwordOf: passwordFromSecret(config.sipSecret, () => Date.now()),
    commandPath: EDGE_COMMAND_PATH,
    onProblem: ({ what, cause }) => say(`phone network: ${what} (${cause})`),
  });
  endings.push(() => network.close());
  return network;
}

interface Shared extends Addresses {
  readonly secret: string;
  readonly databaseUrl: string;
}

/** The same for every server: any of them takes what another one has signed. */
function environmentOf(config: Config, { publicUrl, ownUrl, secret, databaseUrl }: Shared) {
  return {
    LOG_LEVEL: 'warn',
    METRICS_TOKEN: 'public',
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    // The load balancer.
    TRUSTED_PROXIES: '1',
    DATABASE_URL: databaseUrl,
    TOKEN_SECRET: secret,
    TOKEN_ISSUER: config.tokenIssuer,
    EDGE_SECRET: config.edgeSecret,
    SIP_SECRET: config.sipSecret,
    GRANT_SECRET: config.grantSecret,
    EDGES: `${EDGE_ID}=${ownUrl}${EDGE_COMMAND_PATH}`,
  };
}

function say(sentence: string): void {
  console.log(`${new Date().toLocaleTimeString([], { hour12: false })}  ${sentence}`);
}

/** The servers first, then what they need. What is just being started is started first; a second Ctrl+C waits for nothing. */
async function end(exitCode: number): Promise<never> {
  if (!stopping.signal.aborted) console.log('Stopping…');
  stopping.abort();
  await Promise.allSettled([started]);
  for (const ending of endings.splice(0).reverse()) await ending();
  process.exit(exitCode);
}

const started = main();
try {
  await started;
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  if (!stopping.signal.aborted) {
    console.error(isExpected ? error.message : error);
    await end(1);
  }
}
