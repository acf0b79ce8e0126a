/** A server that only opens the PostgreSQL of its argument, says so, and ends. As a server does, it asks again while nobody answers. */
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { type Store, UnavailableError } from '../../server/storage/store.ts';

async function open(url: string): Promise<Store> {
  for (;;) {
    try {
      return await openPostgresStore({ url });
    } catch (reason) {
      if (!(reason instanceof UnavailableError)) throw reason;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

const store = await open(process.argv[2] ?? '');
await store.close();
process.stdout.write('opened');
