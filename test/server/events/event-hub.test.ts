import { describe, expect, test } from 'vitest';
import {
  EventHub,
  type Listener,
  REMEMBERED_EVENTS,
  REMEMBERED_OFFICES,
  type SentEvent,
} from '../../../server/events/event-hub.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import { sampleBalance } from '../../support/sample-answers.ts';

function balanceEvent(version: number): ServerEvent {
  return { type: 'balance', balance: sampleBalance('berlin', version) };
}
const berlin = { accountId: 'acme', officeId: 'berlin', personId: null };

function listen(hub: EventHub, more: Partial<Listener> = {}, lastEventId: string | null = null) {
  const received: SentEvent[] = [];
  const listener = { accountId: 'acme', officeIds: ['berlin'], personId: 'sam', seesEverybody: false, ...more };
  const subscription = hub.subscribe({ ...listener, receive: (event) => received.push(event) }, lastEventId);
  return { received, subscription };
}

describe('the event hub', () => {
  test('tells the office and nobody else', () => {
    const hub = new EventHub();
    const here = listen(hub);
    const elsewhere = [{ officeIds: ['austin'] }, { accountId: 'other' }].map((more) => listen(hub, more));
    hub.publish(berlin, balanceEvent(1));
    expect(here.received.map(({ event }) => event)).toEqual([balanceEvent(1)]);
    expect(elsewhere.map(({ received }) => received)).toEqual([[], []]);
  });

  test('what is for one person reaches that person and those who manage credit', () => {
    const hub = new EventHub();
    const sam = listen(hub);
    const kim = listen(hub, { personId: 'kim' });
    const dana = listen(hub, { personId: 'dana', seesEverybody: true });
    hub.publish({ ...berlin, personId: 'sam' }, balanceEvent(1));
    expect([sam, kim, dana].map(({ received }) => received.length)).toEqual([1, 0, 1]);
  });

  test('gives what was missed, in order, over several offices, filtered like the rest', () => {
    const hub = new EventHub();
    const { subscription } = listen(hub);
    hub.publish(berlin, balanceEvent(1));
    hub.publish({ ...berlin, officeId: 'austin' }, balanceEvent(2));
    hub.publish({ ...berlin, personId: 'kim' }, balanceEvent(3));
    hub.publish(berlin, balanceEvent(4));
    const back = listen(hub, { officeIds: ['austin', 'berlin'] }, subscription.positionId);
    expect(back.subscription.missed?.map(({ event }) => event)).toEqual([1, 2, 4].map(balanceEvent));
    const nothingNew = listen(hub, {}, back.subscription.positionId);
    expect(nothingNew.subscription.missed).toEqual([]);
  });

  test('remembers up to its limit and says when it does not know any more', () => {
    const hub = new EventHub();
    const { subscription } = listen(hub);
    for (let version = 1; version <= REMEMBERED_EVENTS; version += 1) hub.publish(berlin, balanceEvent(version));
    expect(listen(hub, {}, subscription.positionId).subscription.missed).toHaveLength(REMEMBERED_EVENTS);
    hub.publish(berlin, balanceEvent(0));
    expect(listen(hub, {}, subscription.positionId).subscription.missed).toBeNull();
  });

  test.each([
    'garbage',
    'abcdef012345-1',
    '',
    '-',
    '1',
    'x-99999999999999999999',
  ])('does not know the id "%s"', (id) => {
    expect(listen(new EventHub(), {}, id).subscription.missed).toBeNull();
  });

  test('an id of another process, or from the future, is not known', () => {
    const first = new EventHub();
    const second = new EventHub();
    expect(listen(second, {}, listen(first).subscription.positionId).subscription.missed).toBeNull();
    const future = listen(first).subscription.positionId.replace('-0', '-7');
    expect(listen(first, {}, future).subscription.missed).toBeNull();
  });

  test('a cancelled listener hears nothing more', () => {
    const hub = new EventHub();
    const { received, subscription } = listen(hub);
    subscription.cancel();
    hub.publish(berlin, balanceEvent(1));
    expect(received).toEqual([]);
    expect(hub.openOffices).toEqual([]);
  });

  test('forgets the quietest office when there are too many, and then does not pretend to know it', () => {
    const hub = new EventHub();
    const start = listen(hub, { officeIds: ['listened-to'] });
    const { positionId } = start.subscription;
    hub.publish(berlin, balanceEvent(1));
    for (let index = 0; index < REMEMBERED_OFFICES; index += 1) {
      hub.publish({ ...berlin, officeId: `office-${index}` }, balanceEvent(index));
    }
    expect(listen(hub, {}, positionId).subscription.missed).toBeNull();
    expect(hub.openOffices).toContainEqual({ accountId: 'acme', officeId: 'listened-to' });
    hub.publish({ ...berlin, officeId: 'listened-to' }, balanceEvent(9));
    expect(start.received).toHaveLength(1);
  });

  test('writes an event once for all who get it', () => {
    const hub = new EventHub();
    const both = [listen(hub), listen(hub)];
    hub.publish(berlin, balanceEvent(1));
    const [first, second] = both.map(({ received }) => received[0]?.json);
    expect(first).toBe(JSON.stringify(balanceEvent(1)));
    expect(first).toBe(second);
  });
});
