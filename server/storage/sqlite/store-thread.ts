/**
 * The thread that writes: everything of the store that waits for the disk, done in the order in which it was asked, so that a commit
 * does not stop the requests of the main thread. Started by threaded-sqlite-store.ts, which also says what the messages mean.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Operation } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import { type NewWallet, type Store, UnavailableError } from '../store.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

export type StoreRequest =
  | { readonly kind: 'applyBatch'; readonly operations: readonly Operation[] }
  | { readonly kind: 'writeRows'; readonly writes: readonly RowWrite[] }
  | { readonly kind: 'openWallet'; readonly wallet: NewWallet }
  | { readonly kind: 'check' }
  | { readonly kind: 'close' };

export interface NumberedRequest {
  readonly number: number;
  readonly request: StoreRequest;
}

/** `isUnavailable`: an error class does not survive the way from thread to thread. */
export type StoreAnswer =
  | { readonly number: number; readonly ok: true; readonly value: unknown }
  | { readonly number: number; readonly ok: false; readonly reason: string; readonly isUnavailable: boolean };

async function serve(port: NonNullable<typeof parentPort>, path: string): Promise<void> {
  const store = await openSqliteStore({ path });
  port.on('message', ({ number, request }: NumberedRequest) => {
    // Begun at once: what is asked first is written first.
    perform(store, request).then(
      (value) => {
        port.postMessage({ number, ok: true, value } satisfies StoreAnswer);
        if (request.kind === 'close') port.close();
      },
      (error: unknown) => port.postMessage(failure(number, error)),
    );
  });
  // Number 0 is the opening itself.
  port.postMessage({ number: 0, ok: true, value: undefined } satisfies StoreAnswer);
}

async function perform(store: Store, request: StoreRequest): Promise<unknown> {
  switch (request.kind) {
    case 'applyBatch':
      return await store.applyBatch(request.operations);
    case 'writeRows':
      return await store.writeRows(request.writes);
    case 'openWallet':
      return await store.openWallet(request.wallet);
    case 'check':
      return await store.check();
    case 'close':
      return await store.close();
  }
}

function failure(number: number, error: unknown): StoreAnswer {
  const reason = error instanceof Error ? error.message : String(error);
  return { number, ok: false, reason, isUnavailable: error instanceof UnavailableError };
}

// Only ever a thread: loaded otherwise it has nobody to serve.
if (parentPort) await serve(parentPort, String(workerData));
