/**
 * A deck as text, small and quick to read: the terms that rates share are written once, and so are the names of destinations; a rate is
 * its prefix, the position of its destination and that of its terms. 250,000 rates are a few megabytes.
 */
import * as z from 'zod/mini';
import { type Rate, rateSchema } from '../../src/protocol/rate.ts';
import { rateIdOf } from './rate-id.ts';

const FORMAT = 1;
const termsSchema = z.omit(rateSchema, { rateId: true, prefix: true, destination: true });
const deckTextSchema = z.object({
  format: z.literal(FORMAT),
  terms: z.array(termsSchema),
  destinations: z.array(z.string()),
  /** Three entries for each rate; looked at one by one below, because a quarter of a million of them would keep a schema busy. */
  rates: z.array(z.unknown()),
});

type Terms = Omit<Rate, 'rateId' | 'prefix' | 'destination'>;

export function rateDeckText(rates: readonly Rate[]): string {
  const terms = new TermsTable();
  const destinations = new Map<string, number>();
  const entries: (string | number)[] = [];
  for (const { rateId: _, prefix, destination, ...own } of rates) {
    const named = destinations.get(destination) ?? destinations.size;
    destinations.set(destination, named);
    entries.push(prefix, named, terms.positionOf(own));
  }
  return JSON.stringify({ format: FORMAT, terms: terms.list, destinations: [...destinations.keys()], rates: entries });
}

/** Rates that were read from one file share their steps as objects, so most of them are recognized without writing them out. */
class TermsTable {
  readonly list: Terms[] = [];
  readonly #bySteps = new Map<Terms['steps'], number>();
  readonly #byText = new Map<string, number>();

  positionOf(terms: Terms): number {
    const known = this.#bySteps.get(terms.steps);
    if (known !== undefined && isSame(this.list[known], terms)) return known;
    const text = JSON.stringify(terms);
    const position = this.#byText.get(text) ?? this.list.length;
    if (position === this.list.length) this.list.push(terms);
    this.#byText.set(text, position);
    this.#bySteps.set(terms.steps, position);
    return position;
  }
}

function isSame(first: Terms | undefined, second: Terms): boolean {
  if (first === undefined) return false;
  for (const name of Object.keys(second) as (keyof Terms)[]) if (first[name] !== second[name]) return false;
  return true;
}

/** Throws when the text is no deck: a deck that is half understood must not price calls. */
export function ratesFromText(text: string): readonly Rate[] {
  const { terms, destinations, rates } = deckTextSchema.parse(JSON.parse(text));
  return Array.from({ length: Math.ceil(rates.length / 3) }, (_, at) => {
    const prefix = rates[3 * at];
    const destination = destinations[Number(rates[3 * at + 1])];
    const own = terms[Number(rates[3 * at + 2])];
    if (typeof prefix !== 'string' || destination === undefined || own === undefined) {
      throw new Error(`Rate ${at} of the stored deck is damaged`);
    }
    return { ...own, destination, prefix, rateId: rateIdOf(prefix, own) };
  });
}
