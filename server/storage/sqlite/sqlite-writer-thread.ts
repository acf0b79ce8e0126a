/**
 * The thread that owns the writing connection. Carries out requests in the order in which they come, each answered when it is durable.
 * Started by threaded-writer.ts. What goes wrong beside a request ends the thread, and its owner hears of that.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { UnavailableError } from '../store.ts';
import { setPragmas } from './sqlite-pragmas.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import type { WriterAnswer, WriterRequest, WriterThreadData } from './threaded-writer.ts';

if (parentPort === null) throw new Error('This is a thread of threaded-writer.ts, not a program');
const port = parentPort;
// threaded-writer.ts passes nothing else.
const { path } = workerData as WriterThreadData;
const database = new DatabaseSync(path);
setPragmas(database, 'writer');
const writer = new SqliteWriter(database);

port.on('message', async (text: string) => {
  // threaded-writer.ts sends nothing else.
  const request = JSON.parse(text) as WriterRequest;
  port.postMessage(JSON.stringify(await answerTo(request)));
  if (request.method === 'close') port.close();
});

async function answerTo({ method, argument }: WriterRequest): Promise<WriterAnswer> {
  try {
    // The argument is that of the method: threaded-writer.ts puts the two together.
    const run = writer[method].bind(writer) as (argument: unknown) => Promise<unknown>;
    return { isDone: true, value: await run(argument) };
  } catch (reason) {
    const { message, stack = message } = reason instanceof Error ? reason : new Error(String(reason));
    return { isDone: false, isUnavailable: reason instanceof UnavailableError, message, stack };
  }
}
