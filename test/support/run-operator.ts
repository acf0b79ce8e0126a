/** The operator's command line within the test's process. */
import type { Command } from 'commander';
import type { OperatorContext } from '../../server/operator/operator-context.ts';
import { createOperatorProgram } from '../../server/operator/operator-program.ts';

/** Rejects with the sentence that the operator would read. */
export async function runOperator(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
  /** Where the local Stripe listens. */
  context: Pick<OperatorContext, 'stripeAddress'> = {},
): Promise<{ readonly lines: readonly string[]; readonly exitCode: number }> {
  const lines: string[] = [];
  let exitCode = 0;
  const program = createOperatorProgram({
    ...context,
    environment,
    print: (line) => lines.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  await silent(program).parseAsync(words, { from: 'user' });
  return { lines, exitCode };
}

function silent(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const child of command.commands) silent(child);
  return command;
}
