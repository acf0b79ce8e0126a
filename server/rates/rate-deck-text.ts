/**
 * A deck as text, small and quick to read: the terms that rates share are written once, each rate is its prefix and the position of
 * its terms. 250,000 rates are a few megabytes.
 */
import * as z from 'zod/mini';
import { type Rate, rateSchema } from '../../src/protocol/rate.ts';
import { rateIdOf } from './rate-id.ts';

const FORMAT = 1;
const termsSchema = z.omit(rateSchema, { rateId: true, prefix: true });
const deckTextSchema = z.object({
  format: z.literal(FORMAT),
  terms: z.array(termsSchema),
  /** Prefix, then position in `terms`, one rate after the other. */
  rates: z.array(z.union([z.string(), z.number()])),
});

export function rateDeckText(rates: readonly Rate[]): string {
  const positions = new Map<string, number>();
  const entries: (string | number)[] = [];
  for (const { rateId: _, prefix, ...terms } of rates) {
    const text = JSON.stringify(terms);
    const position = positions.get(text) ?? positions.size;
    positions.set(text, position);
    entries.push(prefix, position);
  }
  return `{"format":${FORMAT},"terms":[${[...positions.keys()].join(',')}],"rates":${JSON.stringify(entries)}}`;
}

/** Throws when the text is no deck: a deck that is half understood must not price calls. */
export function ratesFromText(text: string): readonly Rate[] {
  const { terms, rates } = deckTextSchema.parse(JSON.parse(text));
  return Array.from({ length: rates.length / 2 }, (_, at) => {
    const prefix = rates[2 * at];
    const own = terms[Number(rates[2 * at + 1])];
    if (typeof prefix !== 'string' || own === undefined) throw new Error(`Rate ${at} of the stored deck is damaged`);
    return { ...own, prefix, rateId: rateIdOf(prefix, own) };
  });
}
