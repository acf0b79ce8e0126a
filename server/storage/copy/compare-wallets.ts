/** Every balance of two installations side by side. */
import type { Kysely } from 'kysely';
import type { WalletRow } from '../ledger-rows.ts';
import type { Database } from '../schema.ts';
import { type AnyRow, INSTALLATION_TABLES } from './installation-tables.ts';
import { tablePages } from './table-pages.ts';

export interface WalletComparison {
  readonly wallets: number;
  /** By currency, on the side of the source. */
  readonly sums: ReadonlyMap<string, CurrencySums>;
  /** The first MAX_LISTED wallets that are not the same, in words. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

export interface CurrencySums {
  readonly balanceMicros: bigint;
  readonly heldMicros: bigint;
}

const MAX_LISTED = 20;
const NOTHING: CurrencySums = { balanceMicros: 0n, heldMicros: 0n };

/** `storable`: how a row of the source is kept by the target. */
export async function compareWallets(
  source: Kysely<Database>,
  { target, storable }: { readonly target: Kysely<Database>; readonly storable: (row: AnyRow) => AnyRow },
): Promise<WalletComparison> {
  const sums = new Map<string, CurrencySums>();
  const differences: string[] = [];
  let [wallets, differenceCount] = [0, 0];
  const [ours, theirs] = [walletsOf(source), walletsOf(target)];
  for (;;) {
    const [one, other] = [await ours.next(), await theirs.next()];
    if (one.done && other.done) return { wallets, sums, differences, differenceCount };
    const [here, there] = [one.done ? null : walletIn(storable(one.value)), other.done ? null : walletIn(other.value)];
    if (here !== null) {
      wallets += 1;
      addTo(sums, here);
    }
    if (words(here) === words(there)) continue;
    differenceCount += 1;
    if (differences.length < MAX_LISTED) differences.push(`the source has ${words(here)}, the copy ${words(there)}`);
  }
}

async function* walletsOf(db: Kysely<Database>): AsyncGenerator<AnyRow> {
  const table = INSTALLATION_TABLES.find(({ name }) => name === 'wallet');
  if (table === undefined) throw new Error('There is no table of wallets');
  for await (const page of tablePages(db, table)) yield* page;
}

function walletIn(row: AnyRow): WalletRow {
  // Read from the table of wallets, whole.
  return row as unknown as WalletRow;
}

function addTo(sums: Map<string, CurrencySums>, { currency, balanceMicros, heldMicros }: WalletRow): void {
  const sum = sums.get(currency) ?? NOTHING;
  sums.set(currency, {
    balanceMicros: sum.balanceMicros + BigInt(balanceMicros),
    heldMicros: sum.heldMicros + BigInt(heldMicros),
  });
}

function words(wallet: WalletRow | null): string {
  if (wallet === null) return 'no such wallet';
  const { accountId, walletId, balanceMicros, heldMicros, currency } = wallet;
  return `wallet ${walletId} of account ${accountId} with ${balanceMicros} micros ${currency}, ${heldMicros} of them held`;
}
