/** pgbench as the peer of the ledger: the same function, with the same calls, from a program that does nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../server/ledger/operation.ts';
import { ledgerApplyArguments } from '../../server/storage/postgres/ledger-apply-arguments.ts';
import { LEDGER_APPLY_PARAMETERS } from '../../server/storage/postgres/ledger-apply-function.ts';
import { callOperations, WALLET_COUNT } from './ledger-workload.ts';

/** Of pgbench when it makes one operation a call: commits of several connections share a sync of the disk. */
const CONNECTIONS = 16;

interface Calls {
  readonly round: number;
  /** Each is an authorize and a settle. */
  readonly calls: number;
  /** All on this one; else spread over all wallets. */
  readonly walletId?: string;
}

export class PgbenchLedger {
  readonly #url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'credit-phone-pgbench-'));

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Operations a second on one connection: waves of `clients` authorizations and their settlements, each wave one call with the very
   * arguments that the store sends, written into a script.
   */
  rateInBatches({ round, calls, clients }: Calls & { readonly clients: number }): number {
    const batches: (readonly Operation[])[] = [];
    for (let start = 0; start < calls; start += clients) {
      const wave = Array.from({ length: clients }, (_, index) => callOperations(round, start + index));
      batches.push(
        wave.map(({ hold }) => hold),
        wave.map(({ settle }) => settle),
      );
    }
    const script = batches.map((batch) => callWith(ledgerApplyArguments(batch).map(literal))).join('\n');
    return this.#transactionsASecond(script, ['--client=1', '--transactions=1']) * calls * 2;
  }

  /** Operations a second on several connections, one operation a call, as prepared statements. */
  rateOneByOne({ round, calls, walletId }: Calls): number {
    const wallet = walletId === undefined ? ':wallet' : literal(walletId.replace('wallet-', ''));
    const script = [
      '\\set i :i + 1',
      `\\set wallet (:i * ${CONNECTIONS} + :client_id) * 7919 % ${WALLET_COUNT}`,
      ...(['hold', 'settle'] as const).map((kind) => callWith(expressionsOf(callOperations(round, 0)[kind], wallet))),
    ].join('\n');
    const count = Math.ceil(calls / CONNECTIONS);
    return (
      2 *
      this.#transactionsASecond(script, [
        `--client=${CONNECTIONS}`,
        '--jobs=2',
        '--protocol=prepared',
        '--define=i=0',
        `--transactions=${count}`,
      ])
    );
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One run of the script is a transaction to pgbench. */
  #transactionsASecond(script: string, flags: readonly string[]): number {
    const file = join(this.#folder, 'script.sql');
    writeFileSync(file, script);
    const printed = execFileSync('pgbench', ['--no-vacuum', `--file=${file}`, ...flags, this.#url], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const failed = /number of failed transactions: ([1-9]\d*)/.exec(printed);
    const rate = Number(/^tps = ([\d.]+)/m.exec(printed)?.[1]);
    if (failed !== null || !(rate > 0)) throw new Error(`pgbench: ${printed}`);
    return rate;
  }
}

function callWith(parameters: readonly string[]): string {
  return `SELECT * FROM ledger_apply(${parameters.join(', ')});`;
}

/** The arguments of one operation, where its wallet and its ids become those of the connection and its turn. */
function expressionsOf(operation: Operation, wallet: string): string[] {
  const types = Object.values(LEDGER_APPLY_PARAMETERS);
  const ids = [operation.walletId, operation.operationId, ...('holdId' in operation ? [operation.holdId] : [])];
  return ledgerApplyArguments([operation]).map((text, index) => {
    const [walletId = '', ...others] = ids;
    const changed = others.reduce((rest, id) => rest.replaceAll(id, `${id}-' || :client_id || '-' || :i || '`), text);
    const expression = `'${changed.replaceAll(walletId, `wallet-' || ${wallet} || '`)}'`;
    return `(${expression})::${types[index]}`;
  });
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
