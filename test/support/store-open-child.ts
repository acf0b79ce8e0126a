/** A server that only opens the PostgreSQL of its argument, says so, and ends. */
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';

const store = await openPostgresStore({ url: process.argv[2] ?? '' });
await store.check();
await store.close();
process.stdout.write('opened');
