/**
 * A process that keeps a PostgreSQL for as long as its standard input is open, and says its address on standard output. Whatever
 * happens to the process at the other end (a kill -9, too), the input ends, and nothing of the server stays.
 */
import { PostgresServer } from './postgres-server.ts';

// Ctrl+C goes to everybody at the terminal; when it is over is said by the input alone.
process.on('SIGINT', () => undefined);

const ended = new Promise((resolve) => {
  process.stdin.resume();
  process.stdin.once('end', resolve);
  process.stdin.once('error', resolve);
  process.once('SIGTERM', resolve);
});

try {
  const server = await PostgresServer.start({ isDurable: false });
  process.stdout.write(`${JSON.stringify({ url: server.url() })}\n`);
  await ended;
  await server.remove();
} catch (reason) {
  const words = reason instanceof Error ? reason.message : String(reason);
  const error = `${words} (TEST_DATABASE_URL may name a server to use instead)`;
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}
process.exit();
