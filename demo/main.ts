/** The demo in one process on one port: the gate server, the embedded phone network, and a host application with its page. */
import { ConfigError, readConfig } from '../server/config.ts';
import { mailLinksOf } from '../server/mail-of.ts';
import { StartError } from '../server/start-error.ts';
import { type RunningServer, startServer } from '../server/start-server.ts';
import { buildPage } from './host/build-page.ts';
import { createDemoRoutes } from './host/demo-routes.ts';
import { signDemoToken } from './host/demo-token.ts';
import { greeting } from './host/greeting.ts';
import { mailboxPage } from './host/mailbox.ts';
import { createPlayerRoutes } from './host/player-routes.ts';
import { playScenario } from './host/scenarios.ts';
import { seedDemo } from './host/seed.ts';
import { type KeptNetwork, keepNetwork, networkHolder, takeNetwork } from './many-servers/network-claim.ts';
import { createPhoneNetwork, type PhoneNetwork } from './phone-network/phone-network.ts';
import { passwordFromSecret } from './phone-network/signalling/ephemeral-password.ts';
import { ScenarioPlayer } from './sandbox/player.ts';
import { Sandbox } from './sandbox/sandbox.ts';

const EDGE_ID = 'embedded';
const EDGE_COMMAND_PATH = '/phone-network';

async function main(): Promise<void> {
  const config = readConfig(
    { EDGES: `${EDGE_ID}=${EDGE_COMMAND_PATH}`, LOG_LEVEL: 'warn', METRICS_TOKEN: 'public', ...process.env },
    { isDemo: true },
  );
  const { tokenSecret } = config;
  if (tokenSecret === null)
    throw new ConfigError(['The demo signs its own tokens: it needs TOKEN_SECRET, not JWKS_URL.']);
  const page = buildPage();
  let stage: { readonly server: RunningServer; readonly network: PhoneNetwork } | null = null;
  const routes = createDemoRoutes({
    page,
    sign: (person) =>
      signDemoToken(person, { secret: tokenSecret, issuer: config.tokenIssuer, audience: config.tokenAudience }),
    play: async (scenario, person) =>
      stage ? playScenario(stage, scenario, person) : 'The demo is still starting. Nothing was changed.',
    profileStage: () => stage?.server ?? null,
  });
  let url = '';
  const player = new ScenarioPlayer((run) => Sandbox.open({ url: `${url}/sandbox/${run}` }));
  const playerRoutes = createPlayerRoutes(player);
  let holder = '';
  const server = await startServer(config, {
    prepare: async (data) => {
      holder ||= networkHolder(data.url);
      await takeNetwork(data.store, { holder, say: (sentence) => console.log(sentence) });
      await seedDemo(data);
    },
    beforeRequest: async (request) =>
      (await stage?.network.handleEdgeCommand(request)) ??
      (stage &&
        (await mailboxPage(request, { store: stage.server.store, links: mailLinksOf(config, stage.server.url) }))) ??
      (await playerRoutes(request)) ??
      routes(request),
    onUpgrade: (request, socket, head) => {
      if (!stage?.network.handleUpgrade(request, { socket, head })) socket.destroy();
    },
  });
  const network = createPhoneNetwork({
    domain: config.sipDomain,
    edgeId: EDGE_ID,
    gate: { baseUrl: server.url, secret: config.edgeSecret },
    passwordOf: passwordFromSecret(config.sipSecret, () => Date.now()),
    commandPath: EDGE_COMMAND_PATH,
    onProblem: ({ what, cause }) => console.error(`phone network: ${what} (${cause})`),
  });
  stage = { server, network };
  url = server.url;
  const data = config.databaseUrl === null ? `${config.dataFile}; delete it to begin anew` : server.store.place;
  console.log(greeting({ url: server.url, data }));
  page.ready.catch((error: unknown) => console.error('The page could not be built:', error));
  const kept = keepNetwork(server.store, {
    holder,
    onLost: (sentence) => {
      console.error(sentence);
      void stop({ server, network, kept, player }, 1);
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop({ server, network, kept, player }, 0));
}

interface Running {
  readonly server: RunningServer;
  readonly network: PhoneNetwork;
  readonly kept: KeptNetwork;
  readonly player: ScenarioPlayer;
}

async function stop({ server, network, kept, player }: Running, exitCode: number): Promise<void> {
  await player.stop();
  await network.close();
  await kept.giveBack();
  await server.close();
  process.exit(exitCode);
}

try {
  await main();
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
