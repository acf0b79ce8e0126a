import { expect, test } from 'vitest';
import { failureOf } from '../../../server/payments/decline.ts';

test.each([
  ['card_declined', 'generic_decline', null, 'declined', 'new_card'],
  ['card_declined', 'insufficient_funds', null, 'insufficient_funds', 'later'],
  ['card_declined', 'stolen_card', null, 'declined', 'never'],
  ['card_declined', 'lost_card', null, 'declined', 'never'],
  ['card_declined', 'do_not_honor', 'do_not_try_again', 'declined', 'never'],
  ['expired_card', '', null, 'expired', 'new_card'],
  ['incorrect_number', null, null, 'invalid_card', 'new_card'],
  ['a_code_of_tomorrow', 'another', null, 'declined', 'new_card'],
  [null, null, null, 'declined', 'new_card'],
])('%s / %s / %s: %s, %s', (code, declineCode, adviceCode, kind, retry) => {
  expect(failureOf({ code, declineCode, adviceCode })).toEqual({ kind, retry });
});
