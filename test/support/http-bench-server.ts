/**
 * The server process of http.bench.ts. Usage: node http-bench-server.ts durable|instant
 * durable: the whole server on the data file of the environment. instant: the same gate, but the services answer at once and store nothing.
 */
import { readConfig } from '../../server/config.ts';
import { listen } from '../../server/http/listen.ts';
import { OfficeDirectory } from '../../server/http/office-directory.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { startServer } from '../../server/start-server.ts';
import { gateFixture } from './gate-fixture.ts';
import { MovingClock } from './moving-clock.ts';
import { sampleHandlers } from './sample-answers.ts';

class RunningClock extends MovingClock {
  override nowMs(): number {
    return Date.now();
  }
}

process.on('SIGINT', () => process.exit(0));
const url = process.argv[2] === 'durable' ? await durable() : await instant();
process.stdout.write(`${url}\n`);

async function durable(): Promise<string> {
  const server = await startServer(readConfig(process.env), { logger: createLogger('error') });
  return server.url;
}

async function instant(): Promise<string> {
  const unlimited = { personRequestsPerSecond: 1_000_000, addressRequestsPerSecond: 1_000_000, checkAnswers: false };
  const clock = new RunningClock();
  const { gate } = gateFixture({
    settings: unlimited,
    dependencies: {
      handlers: sampleHandlers(),
      logger: createLogger('error'),
      offices: new OfficeDirectory(async () => true, clock),
    },
    clock,
  });
  const { port } = await listen({
    host: '127.0.0.1',
    port: 0,
    onUpgrade: undefined,
    answer: (request, address) => gate.fetch(request, { address }),
  });
  return `http://localhost:${port}`;
}
