/**
 * A primary with a synchronous standby. The primary is killed, the standby is promoted, and the address leads there: nothing that was
 * acknowledged is lost, since no commit is acknowledged before the standby has it.
 */
import { describe, expect, test } from 'vitest';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Store } from '../../server/storage/store.ts';
import { FaultLoad, openWallets } from '../support/fault-load.ts';
import { FaultPostgres } from '../support/fault-postgres.ts';
import { faultRounds, faultRow, report } from '../support/fault-table.ts';
import { type FaultVerdict, NOTHING_WRONG, verdictOf } from '../support/fault-verdict.ts';
import { OperationHistory } from '../support/operation-history.ts';

const BEFORE_FAULT = 400;

interface Failover {
  readonly verdict: FaultVerdict;
  readonly load: FaultLoad;
}

interface FailoverOptions {
  readonly isSynchronous: boolean;
  /** How many operations are answered after the way from primary to standby is gone, and before the primary is. */
  readonly answeredAlone: number;
}

/** Everything new each time: a primary that was left is of no use any more. */
async function failOver(history: OperationHistory, options: FailoverOptions): Promise<Failover> {
  const primary = await FaultPostgres.start();
  const standby = await primary.addStandby(options);
  try {
    const store: Store = await primary.open();
    await openWallets(store);
    const ledger = createLedger(store);
    const load = new FaultLoad({ submit: (operation) => ledger.submit(operation), history, prefix: 'failover' });
    await load.untilAnswered(BEFORE_FAULT);
    if (options.answeredAlone > 0) {
      standby.followsBy.swallow(true);
      await load.untilAnswered(options.answeredAlone);
    }
    await primary.server.kill();
    await standby.promote();
    primary.proxy.leadTo(standby.server.port);
    await load.untilAnswered(BEFORE_FAULT);
    await load.stop();
    const verdict = await verdictOf(store, { history });
    await ledger.close();
    await store.close();
    return { verdict, load };
  } finally {
    await Promise.all([primary.remove(), standby.remove()]);
  }
}

describe('failover to a synchronous standby', () => {
  test('nothing that was acknowledged is lost or done twice', async () => {
    const rounds = Math.min(faultRounds(1), 5);
    const verdicts: FaultVerdict[] = [];
    let [acknowledged, longestOutageMs] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const history = new OperationHistory();
      const { verdict, load } = await failOver(history, { isSynchronous: true, answeredAlone: 0 });
      verdicts.push(verdict);
      acknowledged += history.acknowledged.length;
      longestOutageMs = Math.max(longestOutageMs, load.longestWaitMs);
      expect(load.unavailableCount).toBeGreaterThan(0);
    }
    report(faultRow({ fault: 'failover to a standby', rounds, acknowledged, verdicts, longestOutageMs }));
    expect(verdicts).toEqual(verdicts.map(() => NOTHING_WRONG));
  });

  test('with a standby that nobody waits for operations are lost, and these tests see it', async () => {
    const history = new OperationHistory();
    const { verdict } = await failOver(history, { isSynchronous: false, answeredAlone: BEFORE_FAULT });
    expect(verdict.lost.length).toBeGreaterThanOrEqual(BEFORE_FAULT / 4);
    expect(verdict.wrongWallets.length).toBeGreaterThan(0);
  });
});
