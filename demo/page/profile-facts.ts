/**
 * What the profile switch of the page says: by whose rules the account goes, and which requirements that meets. Each id is proved by a test
 * of that name in test/server/profiles.
 */
export interface ProfileFacts {
  readonly profile: string;
  readonly title: string;
  readonly summary: string;
  /** Requirement id and one sentence. */
  readonly met: readonly (readonly [id: string, sentence: string])[];
}

export const PROFILE_FACTS: readonly ProfileFacts[] = [
  {
    profile: 'default',
    title: 'Our own',
    summary: 'Calls to the last cent, any amount, auto-recharge below a threshold with a monthly limit.',
    met: [
      ['F-05', 'Only admins can add credit.'],
      ['F-09', 'A call needs what its first minute costs. What is free is never stopped.'],
      ['F-10', 'Without credit no call comes in.'],
      ['F-11', 'A number needs exactly its price.'],
      ['F-14', '5, 10 and 25 dollars are offered.'],
      ['F-22', 'What a month may take is limited and said as one number.'],
      ['F-27', 'A number that is too dear says what is missing.'],
      ['L-08', 'Any other amount from 5 to 1,000 is taken, too.'],
      ['C-10', 'The card is charged below the threshold, not at it.'],
      ['D-03', 'Company and office admins can buy credit, agents cannot.'],
      ['D-17', 'At 5.00 nothing is charged, at 4.99 it is.'],
    ],
  },
  {
    profile: 'freshcaller',
    title: 'Like Freshcaller',
    summary: 'Everything stops below $2.00, in both directions. Exactly 5, 10 or 25 dollars.',
    met: [
      ['F-03', 'Credit is paid before use and can be raised at any time.'],
      ['F-04', 'Numbers and calls are paid from one balance.'],
      ['F-05', 'Only admins can add credit.'],
      ['F-08', 'Everybody may look up rates, by country or by number.'],
      ['F-09', 'With low or no credit nobody can call.'],
      ['F-10', 'With low or no credit nobody can be called. The attempt is kept.'],
      ['F-11', 'With low or no credit no number can be bought.'],
      ['F-12', 'At $2.00 a call is allowed, at $1.99 it is not.'],
      ['F-13', 'The balance shown is the one in the book.'],
      ['F-15', 'The amounts are exactly 5, 10 and 25 dollars.'],
      ['F-17', 'A declined card adds nothing.'],
      ['F-19', 'Auto-recharge is off at first.'],
      ['F-20', 'It charges when $5.00 is reached, once.'],
      ['F-22', 'A month never takes more than its limit.'],
      ['F-23', 'It cannot be turned on during a trial.'],
      ['F-24', 'Whoever paid gets a receipt by mail.'],
      ['F-25', 'Credit paid by wire is booked by the operator.'],
      ['F-27', 'A number that is too dear cannot be bought until there is enough.'],
    ],
  },
  {
    profile: 'cloudtalk',
    title: 'Like CloudTalk',
    summary: 'Without credit no calls out and none to toll-free numbers; other calls still come in.',
    met: [
      ['C-01', 'Calls out and toll-free calls in need credit. Others do not.'],
      ['C-03', 'What concerns credit is for admins.'],
      ['C-04', 'Credit and debit cards pay at any time.'],
      ['C-06', 'Of the card only brand, last four digits and expiry are known.'],
      ['C-09', 'Auto-recharge takes an amount to add and a balance to fall below.'],
      ['C-10', 'At $20.00 nothing is charged, at $19.99 it is.'],
      ['C-12', 'With a good card no call is refused for credit.'],
      ['C-14', 'One click pays with the saved card. Every widget knows at once.'],
      ['C-15', 'Money that the bank delays is under way, not there.'],
      ['C-17', 'Credit falls while the call runs.'],
      ['C-18', 'A minute costs what its country costs.'],
      ['C-19', 'Toll-free numbers have prices of their own.'],
    ],
  },
  {
    profile: 'skara',
    title: 'Like Skara',
    summary: 'Amounts from a list of 10 to 1,000 dollars. Auto-recharge strictly below.',
    met: [
      ['S-01', 'A number needs credit.'],
      ['S-02', 'A call needs credit.'],
      ['S-04', 'Once credit is used up, each further try is refused with the reason.'],
      ['S-05', 'After adding credit, calls and numbers work again.'],
      ['S-09', 'The list begins with 10 and ends with 1,000 dollars.'],
      ['S-11', 'The threshold is 10 to 1,000, compared strictly.'],
      ['S-12', 'The automatic amount is 10 to 1,000.'],
      ['S-13', 'What was saved stays, also when the server starts anew.'],
      ['S-14', 'Without a card auto-recharge is not active.'],
      ['S-15', 'Only the first payment asks for a card.'],
      ['S-16', 'The card is kept as a token; its number is nowhere.'],
      ['S-17', 'The saved card is named where credit is added.'],
      ['S-18', 'Another card can pay and be kept in one go.'],
    ],
  },
  {
    profile: 'diallink',
    title: 'Like DialLink',
    summary: 'Any amount inside the limits. Credit pays for what is metered, and stops nothing else.',
    met: [
      ['L-01', 'A call that is included costs nothing and needs no credit.'],
      ['L-08', 'Any amount inside the limits can be entered.'],
      ['L-09', 'With a saved and a new card the one that was picked is charged.'],
      ['L-10', 'A double click is one payment.'],
      ['L-11', 'A refill comes strictly below the threshold.'],
      ['L-12', "Its amount is the admin's."],
      ['L-13', "Its threshold is the admin's."],
      ['L-15', 'Without a card it cannot be turned on.'],
      ['L-16', "A refill needs nobody's hand."],
    ],
  },
  {
    profile: 'dialpad',
    title: 'Like Dialpad',
    summary: 'Every office has its own credit. $50.00 are added when it goes below $5.00.',
    met: [
      ['D-01', "Calls to the account's own numbers cost nothing."],
      ['D-03', 'Company and office admins can buy credit, agents cannot.'],
      ['D-07', 'No amount is suggested: somebody chooses one before "Next".'],
      ['D-09', 'Nothing is charged before it is confirmed.'],
      ['D-12', 'What one office spends is not missing in the other.'],
      ['D-13', 'Card, settings and payments are per office.'],
      ['D-14', 'Who pays by card is charged at once.'],
      ['D-16', '"Add $50.00 when the balance goes below $5.00" is off at first.'],
      ['D-17', 'At $5.00 nothing is charged, at $4.99 it is.'],
      ['D-20', 'International calls cost by country.'],
      ['D-21', 'To a toll-free number 60 seconds cost $0.02 and 61 cost $0.04.'],
    ],
  },
];
