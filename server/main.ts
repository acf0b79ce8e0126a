/** `npm run server`: the gate alone, configured by environment variables (config.ts). For the demo see demo/. */
import { resolve } from 'node:path';
import { ConfigError, readConfig } from './config.ts';
import { createWidgetFiles } from './http/widget-files.ts';
import { StartError } from './start-error.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** Where `npm run build` puts the widget. */
const WIDGET_FOLDER = resolve(import.meta.dirname, '..', 'dist');
/** After a signal everything must be over by then, even if something hangs. */
const SHUTDOWN_MS = 10_000;

async function main(): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  const server = await startServer(readConfig(process.env), {
    signal: stopping.signal,
    beforeRequest: createWidgetFiles(WIDGET_FOLDER),
  });
  if (stopping.signal.aborted) await shutDown(server);
  stopping.signal.addEventListener('abort', () => void shutDown(server));
}

async function shutDown(server: RunningServer): Promise<void> {
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  await server.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  if (error instanceof DOMException && error.name === 'AbortError') process.exit(0);
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
