/** A copy or backup that must not be: what was found, in one sentence. Nothing was left behind. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}
