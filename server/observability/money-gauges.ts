/** Sums over all wallets, for /metrics: cheap enough to be asked whenever somebody looks. */
import type { Store } from '../storage/store.ts';
import type { Gauges } from './metrics.ts';

const RUNNING = ['authorized', 'ringing', 'answered'];

export function moneyGauges(store: Pick<Store, 'db'>): NonNullable<Gauges['money']> {
  return async () => {
    const [calls, wallets] = await Promise.all([
      store.db
        .selectFrom('call')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('dueAtMs', 'is not', null)
        .where('status', 'in', RUNNING)
        .executeTakeFirstOrThrow(),
      store.db
        .selectFrom('wallet')
        .select(({ fn }) => [fn.sum('heldMicros').as('held'), fn.sum('balanceMicros').as('balance')])
        .executeTakeFirstOrThrow(),
    ]);
    return {
      runningCalls: Number(calls.count),
      heldMicros: Number(wallets.held ?? 0),
      balanceMicros: Number(wallets.balance ?? 0),
    };
  };
}
