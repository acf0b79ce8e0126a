/** What the scenario buttons of the demo page do, in the real ledger and on the real line. Each says what it did. */
import { randomUUID } from 'node:crypto';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import type { RunningServer } from '../../server/start-server.ts';
import { decimalFromMicros, type Micros, micros, subtractMicros } from '../../src/protocol/money.ts';
import type { PhoneNetwork } from '../phone-network/phone-network.ts';
import { ACCOUNT_ID, type Person } from './people.ts';
import { playReportScenario } from './report-scenarios.ts';

export interface Stage {
  readonly server: Pick<RunningServer, 'store' | 'ledger'>;
  readonly network: PhoneNetwork;
}

const A_LITTLE_MICROS = micros(400_000);
const REFILL_MICROS = micros(5_000_000);
const NOTHING = micros(0);

/**
 * What customers dial to reach an office; kept free for films and examples. Calls to it are gated as F-10 says, those to an extension are
 * not.
 */
const MAIN_NUMBERS: Readonly<Record<string, string>> = { hamburg: '+494066969100', oakland: '+15105550100' };

export async function playScenario(stage: Stage, scenario: string, person: Person): Promise<string> {
  switch (scenario) {
    case 'drain':
      return leave(stage, A_LITTLE_MICROS, person);
    case 'empty':
      return leave(stage, NOTHING, person);
    case 'refill':
      return refill(stage, person);
    case 'call-me':
      return callPerson(stage, person);
    default:
      return (
        (await callNumber(stage, scenario, person)) ??
        (await playReportScenario(stage.server.store, { scenario, nowMs: Date.now() })) ??
        `There is no scenario "${scenario}". Nothing was changed.`
      );
  }
}

/** Charges whatever is above `kept`; what running calls hold stays theirs. */
async function leave({ server }: Stage, kept: Micros, person: Person): Promise<string> {
  const wallet = await server.store.db
    .selectFrom('wallet')
    .select(['balanceMicros', 'heldMicros'])
    .where('accountId', '=', ACCOUNT_ID)
    .where('walletId', '=', person.officeId)
    .executeTakeFirstOrThrow();
  const available = subtractMicros(micros(wallet.balanceMicros), micros(wallet.heldMicros));
  if (available <= kept)
    return `There is no more than $${decimalFromMicros(available)} available. Nothing was changed.`;
  const amountMicros = subtractMicros(available, kept);
  await server.ledger.submit({
    ...operation(person),
    kind: 'charge',
    amountMicros,
    revenueAccount: 'demo_drain',
    entryKind: 'adjustment',
    reference: 'scenario button of the demo',
  });
  return `Took $${decimalFromMicros(amountMicros)}: $${decimalFromMicros(kept)} is left for calls.`;
}

async function refill({ server }: Stage, person: Person): Promise<string> {
  await server.ledger.submit({
    ...operation(person),
    kind: 'credit',
    amountMicros: REFILL_MICROS,
    sourceAccount: 'play_credit',
    entryKind: 'top_up',
    reference: 'scenario button of the demo',
  });
  return `Added $${decimalFromMicros(REFILL_MICROS)}.`;
}

/** "call-+493023125014": somebody calls one of the account's own numbers, which rings whom it is assigned to. Null for another name. */
async function callNumber(stage: Stage, scenario: string, person: Person): Promise<string | null> {
  const calledNumber = /^call-(\+\d{6,15})$/.exec(scenario)?.[1];
  return calledNumber === undefined ? null : await callPerson(stage, person, calledNumber);
}

async function callPerson(
  { network }: Stage,
  person: Person,
  calledNumber = MAIN_NUMBERS[person.officeId] ?? null,
): Promise<string> {
  const user = sipUserOf({ accountId: ACCOUNT_ID, personId: person.personId });
  const call = await network.callUser(user, { from: '+442079460958', fromName: 'Tom Okafor', calledNumber });
  switch (call.outcome) {
    case 'ringing':
      return 'Tom Okafor is calling.';
    case 'refused':
      return `The server refused the call (${call.refusal.code}); the phone does not ring.`;
    case 'not_registered':
      return 'No phone of this person is registered yet.';
    case 'unavailable':
      return 'The call could not be placed.';
  }
}

function operation(person: Person) {
  return {
    operationId: `scenario:${randomUUID()}`,
    accountId: ACCOUNT_ID,
    walletId: person.officeId,
    atMs: Date.now(),
    alongside: [],
  };
}
