/** For @web/test-runner: the servers that line tests call, started with the run and told to the browser as /line-server.json. */
import { type LineServerAddresses, type LineTestServer, startLineTestServer } from './line-test-server.ts';

export interface LineServerPlugin {
  readonly name: string;
  serverStart(): Promise<void>;
  serverStop(): Promise<void>;
  serve(context: { readonly path: string }): { readonly body: string; readonly type: string } | undefined;
}

export function lineServerPlugin(): LineServerPlugin {
  let server: LineTestServer | null = null;
  return {
    name: 'line-server',
    async serverStart() {
      server = await startLineTestServer();
    },
    async serverStop() {
      await server?.close();
    },
    serve({ path }) {
      if (path !== '/line-server.json' || server === null) return undefined;
      const { controlUrl, wireUrl, wireControlUrl } = server;
      const addresses: LineServerAddresses = { controlUrl, wireUrl, wireControlUrl };
      return { body: JSON.stringify(addresses), type: 'json' };
    },
  };
}
