/** The PostgreSQL of tests is that of the demo with many servers. */
export { LocalPostgres as PostgresServer } from '../../demo/many-servers/local-postgres.ts';
