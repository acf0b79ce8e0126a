/** Stops an operation that no correct caller makes, before it can reach a batch that others wait for. */
import { isSubscription } from '../../src/protocol/subscription.ts';
import { type Operation, WALLET_LEDGER_ACCOUNT } from './operation.ts';

/** Characters of an id, an account name, an entry kind or a reference. */
export const MAX_TEXT_LENGTH = 200;
export const MAX_LIMITS = 16;
const MAX_ROWS_ALONGSIDE = 16;

/** Throws TypeError that names the field. */
export function assertOperation(operation: Operation): void {
  assertTexts(operation, ['operationId', 'accountId', 'walletId']);
  assertNotNegative(operation, ['atMs']);
  assertThat(operation.alongside.length <= MAX_ROWS_ALONGSIDE, `${operation.operationId}: too many rows alongside`);
  switch (operation.kind) {
    case 'hold':
      assertTexts(operation, ['holdId']);
      assertNotNegative(operation, ['amountMicros', 'minimumMicros', 'floorMicros']);
      assertThat(operation.minimumMicros <= operation.amountMicros, 'minimumMicros is more than amountMicros');
      assertLimits(operation);
      break;
    case 'extend':
      assertTexts(operation, ['holdId']);
      assertNotNegative(operation, ['totalMicros', 'minimumMicros']);
      assertThat(operation.minimumMicros <= operation.totalMicros, 'minimumMicros is more than totalMicros');
      break;
    case 'settle':
      assertTexts(operation, ['holdId', 'entryKind', 'reference']);
      assertNotNegative(operation, ['captureMicros']);
      assertMetered(operation.entryKind);
      assertOtherSide(operation.revenueAccount);
      break;
    case 'credit':
      assertTexts(operation, ['entryKind', 'reference']);
      assertNotNegative(operation, ['amountMicros']);
      assertThat(operation.amountMicros > 0, 'a credit of nothing');
      assertOtherSide(operation.sourceAccount);
      break;
    case 'charge':
      assertTexts(operation, ['entryKind', 'reference']);
      assertNotNegative(operation, ['amountMicros']);
      assertMetered(operation.entryKind);
      assertOtherSide(operation.revenueAccount);
      break;
  }
}

function assertLimits({ limits }: Extract<Operation, { kind: 'hold' }>): void {
  assertThat(limits.length <= MAX_LIMITS, 'too many limits');
  assertThat(new Set(limits.map((limit) => limit.limitKey)).size === limits.length, 'one limit is named twice');
  for (const limit of limits) {
    assertTexts(limit, ['limitKey']);
    assertNotNegative(limit, ['use', 'ceiling']);
  }
}

/** L-01, L-02, C-22: whoever asks, no subscription leaves a wallet. */
function assertMetered(entryKind: string): void {
  assertThat(!isSubscription(entryKind), `credit never pays for a subscription ("${entryKind}")`);
}

function assertOtherSide(ledgerAccount: string): void {
  assertTexts({ ledgerAccount }, ['ledgerAccount']);
  assertThat(
    ledgerAccount !== WALLET_LEDGER_ACCOUNT,
    `"${WALLET_LEDGER_ACCOUNT}" is the wallet's own side of the book`,
  );
}

function assertTexts<Name extends string>(fields: Readonly<Record<Name, string>>, names: readonly Name[]): void {
  for (const name of names) {
    const { length } = fields[name];
    assertThat(length > 0 && length <= MAX_TEXT_LENGTH, `${name} must have 1 to ${MAX_TEXT_LENGTH} characters`);
  }
}

function assertNotNegative<Name extends string>(fields: Readonly<Record<Name, number>>, names: readonly Name[]): void {
  for (const name of names) {
    assertThat(Number.isSafeInteger(fields[name]) && fields[name] >= 0, `${name} must be a whole number, not negative`);
  }
}

function assertThat(isTrue: boolean, sentence: string): void {
  if (!isTrue) throw new TypeError(`Not an operation: ${sentence}`);
}
