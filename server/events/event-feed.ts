/**
 * What happens at one server reaches the widgets at all of them: published here at once, told to the others as a small word. Each of them
 * publishes for its own widgets and tells nobody.
 */
import type { Audience, EventPublisher, OfficeEvent } from '../services.ts';
import type { StoreNews } from '../storage/store-news.ts';
import type { EventHub } from './event-hub.ts';
import { NewestEvents } from './newest-events.ts';
import { type NewsWord, newsWord, readNewsEvent, wordOfEvent } from './news-word.ts';

type OfficeName = Pick<Audience, 'accountId' | 'officeId'>;

export interface EventFeedOptions {
  /** Tells the widgets of this server. */
  readonly here: EventPublisher;
  readonly hub: Pick<EventHub, 'isHeard' | 'skip' | 'skipAll'>;
  /** Null when no other server can be there. */
  readonly news: StoreNews | null;
}

export class EventFeed implements EventPublisher {
  readonly #options: EventFeedOptions;
  readonly #newest = new NewestEvents();

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  publish(audience: Audience, event: OfficeEvent): void {
    this.publishHere(audience, event);
    // A balance is long and changes often: who has somebody to tell reads it, once for many changes (balanceChanged).
    if (event.type !== 'balance') this.#options.news?.tell(wordOfEvent(audience, event));
  }

  /** Of what another server did, as this one read it from the store. */
  publishHere(audience: Audience, event: OfficeEvent): void {
    if (this.#newest.isNewest(audience, event)) this.#options.here.publish(audience, event);
  }

  isHeard(office: OfficeName): boolean {
    return this.#options.here.isHeard?.(office) ?? true;
  }

  balanceChanged({ accountId, officeId }: OfficeName): void {
    this.#options.news?.tell(newsWord({ word: 'balance', accountId, officeId }));
  }

  officesChanged({ accountId }: Pick<OfficeName, 'accountId'>): void {
    this.#options.news?.tell(newsWord({ word: 'offices', accountId }));
  }

  hearEvent(word: Extract<NewsWord, { word: 'event' }>): void {
    const { accountId, officeId, personId } = word;
    const event = this.isWanted(word) ? readNewsEvent(word) : null;
    if (event) this.publishHere({ accountId, officeId, personId }, event);
  }

  hearResync({ accountId, officeId }: OfficeName): void {
    if (this.isWanted({ accountId, officeId })) {
      this.publishHere({ accountId, officeId, personId: null }, { type: 'resync' });
    }
  }

  /** Words were lost. Streams that are open are told by EventStreams.resyncAll, those that come back by the hub. */
  missed(): void {
    this.#options.hub.skipAll();
  }

  /** False when no widget here listens to the office: nothing is read for it, and who comes back is told to ask for everything. */
  isWanted(office: OfficeName): boolean {
    if (this.#options.hub.isHeard(office)) return true;
    this.#options.hub.skip(office);
    return false;
  }
}
