/** Changes to published source code by what it says, not by where it says it. */
import { type ESTree, parseSync } from 'vite';

/** Replaces what stands from `start` to `end`, in UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From the end to the start, so that no edit moves another. */
export function edited(code: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code);
}

/** Throws when it can't be read; `path` is for the message. */
export function program(path: string, code: string): ESTree.Program {
  const parsed = parseSync(path, code);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path} can't be read: ${error.message}`);
  return parsed.program;
}
