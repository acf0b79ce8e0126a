/**
 * One of the servers: what `npm run server` starts, with the demo's simulated payments switched on. Says its own address to whoever
 * started it, and ends with them.
 */
import type { AddressInfo } from 'node:net';
import { ConfigError, readConfig } from '../../server/config.ts';
import { StartError } from '../../server/start-error.ts';
import { startServer } from '../../server/start-server.ts';

const stopping = new AbortController();
for (const sign of ['SIGTERM', 'disconnect'] as const) process.once(sign, () => stopping.abort());
// Ctrl+C reaches everybody at the terminal; who ends when is said by who started us.
process.on('SIGINT', () => undefined);

/** What it tells about itself once it serves. */
export interface Serving {
  readonly port: number;
}

async function main(): Promise<void> {
  const server = await startServer(readConfig(process.env, { isDemo: true }), { signal: stopping.signal });
  const stop = async () => {
    await server.close();
    process.exit(0);
  };
  if (stopping.signal.aborted) return stop();
  stopping.signal.addEventListener('abort', () => void stop());
  // A server that listens on TCP has an address with a port.
  const { port } = server.httpServer.address() as AddressInfo;
  process.send?.({ port } satisfies Serving);
}

try {
  await main();
} catch (error) {
  if (stopping.signal.aborted) process.exit(0);
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
