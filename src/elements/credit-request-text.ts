import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { CreditRequest, Me } from '../protocol/account.ts';
import type { Texts } from './texts.ts';

/** The last request of the person who is signed in; admins see those of others. */
export function ownCreditRequest(snapshot: PhoneSnapshot): CreditRequest | null {
  const own = snapshot.creditRequests.filter((request) => request.agentId === snapshot.me?.personId);
  return own.reduce<CreditRequest | null>(
    (latest, request) => (latest === null || request.askedAtMs > latest.askedAtMs ? request : latest),
    null,
  );
}

/** What became of a request, as the agent reads it (REQUIREMENTS 2.1.5). */
export function creditRequestText(request: CreditRequest, texts: Texts, me: Me | null): string {
  const { say } = texts;
  const name = request.answeredByName ?? say('ask.admin');
  switch (request.state) {
    case 'asked':
      return me === null || me.creditAdmins.length === 0
        ? say('ask.sent.plain')
        : say('ask.sent', { names: texts.list(me.creditAdmins) });
    case 'seen':
      return say('ask.seen', { name });
    case 'granted':
      return say('ask.done', {
        name,
        money: request.addedMicros === null ? '' : texts.price(request.addedMicros, me?.currency),
      });
    case 'declined':
      return request.words === null || request.words === ''
        ? say('ask.declined', { name })
        : say('ask.declined.words', { name, words: request.words });
  }
}
