/** Ends a switch over a union: the compiler refuses a forgotten member, and a value from outside the union is a bug. */
export function assertNever(value: never): never {
  throw new TypeError(`Not a member of the union: ${JSON.stringify(value)}`);
}
