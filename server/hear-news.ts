/** What this server does when another process on its store tells that something changed. */
import type { EventFeed } from './events/event-feed.ts';
import type { EventStreams } from './events/event-streams.ts';
import { type NewsWord, readNewsWord } from './events/news-word.ts';
import { realTimer } from './real-timer.ts';
import type { Elsewhere } from './services-of.ts';
import type { SettingsInForce } from './settings-in-force.ts';
import type { StoreNews } from './storage/store-news.ts';

/** All widgets ask for everything after words were lost, so not all at once; and once for what several servers lost together. */
const RESYNC_AFTER_MS = 1_000;
const RESYNC_WITHIN_MS = 2_000;

export interface NewsReaders {
  readonly feed: EventFeed;
  readonly streams: EventStreams;
  readonly elsewhere: Elsewhere;
  readonly settings: SettingsInForce;
  readonly onError: (error: unknown) => void;
}

/** The returned function ends it. */
export function hearNews(news: StoreNews, readers: NewsReaders): () => void {
  return news.listen({
    hear: (text) => {
      const word = readNewsWord(text);
      if (word) hear(word, readers);
    },
    missed: () => {
      for (const what of ['rates', 'policy', 'tokens'] as const) readers.settings.lookSoon(what);
      readers.feed.missed();
      readers.streams.resyncAll({ waitMs: RESYNC_AFTER_MS, withinMs: RESYNC_WITHIN_MS, after: realTimer });
    },
  });
}

function hear(word: NewsWord, { feed, elsewhere, settings, onError }: NewsReaders): void {
  switch (word.word) {
    case 'balance':
      elsewhere.balanceChanged(word);
      break;
    case 'event':
      feed.hearEvent(word);
      break;
    case 'call':
      hearCall(word, { feed, elsewhere }).catch(onError);
      break;
    case 'resync':
      feed.hearResync(word);
      break;
    case 'offices':
      elsewhere.officesChanged(word);
      break;
    case 'credit':
      elsewhere.creditArrived(word);
      break;
    case 'rates':
    case 'policy':
    case 'tokens':
      settings.lookSoon(word.word);
      break;
    default:
      word satisfies never;
  }
}

async function hearCall(
  word: Extract<NewsWord, { word: 'call' }>,
  { feed, elsewhere }: Pick<NewsReaders, 'feed' | 'elsewhere'>,
): Promise<void> {
  if (!feed.isWanted(word)) return;
  const call = await elsewhere.readCall(word);
  if (call) feed.publishHere(call.audience, call.event);
}
