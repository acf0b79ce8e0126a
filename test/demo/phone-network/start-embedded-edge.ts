/** The embedded phone network in this process, on a free port: SIP, and commands of the server. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import {
  createPhoneNetwork,
  type PhoneNetwork,
  type PhoneNetworkOptions,
} from '../../../demo/phone-network/phone-network.ts';
import { passwordFromSecret } from '../../../demo/phone-network/signalling/ephemeral-password.ts';
import type { EdgeUnderTest } from '../../support/edge-conformance/edge-stage.ts';

export interface EmbeddedEdge extends EdgeUnderTest {
  readonly network: PhoneNetwork;
  /** What the network complained about. */
  readonly problems: string[];
}

export async function startEmbeddedEdge(
  gate: { readonly baseUrl: string; readonly secret: string },
  options: Partial<PhoneNetworkOptions> = {},
): Promise<EmbeddedEdge> {
  const sipSecret = 'sip-secret-of-the-tests';
  const domain = 'phone.test';
  const problems: string[] = [];
  const network = createPhoneNetwork({
    domain,
    edgeId: 'embedded',
    gate: { baseUrl: gate.baseUrl, secret: gate.secret },
    passwordOf: passwordFromSecret(sipSecret, () => Date.now()),
    commandPath: '/edge',
    onProblem: ({ what, cause }) => problems.push(`${what}: ${cause}`),
    ...options,
  });
  // The adaptor makes a plain HTTP/1 server unless it is told otherwise.
  const server = createAdaptorServer({
    fetch: async (request: Request) =>
      (await network.handleEdgeCommand(request)) ?? new Response(null, { status: 404 }),
  }) as Server;
  network.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    network,
    problems,
    sipUrl: `ws://127.0.0.1:${port}/sip`,
    commandUrl: `http://127.0.0.1:${port}/edge`,
    domain,
    sipSecret,
    numbers: { answersAtOnce: '600', ringsForEver: '603', isBusy: '602' },
    callUser: (user, from) => network.callUser(user, { from }),
    toleranceMs: 900,
    async stop() {
      await network.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
