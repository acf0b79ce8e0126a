/** Answers of pure functions that many numbers ask the same thing of: on a rent day a hundred thousand ask about two days and one zone. */

const MAX_REMEMBERED = 5_000;

/** `answer` must depend on nothing but its two arguments. */
export function remembered<First extends string | number, Second extends string | number, Answer>(
  answer: (first: First, second: Second) => Answer,
): (first: First, second: Second) => Answer {
  const known = new Map<First, Map<Second, Answer>>();
  let count = 0;
  return (first, second) => {
    const found = known.get(first)?.get(second);
    if (found !== undefined) return found;
    if (count >= MAX_REMEMBERED) {
      known.clear();
      count = 0;
    }
    const made = answer(first, second);
    const row = known.get(first) ?? new Map<Second, Answer>();
    known.set(first, row.set(second, made));
    count += 1;
    return made;
  };
}
