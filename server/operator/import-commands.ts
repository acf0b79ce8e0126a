/** rates: check and import CSV files. A running server takes a new deck into force within a second or two. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { newsWord } from '../events/news-word.ts';
import { parseRateDeck } from '../rates/parse-rate-deck.ts';
import { reportLines } from '../rates/parse-rates-command.ts';
import { saveRateDeck } from '../rates/rate-deck-store.ts';
import { createRateProgress } from '../rates/rate-progress.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, readTextFile, withStore } from './operator-context.ts';

export function addImportCommands(program: Command, context: OperatorContext): void {
  const rates = program.command('rates').description('rate decks: one file, applied as a whole or not at all');
  rates
    .command('check')
    .description('say what an import would do; store nothing')
    .argument('<file>', 'CSV file')
    .option('--skip-bad', 'leave bad rows out and list them')
    .action((file: string, options: RateOptions) => checkRates(context, { file, ...options }));
  rates
    .command('import')
    .description('put a deck in force for all new calls; running calls keep their rates')
    .argument('<file>', 'CSV file')
    .option('--skip-bad', 'leave bad rows out and list them')
    .action((file: string, options: RateOptions) => importRates(context, { file, ...options }));
}

interface RateOptions {
  readonly skipBad?: boolean;
}

function parseDeck(context: OperatorContext, { file, skipBad = false }: RateOptions & { readonly file: string }) {
  const text = readTextFile(file);
  const progress = createRateProgress();
  const deck = parseRateDeck(text, { skipBad, onProgress: progress.update });
  progress.stop();
  for (const line of reportLines(deck)) context.print(line);
  if (!deck.isGood) context.setExitCode(1);
  return { text, deck };
}

function checkRates(context: OperatorContext, options: RateOptions & { readonly file: string }): void {
  parseDeck(context, options);
}

async function importRates(context: OperatorContext, options: RateOptions & { readonly file: string }): Promise<void> {
  const { text, deck } = parseDeck(context, options);
  if (!deck.isGood) {
    context.print('Nothing was imported.');
    return;
  }
  const importedAtMs = systemClock.nowMs();
  // Time and content: the same file may come into force again after another one.
  const deckId = `${importedAtMs}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  await withStore(context, async (store) => {
    await saveRateDeck(store, { deckId, name: basename(options.file), importedAtMs, rates: deck.rates });
    store.news.tell(newsWord({ word: 'rates' }));
  });
  context.print(`Deck ${deckId} is in force: ${deck.rates.length} rates.`);
}
