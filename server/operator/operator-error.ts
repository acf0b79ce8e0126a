/** What is wrong with a command, in one sentence that names the option or argument. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
