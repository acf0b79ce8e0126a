/** `npm run -s operator -- <command>`: what the one who runs the server does beside it, on the same data file. */
import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { OperatorError } from './operator-error.ts';
import { createOperatorProgram } from './operator-program.ts';

try {
  const program = createOperatorProgram({
    environment: process.env,
    print: (line) => console.log(line),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  });
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
  const isExpected = error instanceof OperatorError || error instanceof ConfigError;
  if (!(error instanceof CommanderError)) console.error(isExpected ? error.message : error);
}
