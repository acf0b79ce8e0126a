/**
 * Vitest's global set-up: one PostgreSQL a run, started when the first test asks for it. Tests run in processes of their own, so
 * they ask over HTTP. With TEST_DATABASE_URL that server is used instead.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { databaseUrlOf } from './postgres-home.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a test asks for `PostgresForTests`. */
    readonly postgresControl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = new PostgresOfRun();
  const control = createServer((_request, response) => {
    run.get().then(
      (found) => response.end(JSON.stringify(found)),
      (reason: unknown) => response.end(JSON.stringify({ error: reason instanceof Error ? reason.message : reason })),
    );
  });
  project.provide('postgresControl', await listen(control));
  return async () => {
    control.closeAllConnections();
    control.close();
    await run.end();
  };
}

class PostgresOfRun {
  readonly #template = `credit_phone_template_${randomUUID().slice(0, 8)}`;
  #keeper: ChildProcess | null = null;
  #found: Promise<{ readonly url: string; readonly template: string }> | null = null;

  get() {
    this.#found ??= this.#start();
    return this.#found;
  }

  async end(): Promise<void> {
    const found = await this.#found?.catch(() => null);
    if (this.#keeper !== null) {
      const keeper = this.#keeper;
      await new Promise<void>((resolve) => {
        keeper.once('exit', () => resolve());
        keeper.stdin?.end();
        if (keeper.exitCode !== null) resolve();
      });
    } else if (found) {
      await dropDatabases(found.url, this.#template);
    }
  }

  async #start() {
    const url = process.env.TEST_DATABASE_URL || (await this.#startKeeper());
    await onServer(url, `CREATE DATABASE "${this.#template}"`);
    const store = await openPostgresStore({ url: databaseUrlOf(url, this.#template) });
    await store.close();
    return { url, template: this.#template };
  }

  async #startKeeper(): Promise<string> {
    const keeper = spawn(process.execPath, [join(import.meta.dirname, 'postgres-keeper.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#keeper = keeper;
    for await (const line of createInterface({ input: keeper.stdout })) {
      // Written by postgres-keeper.ts.
      const { url, error } = JSON.parse(line) as { readonly url?: string; readonly error?: string };
      if (url === undefined) throw new Error(error);
      return url;
    }
    throw new Error('The process that keeps PostgreSQL for the tests has ended');
  }
}

/** The template and all that were made from it: their names begin with its name. */
async function dropDatabases(url: string, template: string): Promise<void> {
  const names = await onServer(url, `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}')`);
  for (const { datname } of names) await onServer(url, `DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
}

async function onServer(url: string, sql: string): Promise<readonly { readonly datname: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/` : '');
    });
  });
}
