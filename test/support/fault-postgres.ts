/** A durable PostgreSQL of a test's own behind a proxy, with a standby where it is wanted; none of it outlives the test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { FaultProxy } from './fault-proxy.ts';
import { PostgresServer } from './postgres-server.ts';

/** Small: several of these share a machine with everything else. */
const SETTINGS = {
  max_connections: '40',
  shared_buffers: '32MB',
  max_wal_senders: '4',
  // A standby looks for its primary so often (5 s unless it is set); until it is back nothing commits.
  wal_retrieve_retry_interval: '200ms',
};
const STANDBY_NAME = 'standby';
const PATIENCE_MS = 30_000;

export class FaultPostgres {
  readonly server: PostgresServer;
  readonly proxy: FaultProxy;
  /** Of a standby: its way to the primary. */
  readonly followsBy = new FaultProxy(0);
  readonly #undertaker: ChildProcess;

  private constructor(server: PostgresServer, proxy: FaultProxy) {
    this.server = server;
    this.proxy = proxy;
    this.#undertaker = buryWithUs(server.folder);
  }

  static async start(): Promise<FaultPostgres> {
    const server = await PostgresServer.start({ isDurable: true, settings: SETTINGS });
    const proxy = new FaultProxy(server.port);
    await proxy.open();
    return new FaultPostgres(server, proxy);
  }

  /** For DATABASE_URL: through the proxy. */
  get url(): string {
    const url = new URL(this.server.url());
    url.port = String(this.proxy.port);
    return url.href;
  }

  open(): Promise<Store> {
    return openPostgresStore({ url: this.url });
  }

  /**
   * A second server that follows this one by way of `followsBy`, to be promoted when this one is gone. While it is there no commit of
   * this one is acknowledged before the standby has it, unless `isSynchronous` is false.
   */
  async addStandby({ isSynchronous }: { readonly isSynchronous: boolean }): Promise<FaultPostgres> {
    const standby = await FaultPostgres.start();
    await standby.server.stop();
    await this.server.stop();
    copyData(this.server.folder, standby.server.folder);
    await standby.followsBy.open();
    standby.followsBy.leadTo(this.server.port);
    const { hostname, username, password } = new URL(this.server.url());
    const way = `host=${hostname} port=${standby.followsBy.port} user=${username} password=${password} application_name=${STANDBY_NAME}`;
    appendFileSync(join(standby.server.folder, 'data', 'postgresql.auto.conf'), `\nprimary_conninfo = '${way}'\n`);
    writeFileSync(join(standby.server.folder, 'data', 'standby.signal'), '');
    await this.startAgain();
    await standby.startAgain();
    if (isSynchronous) await this.query(`ALTER SYSTEM SET synchronous_standby_names = '${STANDBY_NAME}'`);
    await this.query('SELECT pg_reload_conf()');
    const state = isSynchronous ? 'sync' : 'async';
    await this.#until(`SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '${state}'`);
    return standby;
  }

  /** Also while processes of the server that was killed are still on their way out: as long as one has its memory no other starts. */
  async startAgain(): Promise<void> {
    for (const endMs = performance.now() + PATIENCE_MS; ; ) {
      try {
        return await this.server.startAgain();
      } catch (error) {
        if (!String(error).includes('still in use') || performance.now() > endMs) throw error;
      }
      await delay(100);
    }
  }

  /** From standby to a server of its own. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
    await this.#until('SELECT 1 WHERE NOT pg_is_in_recovery()');
  }

  /** Past the proxy. */
  async query(sql: string): Promise<readonly pg.QueryResultRow[]> {
    const client = new pg.Client({ connectionString: this.server.url() });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await Promise.all([this.proxy.close(), this.followsBy.close()]);
    await this.server.kill();
    await this.server.remove();
    this.#undertaker.stdin?.end();
  }

  async #until(sql: string): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while ((await this.query(sql)).length === 0) {
      if (performance.now() > endMs) throw new Error(`Never true: ${sql}`);
      await delay(20);
    }
  }
}

function copyData(from: string, to: string): void {
  rmSync(join(to, 'data'), { recursive: true });
  // With owners and rights: PostgreSQL starts on nothing that others may read.
  execFileSync('cp', ['-a', join(from, 'data'), join(to, 'data')]);
}

/** A shell that ends the server and removes its folder as soon as this process is gone, by whatever end. */
function buryWithUs(folder: string): ChildProcess {
  const script =
    'cat >/dev/null; kill -9 $(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) 2>/dev/null; sleep 0.3; rm -rf "$0"';
  const undertaker = spawn('/bin/sh', ['-c', script, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  undertaker.unref();
  return undertaker;
}
