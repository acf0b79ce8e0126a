import { beforeEach, describe, expect, test } from 'vitest';
import { EventFeed } from '../../../server/events/event-feed.ts';
import { EventHub, type SentEvent } from '../../../server/events/event-hub.ts';
import { newsWord, readNewsWord } from '../../../server/events/news-word.ts';
import { MAX_NEWS_BYTES } from '../../../server/storage/store-news.ts';
import type { CallRecord } from '../../../src/protocol/call.ts';
import { ConnectedNews } from '../../support/connected-news.ts';
import { SAM } from '../../support/office-rig.ts';
import { sampleBalance, sampleCall } from '../../support/sample-answers.ts';

const BERLIN = { accountId: 'acme', officeId: 'berlin' };
const OF_SAM = { ...BERLIN, personId: 'sam' };

interface Server {
  readonly hub: EventHub;
  readonly feed: EventFeed;
  readonly named: string[];
}

let news: ConnectedNews;
let one: Server;
let two: Server;
beforeEach(() => {
  news = new ConnectedNews();
  one = startServer();
  two = startServer();
});

function startServer(): Server {
  const hub = new EventHub();
  const own = news.join();
  const named: string[] = [];
  const feed = new EventFeed({ here: hub, hub, news: own });
  own.listen({
    hear: (text) => {
      const word = readNewsWord(text);
      if (word?.word === 'event') feed.hearEvent(word);
      else if (word?.word === 'resync') feed.hearResync(word);
      else if (word) named.push(word.word);
    },
    missed: () => undefined,
  });
  return { hub, feed, named };
}

function listen({ hub }: Server, lastEventId: string | null = null) {
  const received: SentEvent[] = [];
  const listener = { accountId: 'acme', officeIds: ['berlin'], personId: 'sam', seesEverybody: false };
  const subscription = hub.subscribe({ ...listener, receive: (event) => received.push(event) }, lastEventId);
  return { received, subscription };
}

const callIn = (status: CallRecord['status'], destination = 'Germany') =>
  ({ type: 'call', call: { ...sampleCall('call-0001', SAM), status, destination } }) as const;
const statuses = (received: readonly SentEvent[]) =>
  received.flatMap(({ event }) => (event.type === 'call' ? [event.call.status] : []));

describe('an event', () => {
  test('reaches the widgets at every server, and those at its own only once', () => {
    const [here, there] = [listen(one), listen(two)];
    one.feed.publish(OF_SAM, callIn('authorized'));
    news.deliver();
    expect([statuses(here.received), statuses(there.received)]).toEqual([['authorized'], ['authorized']]);
    // Whoever heard it tells nobody.
    expect(news.underWay).toEqual([]);
  });

  test('comes in any order and more than once: no widget goes back to what was', () => {
    const { received } = listen(two);
    for (const status of ['authorized', 'ringing', 'answered', 'settled'] as const) {
      one.feed.publish(OF_SAM, callIn(status));
    }
    news.deliver((words) => [...words.slice(1), ...words].toReversed());
    expect(statuses(received)).toEqual(['settled', 'settled']);
  });

  test('that is long is named, for whoever has somebody to tell', () => {
    one.feed.publish(OF_SAM, callIn('answered', 'é'.repeat(2_000)));
    expect(Buffer.byteLength(news.underWay[0]?.word ?? '')).toBeLessThan(MAX_NEWS_BYTES);
    news.deliver();
    expect(two.named).toEqual(['call']);
  });

  test('a balance does not go itself: others read it for their own widgets', () => {
    one.feed.publish({ ...BERLIN, personId: null }, { type: 'balance', balance: sampleBalance('berlin', 3) });
    expect(news.underWay).toEqual([]);
    one.feed.balanceChanged(BERLIN);
    one.feed.officesChanged(BERLIN);
    news.deliver();
    expect(two.named).toEqual(['balance', 'offices']);
  });

  test('that came while nobody listened here is not kept: who comes back asks for everything', () => {
    const first = listen(two);
    first.subscription.cancel();
    one.feed.publish(OF_SAM, callIn('authorized'));
    news.deliver();
    const back = listen(two, first.subscription.positionId);
    expect(back.subscription.missed).toBeNull();
    // And from there on nothing is missed.
    expect(listen(two, back.subscription.positionId).subscription.missed).toEqual([]);
  });
});

test('after words were lost nobody resumes as if nothing were missing', () => {
  const first = listen(two);
  one.feed.publish(OF_SAM, callIn('authorized'));
  two.feed.missed();
  expect(listen(two, first.subscription.positionId).subscription.missed).toBeNull();
  // Nor in an office that nobody of this server has heard of yet.
  const austin = { accountId: 'acme', officeIds: ['austin'], personId: 'sam', seesEverybody: false };
  const { missed } = two.hub.subscribe({ ...austin, receive: () => undefined }, first.subscription.positionId);
  expect(missed).toBeNull();
});

describe('a word', () => {
  test.each([
    '',
    'no json',
    'null',
    '{}',
    '{"word":"shout"}',
    '{"word":"balance","accountId":1,"officeId":"berlin"}',
    '{"word":"call","accountId":"acme"}',
  ])('%s that none of ours said is nothing', (text) => {
    expect(readNewsWord(text)).toBeNull();
  });

  test('with an event of a newer version is left alone', () => {
    const { received } = listen(two);
    const event = { type: 'weather', is: 'fine' };
    const word = readNewsWord(newsWord({ word: 'event', ...OF_SAM, event }));
    if (word?.word !== 'event') throw new Error('A word with an event');
    two.feed.hearEvent(word);
    two.feed.hearEvent({ ...word, event: { type: 'call', call: { callId: 7 } } });
    expect(received).toEqual([]);
  });
});
