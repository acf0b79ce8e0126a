/**
 * Lease commands to one edge that come in one turn of the event loop go to it as one list (EDGE_COMMAND_PATHS.leases): a server that renews
 * a thousand leases a second would spend more on requests than on money. Each command is answered by itself, and an edge that does not
 * know lists is told one lease at a time.
 */
import {
  type CallAtEdge,
  type EdgeCommandOutcome,
  type EdgeCommands,
  type LeaseCommand,
  MAX_LEASES_TOGETHER,
} from './edge-contract.ts';

export interface LeaseOfCall {
  readonly target: CallAtEdge;
  readonly command: LeaseCommand;
}

/** How an edge is spoken to. Neither rejects: who does not answer is "unreachable". */
export interface LeaseTeller {
  tellOne(lease: LeaseOfCall): Promise<EdgeCommandOutcome>;
  /** All of one edge, at most MAX_LEASES_TOGETHER. */
  tellTogether(edgeId: string, leases: readonly LeaseOfCall[]): Promise<LeasesTold>;
}

export type LeasesTold =
  /** In the order of the leases. */
  | { readonly outcome: 'told'; readonly outcomes: readonly EdgeCommandOutcome[] }
  /** The edge has no such address. */
  | { readonly outcome: 'no_lists' }
  /** The edge takes lists, or may take them, but has made nothing of this one; some of it may have been done, which does no harm. */
  | { readonly outcome: 'not_understood' }
  | { readonly outcome: 'unreachable'; readonly cause: string };

/** An edge without lists may be replaced by one that has them: after so many leases it is tried again. */
const LEASES_UNTIL_TRIED_AGAIN = 10_000;

export function tellLeasesTogether(teller: LeaseTeller): EdgeCommands['setLease'] {
  const gathering = new LeaseGathering(teller);
  return (target, command) => gathering.add({ target, command });
}

interface Waiting extends LeaseOfCall {
  readonly answer: (outcome: Promise<EdgeCommandOutcome>) => void;
}

class LeaseGathering {
  readonly #teller: LeaseTeller;
  #waiting: Waiting[] = [];
  /** Edges without lists, with how many more leases are told singly. */
  readonly #withoutLists = new Map<string, number>();

  constructor(teller: LeaseTeller) {
    this.#teller = teller;
  }

  add(lease: LeaseOfCall): Promise<EdgeCommandOutcome> {
    if (this.#waiting.length === 0) setImmediate(() => this.#tellWaiting());
    return new Promise((answer) => this.#waiting.push({ ...lease, answer }));
  }

  #tellWaiting(): void {
    const byEdge = Map.groupBy(this.#waiting, ({ target }) => target.edgeId);
    this.#waiting = [];
    for (const [edgeId, waiting] of byEdge) {
      for (let first = 0; first < waiting.length; first += MAX_LEASES_TOGETHER) {
        this.#tell(edgeId, waiting.slice(first, first + MAX_LEASES_TOGETHER));
      }
    }
  }

  #tell(edgeId: string, waiting: readonly Waiting[]): void {
    if (waiting.length === 1 || this.#isWithoutLists(edgeId, waiting.length)) {
      for (const one of waiting) one.answer(this.#teller.tellOne(one));
      return;
    }
    const told = this.#teller.tellTogether(edgeId, waiting);
    for (const [index, one] of waiting.entries()) {
      one.answer(told.then((answer) => this.#outcomeOf(answer, { lease: one, index })));
    }
  }

  #isWithoutLists(edgeId: string, leases: number): boolean {
    const left = this.#withoutLists.get(edgeId);
    if (left === undefined) return false;
    if (left > leases) this.#withoutLists.set(edgeId, left - leases);
    else this.#withoutLists.delete(edgeId);
    return true;
  }

  async #outcomeOf(
    told: LeasesTold,
    { lease, index }: { readonly lease: LeaseOfCall; readonly index: number },
  ): Promise<EdgeCommandOutcome> {
    switch (told.outcome) {
      case 'told':
        return (
          told.outcomes[index] ?? {
            outcome: 'unreachable',
            cause: 'the edge has answered fewer leases than it was told',
          }
        );
      case 'unreachable':
        return told;
      case 'no_lists':
        this.#withoutLists.set(lease.target.edgeId, LEASES_UNTIL_TRIED_AGAIN);
        return await this.#teller.tellOne(lease);
      case 'not_understood':
        return await this.#teller.tellOne(lease);
    }
  }
}
