/**
 * A whole server in a process of its own, with play credit; prints its address. To be run on the environment of a ServerHome, and killed.
 */
import { readConfig } from '../../server/config.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { startServer } from '../../server/start-server.ts';

const server = await startServer(readConfig(process.env, { isDemo: true }), { logger: createLogger('error') });
process.stdout.write(`${server.url}\n`);
