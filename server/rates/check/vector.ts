/**
 * A rating vector: a tariff, a call and what the call costs, as other systems publish or test it. The files are written by hand
 * from many sources, so everything is read with care and whatever is not understood makes the vector unsupported, never passed.
 */

/** A JSON object whose members are not trusted yet. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly fields: Fields;
}

export type Verdict =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'unsupported'; readonly reason: string }
  | { readonly outcome: 'fail'; readonly reason: string };

/** Thrown where a vector asks for something that our tariffs cannot say; becomes the verdict "unsupported". */
export class Unsupported extends Error {}

export function readVectors(text: string): readonly Vector[] {
  const file: unknown = JSON.parse(text);
  const list = Array.isArray(file) ? file : isFields(file) ? file.vectors : null;
  if (!Array.isArray(list)) throw new Error('Not a file of rating vectors: there is no list "vectors"');
  return list.map((entry: unknown, at) => {
    if (!isFields(entry)) throw new Error(`Vector ${at + 1} is not an object`);
    return { id: textOf(entry.id) ?? `#${at + 1}`, kind: textOf(entry.kind) ?? '', fields: entry };
  });
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text, or a number as text; undefined for everything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function needText(value: unknown, name: string): string {
  const text = textOf(value);
  if (text === undefined) throw new Unsupported(`"${name}" is missing or neither text nor number`);
  return text;
}

export function needFields(value: unknown, name: string): Fields {
  if (!isFields(value)) throw new Unsupported(`"${name}" is missing or no object`);
  return value;
}

/** A member that is not in the list may change the price in a way that is not known here. */
export function refuseUnknown(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Unsupported(`unknown member ${unknown.map((name) => `"${name}"`).join(', ')}`);
}
