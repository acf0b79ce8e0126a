/** `npm run -s rates -- check FILE.json` and `npm run -s rates -- parse FILE.csv [--skip-bad]`: rates without a server. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { checkRatesCommand } from './check-rates-command.ts';
import { parseRatesCommand } from './parse-rates-command.ts';

const program = new Command('rates').description('Checks the pricing code and rate decks. Nothing is stored.');

program
  .command('check')
  .description('run a file of rating vectors against the pricing code; the last line is {"pass","unsupported","fail"}')
  .argument('<file>', 'JSON file of vectors')
  .action((file: string) => {
    process.exitCode = checkRatesCommand(readFileSync(file, 'utf8'), (line) => console.log(line));
  });

program
  .command('parse')
  .description('read a rate deck from CSV as an import would, report what is wrong, store nothing')
  .argument('<file>', 'CSV file')
  .option('--skip-bad', 'leave bad rows out and list them')
  .option('--column <name=header...>', 'say which header a column has, for instance price=interrate')
  .action((file: string, options: { readonly skipBad?: boolean; readonly column?: readonly string[] }) => {
    process.exitCode = parseRatesCommand(readFileSync(file, 'utf8'), {
      ...options,
      print: (line) => console.log(line),
    });
  });

try {
  program.parse();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
