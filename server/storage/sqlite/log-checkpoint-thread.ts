/** The thread of log-checkpoints.ts: makes a passive checkpoint when it is asked to, and says how long the log is. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { passiveCheckpoint } from './log-checkpoints.ts';
import { setPragmas } from './sqlite-pragmas.ts';

/** The second pass moves what was written during the first, and so on: each is shorter, and the last leaves little to the writer. */
const PASSES = 3;

if (parentPort === null) throw new Error('This is a thread, not a program');
const port = parentPort;
const database = new DatabaseSync(String(workerData));
setPragmas(database, 'writer');
const move = passiveCheckpoint(database);

port.on('message', (word: 'move' | 'close') => {
  if (word === 'close') {
    database.close();
    port.close();
    return;
  }
  let state = move();
  for (let pass = 1; pass < PASSES && state.log > 0; pass += 1) state = move();
  port.postMessage(state);
});
