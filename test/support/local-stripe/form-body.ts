/** Reads "a[b][0]=c" as Stripe does: brackets are objects, numbered ones are lists. */
type Fields = { [name: string]: string | Fields };

export function readForm(text: string): Record<string, unknown> {
  const root: Fields = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const steps = key.replaceAll(']', '').split('[');
    const last = steps.pop() ?? '';
    let place = root;
    for (const step of steps) {
      const known = place[step];
      const inner: Fields = typeof known === 'object' ? known : {};
      place[step] = inner;
      place = inner;
    }
    place[last] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, withLists(value)]));
}

function withLists(value: string | Fields): unknown {
  if (typeof value === 'string') return value;
  const names = Object.keys(value);
  const isList = names.length > 0 && names.every((name, index) => name === String(index));
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
