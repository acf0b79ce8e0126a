import { expect, test } from 'vitest';
import { type EdgeCall, type EdgeCommandOutcome, MAX_LEASES_TOGETHER } from '../../../server/edge/edge-contract.ts';
import { type LeaseOfCall, type LeasesTold, tellLeasesTogether } from '../../../server/edge/leases-together.ts';

/** An edge that notes how it was told: the call ids of each list, and of each lease told by itself. */
class NotingEdge {
  readonly lists: (readonly string[])[] = [];
  readonly singles: string[] = [];
  told: (leases: readonly LeaseOfCall[]) => LeasesTold = (leases) => ({
    outcome: 'told',
    outcomes: leases.map(doneOf),
  });
  readonly setLease = tellLeasesTogether({
    tellOne: async (lease) => {
      this.singles.push(lease.target.callId);
      return doneOf(lease);
    },
    tellTogether: async (_edgeId, leases) => {
      this.lists.push(leases.map(({ target }) => target.callId));
      return this.told(leases);
    },
  });

  /** In one turn of the event loop. */
  tell(callIds: readonly string[], edgeId = 'east'): Promise<EdgeCommandOutcome[]> {
    return Promise.all(
      callIds.map((callId, index) =>
        this.setLease({ edgeId, accountId: 'acme', callId }, { leaseSeconds: index, isFinal: false }),
      ),
    );
  }
}

function doneOf({ target: { callId }, command: { leaseSeconds } }: LeaseOfCall): EdgeCommandOutcome {
  const call: EdgeCall = { callId, state: 'answered', elapsedMs: 1, leaseSeconds };
  return { outcome: 'done', call };
}

const doneOfAll = (callIds: readonly string[]) =>
  callIds.map((callId, leaseSeconds) => ({ outcome: 'done', call: { callId, leaseSeconds } }));

test('what comes in one turn goes together, each answered by itself, and in its order', async () => {
  const edge = new NotingEdge();
  expect(await edge.tell(['a', 'b', 'c'])).toMatchObject(doneOfAll(['a', 'b', 'c']));
  expect(edge.lists).toEqual([['a', 'b', 'c']]);
  expect(edge.singles).toEqual([]);
});

test('one lease is told as one lease: an edge with few calls never hears of lists', async () => {
  const edge = new NotingEdge();
  expect(await edge.tell(['a'])).toMatchObject(doneOfAll(['a']));
  await edge.tell(['b']);
  expect([edge.lists, edge.singles]).toEqual([[], ['a', 'b']]);
});

test('each edge is told its own', async () => {
  const edge = new NotingEdge();
  await Promise.all([edge.tell(['a', 'b'], 'east'), edge.tell(['c'], 'west'), edge.tell(['d'], 'east')]);
  expect([edge.lists, edge.singles]).toEqual([[['a', 'b', 'd']], ['c']]);
});

test('no list is longer than an edge takes', async () => {
  const edge = new NotingEdge();
  const callIds = Array.from({ length: MAX_LEASES_TOGETHER + 2 }, (_, index) => `call-${index}`);
  expect(await edge.tell(callIds)).toMatchObject(doneOfAll(callIds));
  expect(edge.lists.map(({ length }) => length)).toEqual([MAX_LEASES_TOGETHER, 2]);
});

test('of a call that the edge does not know the others hear nothing', async () => {
  const edge = new NotingEdge();
  edge.told = ([first]) => ({
    outcome: 'told',
    outcomes: [first ? doneOf(first) : { outcome: 'gone' }, { outcome: 'gone' }],
  });
  expect(await edge.tell(['a', 'b'])).toMatchObject([{ outcome: 'done' }, { outcome: 'gone' }]);
});

test('an edge that does not answer is unreachable for all of the list, and is told nothing once more', async () => {
  const edge = new NotingEdge();
  edge.told = () => ({ outcome: 'unreachable', cause: 'test' });
  const unreachable = { outcome: 'unreachable', cause: 'test' };
  expect(await edge.tell(['a', 'b'])).toEqual([unreachable, unreachable]);
  expect(edge.singles).toEqual([]);
});

test('an edge without lists is told one by one, is not asked at every turn, and is asked again one day', async () => {
  const edge = new NotingEdge();
  edge.told = () => ({ outcome: 'no_lists' });
  expect(await edge.tell(['a', 'b'])).toMatchObject(doneOfAll(['a', 'b']));
  await edge.tell(['c', 'd']);
  expect([edge.lists, edge.singles]).toEqual([[['a', 'b']], ['a', 'b', 'c', 'd']]);
  await edge.tell(Array.from({ length: 10_000 }, (_, index) => `call-${index}`));
  await edge.tell(['e', 'f']);
  expect(edge.lists.at(-1)).toEqual(['e', 'f']);
});

test('a list that an edge makes nothing of is told one by one, and the next list is a list again', async () => {
  const edge = new NotingEdge();
  edge.told = () => ({ outcome: 'not_understood' });
  expect(await edge.tell(['a', 'b'])).toMatchObject(doneOfAll(['a', 'b']));
  await edge.tell(['c', 'd']);
  expect([edge.lists.length, edge.singles]).toEqual([2, ['a', 'b', 'c', 'd']]);
});

test('an answer that lacks a lease leaves that one unreachable', async () => {
  const edge = new NotingEdge();
  edge.told = ([first]) => ({ outcome: 'told', outcomes: first ? [doneOf(first)] : [] });
  expect(await edge.tell(['a', 'b'])).toMatchObject([{ outcome: 'done' }, { outcome: 'unreachable' }]);
});
