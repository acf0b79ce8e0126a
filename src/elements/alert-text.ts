import type { Alert, AlertFacts } from '../protocol/alert.ts';
import type { Texts } from './texts.ts';

/** What the widget shows by itself, from the balance as it is now: a banner beside it would say the same twice. */
const SHOWN_ELSEWHERE: readonly AlertFacts['kind'][] = ['low', 'critical', 'empty', 'back'];
/** The more pressing first; what stops calls or loses a number comes before what will. */
const PRESSING: readonly AlertFacts['kind'][] = [
  'payment_disputed',
  'unusual_spend',
  'number_leaving',
  'number_held',
  'recharge_failed',
  'number_late',
  'recharge_limit',
  'payment_declined',
  'rent_due',
  'card_expiring',
  'rent_changes',
];
const ABOUT_NUMBERS: readonly AlertFacts['kind'][] = [
  'rent_due',
  'number_late',
  'number_held',
  'number_leaving',
  'number_gone',
  'rent_changes',
];

/** Those that have a banner, the most pressing first. */
export function bannerAlerts(open: readonly Alert[]): readonly Alert[] {
  const rank = ({ facts }: Alert) => (PRESSING.includes(facts.kind) ? PRESSING.indexOf(facts.kind) : PRESSING.length);
  return open
    .filter(({ facts }) => !SHOWN_ELSEWHERE.includes(facts.kind))
    .toSorted((one, other) => rank(one) - rank(other));
}

export function alertAction({ facts }: Alert): 'billing' | 'numbers' {
  return ABOUT_NUMBERS.includes(facts.kind) ? 'numbers' : 'billing';
}

/** Empty for what has no banner. */
export function alertText({ facts }: Alert, texts: Texts): string {
  switch (facts.kind) {
    case 'low':
    case 'critical':
    case 'empty':
    case 'back':
      return '';
    case 'unusual_spend':
      return unusualText(facts, texts);
    case 'recharge_limit':
      return texts.say(facts.isReached ? 'alert.recharge_limit' : 'alert.recharge_limit.near', {
        money: texts.price(facts.takenMicros, facts.currency),
        limit: texts.price(facts.limitMicros, facts.currency),
      });
    case 'dispute_closed':
      return texts.say(facts.isLost ? 'alert.dispute_lost' : 'alert.dispute_closed', {
        money: texts.price(facts.amountMicros, facts.currency),
      });
    case 'recharge_failed':
    case 'payment_declined':
    case 'payment_disputed':
      return texts.say(`alert.${facts.kind}`, { money: texts.price(facts.amountMicros, facts.currency) });
    case 'card_expiring':
      return texts.say('alert.card_expiring', {
        last4: facts.card.last4,
        date: `${String(facts.card.expiryMonth).padStart(2, '0')}/${String(facts.card.expiryYear).slice(-2)}`,
      });
    case 'trial_opened':
      return texts.say('alert.trial_opened', { date: texts.day(facts.endsAtMs) });
    case 'rent_changes':
      return rentChangesText(facts, texts);
    default:
      return rentText(facts, texts);
  }
}

type Of<Kind extends AlertFacts['kind']> = Extract<AlertFacts, { readonly kind: Kind }>;

function unusualText(facts: Of<'unusual_spend'>, texts: Texts): string {
  const money = texts.price(facts.spentMicros, facts.currency);
  if (facts.reason === 'recharges')
    return texts.say('alert.unusual.recharges', { money, count: facts.rechargeCount ?? 0 });
  const usual = facts.usualMicros === null ? '' : texts.price(facts.usualMicros, facts.currency);
  return texts.say(facts.paused === 'calls' ? 'alert.unusual.paused' : 'alert.unusual.spend', { money, usual });
}

function rentText(
  facts: Of<'rent_due' | 'number_late' | 'number_held' | 'number_leaving' | 'number_gone'>,
  texts: Texts,
): string {
  const { kind, number } = facts;
  if (kind === 'number_gone')
    return texts.say('alert.number_gone', { number, date: dateText(facts.givenBackOn, texts) });
  const dates = {
    rent_due: 'dueOn',
    number_late: 'holdsOn',
    number_held: 'givenBackOn',
    number_leaving: 'givenBackOn',
  };
  const date = facts[dates[kind] as keyof typeof facts];
  return texts.say(`alert.${kind}`, {
    number,
    date: dateText(String(date), texts),
    money: texts.price(facts.rentMicros, facts.currency),
  });
}

function rentChangesText(facts: Of<'rent_changes'>, texts: Texts): string {
  const { numbers, numberCount, oldMicros, newMicros, currency, fromOn } = facts;
  return texts.say(numberCount === 1 ? 'alert.rent_changes.one' : 'alert.rent_changes.other', {
    number: numbers[0]?.number ?? '',
    count: numberCount,
    date: dateText(fromOn, texts),
    money: texts.price(newMicros, currency),
    old: texts.price(oldMicros, currency),
  });
}

/** A calendar date means the same day everywhere: noon, so that no time zone makes it another. */
function dateText(date: string, texts: Texts): string {
  return texts.day(Date.parse(`${date}T12:00:00`));
}
