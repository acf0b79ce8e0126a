/** A server that is killed at a step of its own: what it had sent is sent or is not, and nothing comes after. */
import type { NumberCarrier } from '../../server/carriers/number-carrier.ts';
import type { Ledger } from '../../server/ledger/operation.ts';
import type { Store } from '../../server/storage/store.ts';
import type { AnotherWorld } from './office-rig.ts';

export class Death extends Error {
  override readonly name = 'Death';
}

export class StepOfDeath {
  readonly #at: { readonly step: number; readonly when: 'before' | 'after' };
  #steps = 0;
  #isDead = false;

  constructor(at: { readonly step: number; readonly when: 'before' | 'after' }) {
    this.#at = at;
  }

  async take<Done>(act: () => Promise<Done>): Promise<Done> {
    const isLast = this.#steps === this.#at.step;
    this.#steps += 1;
    if (this.#isDead || (isLast && this.#at.when === 'before')) throw this.#die();
    const done = await act();
    if (isLast) throw this.#die();
    return done;
  }

  #die(): Death {
    this.#isDead = true;
    return new Death('killed');
  }
}

/** Whatever is written or ordered is a step: by the ledger, by the store, at the carrier. */
export function dyingWorld(
  world: { readonly store: Store; readonly ledger: Ledger; readonly carrier: NumberCarrier },
  death: StepOfDeath,
): AnotherWorld {
  const { store, ledger, carrier } = world;
  return {
    store: new Proxy(store, {
      get: (target, name) => {
        if (name === 'writeRows')
          return (writes: Parameters<Store['writeRows']>[0]) => death.take(() => target.writeRows(writes));
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    ledger: { submit: (operation) => death.take(() => ledger.submit(operation)) },
    numberCarrier: {
      ...carrier,
      order: (request) => death.take(() => carrier.order(request)),
      findOrder: (request) => death.take(() => carrier.findOrder(request)),
    },
  };
}
