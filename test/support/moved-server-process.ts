/**
 * A whole server in a process of its own, to be killed. Its clock is ahead of the system's by as much as its parent says, and all its
 * periodic work is done without a pause besides its own rounds, as two servers do it for a moment: whatever is due is under way when it
 * dies. Usage: node moved-server-process.ts AHEAD_MS, on the environment of a server and with a channel to its parent, who is told the
 * address.
 */
import { flushCompileCache } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { assembleGate } from '../../server/assemble-gate.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { createHttpEdgeCommands } from '../../server/edge/http-edge-commands.ts';
import { EventStreams } from '../../server/events/event-streams.ts';
import { listen } from '../../server/http/listen.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import { sendMails } from '../../server/mail/send-mails.ts';
import { createSmtpTransport } from '../../server/mail/smtp-transport.ts';
import { mailRoom } from '../../server/mail-of.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createMetrics } from '../../server/observability/metrics.ts';
import { createOutageLog } from '../../server/observability/outage-log.ts';
import { realTimer } from '../../server/real-timer.ts';
import { worksOf } from '../../server/rooms-of.ts';
import type { ServerClock } from '../../server/services.ts';
import { openStore } from '../../server/storage/open-store.ts';
import { type Store, UnavailableError } from '../../server/storage/store.ts';

/** Between two rounds of the same work. */
const PAUSE_MS = 120;
/** What a parent says: so far ahead of the system's clock. */
export interface MovedClock {
  readonly aheadMs: number;
}

async function main(firstAheadMs: number): Promise<void> {
  let aheadMs = firstAheadMs;
  process.on('message', (moved: MovedClock) => {
    aheadMs = moved.aheadMs;
  });
  // Nobody is left who could end it.
  process.once('disconnect', () => process.exit(0));
  const clock: ServerClock = { nowMs: () => Date.now() + aheadMs };
  const config = readConfig(process.env, { isDemo: true });
  const store = await openStore(config);
  const { gate, services } = await assemble(config, { store, clock });
  const { port } = await listen({
    host: '127.0.0.1',
    port: 0,
    onUpgrade: undefined,
    answer: async (request, address) => gate.fetch(request, { address }),
  });
  for (const { work } of [...worksOf(services), mailWork(config, { store, clock })]) void workWithoutPause(work);
  // Who is killed keeps none, and the next one would start as slowly.
  flushCompileCache();
  process.send?.({ url: `http://127.0.0.1:${port}` });
}

function assemble(config: Config, { store, clock }: { readonly store: Store; readonly clock: ServerClock }) {
  const logger = createLogger('fatal');
  const streams = new EventStreams();
  const edgeCommands = createHttpEdgeCommands({ edges: new Map(), timeoutMs: 1_000 });
  return assembleGate(config, {
    store,
    ledger: createLedger(store),
    metrics: createMetrics({ openStreams: () => streams.count }),
    streams,
    outages: createOutageLog({ store, logger, nowMs: () => performance.now(), after: realTimer }),
    logger,
    url: 'http://127.0.0.1',
    played: { clock, after: realTimer, edgeCommands },
  });
}

function mailWork(config: Config, parts: { readonly store: Store; readonly clock: ServerClock }) {
  const { smtpUrl: url, mailFrom: from } = config;
  if (url === null || from === null) throw new Error('There is no mail server to send to.');
  const room = { ...mailRoom({ ...parts, log: () => undefined }), transport: createSmtpTransport({ url, from }) };
  return { work: () => sendMails(room) };
}

/**
 * A database that is too busy to answer is asked again in the next round. Anything else ends the process, which its parent did not ask for.
 */
async function workWithoutPause(work: () => Promise<void>): Promise<void> {
  for (;;) {
    await work().catch((error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error;
    });
    await delay(PAUSE_MS);
  }
}

if (import.meta.main) await main(Number(process.argv[2] ?? 0));
