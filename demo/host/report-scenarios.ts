/** Scenarios about the simulated payment provider's reports (webhooks): how they travel, and what to watch for. */
import {
  DELIVERIES_KEPT_MINUTES,
  type DeliveryMode,
  setDeliveries,
} from '../../server/payments/simulated-deliveries.ts';
import { SimulatedObjects } from '../../server/payments/simulated-objects.ts';
import type { Store } from '../../server/storage/store.ts';

interface ReportScenario {
  readonly mode: DeliveryMode;
  /** What happens, and what to watch. */
  readonly words: string;
}

const FOR_A_WHILE = `for ${DELIVERIES_KEPT_MINUTES} minutes`;

const REPORT_SCENARIOS: Readonly<Record<string, ReportScenario>> = {
  'webhooks-at-once': { mode: 'at_once', words: 'The payment provider reports at once again.' },
  'webhooks-late': {
    mode: 'late',
    words: `The payment provider reports 5 seconds late ${FOR_A_WHILE}. Pay as Dana: the page asks by itself, so the credit is there at once, and the late report adds nothing.`,
  },
  'webhooks-twice': {
    mode: 'twice',
    words: `The payment provider reports everything twice ${FOR_A_WHILE}. Pay as Dana: the credit grows once.`,
  },
  'webhooks-reversed': {
    mode: 'reversed',
    words: `The payment provider reports the newest first, 5 seconds late, ${FOR_A_WHILE}. Pay as Dana: the payment ends as paid, and the credit grows once.`,
  },
  'webhooks-never': {
    mode: 'never',
    words: `The payment provider does not report ${FOR_A_WHILE}. Pay as Dana, and reload the page before the answer comes: within two minutes the server has asked by itself, and the credit is there once.`,
  },
};

/** Null: it is no scenario of these. */
export async function playReportScenario(
  store: Pick<Store, 'db' | 'writeRows'>,
  { scenario, nowMs }: { readonly scenario: string; readonly nowMs: number },
): Promise<string | null> {
  const found = Object.hasOwn(REPORT_SCENARIOS, scenario) ? REPORT_SCENARIOS[scenario] : undefined;
  if (!found) return null;
  await setDeliveries(new SimulatedObjects(store), { mode: found.mode, nowMs });
  return found.words;
}
