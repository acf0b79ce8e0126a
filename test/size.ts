/**
 * `npm run size`: what the widget weighs on the wire (brotli 11), from a real production build. Fails above the promises of the
 * README: first paint <= 20 kB, everything for calling <= 90 kB. What is loaded beyond that is listed below them, with the reason.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Rolldown } from 'vite';

const FIRST_PAINT_LIMIT_BYTES = 20_000;
const CALLING_LIMIT_BYTES = 90_000;

/** Chunk name -> when it is loaded. No call waits for any of these, and none fails without them. */
const NOT_FOR_CALLING: Readonly<Record<string, string>> = {
  'number-format': 'with the first digit or call; groups the digits that are shown, nothing else',
  'host-warnings': 'beside the connection; tells the developers of the host page what is missing there',
  'panel-messages': 'with the first of the panels and forms below',
  'keys-help': 'when the list of keys is opened',
  'caller-choice': 'for those who may show more than one number',
  'ask-for-credit': 'when the agent asks for credit',
  'credit-request-banner': 'when somebody asks this admin for credit',
  'closed-panel': 'instead of the phone, when there is none for this person',
  'credit-stage': 'when the tab is opened, by those who manage credit',
  'billing-messages': 'with it',
  'stripe-card-form': 'when an admin opens the payment step, where payments go through Stripe',
  'stripe-desk': 'with it',
  billing: 'for those who manage credit, once they are signed in',
  'alert-banner': 'when the admins of the office were told something',
  'alert-messages': 'with it',
  'alert-desk': 'for those who manage credit, once they are signed in',
  'alert-client': 'with it',
  'usage-stage': 'when the Credit tab is opened',
  'usage-messages': 'with it',
  'statement-desk': 'with it',
  'statement-client': 'with it',
  'spend-chart': 'when somebody who manages credit wants a chart',
  'payment-client': 'with it',
  'session-intents': 'with it',
  'call-history-list': 'when the tab is opened',
  'number-shop': 'when the tab is opened',
  'own-numbers': 'with it',
  'own-number-messages': 'with it',
  'own-numbers-client': 'with it',
  dexie: 'after the first call, to store it',
};

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-size-'));

function brotliBytes(file: string): number {
  return brotliCompressSync(readFileSync(join(folder, file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    .length;
}

/** The chunk and what it imports at once, each file once. */
function withStaticImports(entry: string, chunks: ReadonlyMap<string, Rolldown.OutputChunk>): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    waiting.push(...(chunks.get(file)?.imports ?? []));
  }
  return found;
}

function everythingForCalling(entry: string, chunks: ReadonlyMap<string, Rolldown.OutputChunk>): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const chunk = chunks.get(file);
    const later = (chunk?.dynamicImports ?? []).filter((name) => !isNotForCalling(chunks.get(name)));
    waiting.push(...(chunk?.imports ?? []), ...later);
  }
  return found;
}

function isNotForCalling(chunk: Rolldown.OutputChunk | undefined): boolean {
  return chunk !== undefined && chunk.name in NOT_FOR_CALLING;
}

function reportLater(chunks: ReadonlyMap<string, Rolldown.OutputChunk>): void {
  console.log('later, or never:');
  for (const chunk of [...chunks.values()].filter(isNotForCalling))
    console.log(`  ${String(brotliBytes(chunk.fileName)).padStart(6)}  ${chunk.name}: ${NOT_FOR_CALLING[chunk.name]}`);
}

function report(name: string, files: ReadonlySet<string>, limitBytes: number): boolean {
  const sizes = [...files].map((file) => ({ file, bytes: brotliBytes(file) })).sort((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const isWithin = total <= limitBytes;
  console.log(`${name}: ${total} bytes brotli of ${limitBytes} allowed${isWithin ? '' : '  <-- TOO MUCH'}`);
  for (const { file, bytes } of sizes) console.log(`  ${String(bytes).padStart(6)}  ${file}`);
  return isWithin;
}

try {
  const output = await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const bundles = (Array.isArray(output) ? output : [output]).filter((bundle) => 'output' in bundle);
  const chunks = new Map(
    bundles.flatMap((bundle) =>
      bundle.output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk] as const),
    ),
  );
  const entry = [...chunks.values()].find((chunk) => chunk.isEntry && chunk.name === 'credit-phone');
  if (!entry) throw new Error('The build has no entry "credit-phone".');
  const verdicts = [
    report('first paint', withStaticImports(entry.fileName, chunks), FIRST_PAINT_LIMIT_BYTES),
    report('everything for calling', everythingForCalling(entry.fileName, chunks), CALLING_LIMIT_BYTES),
  ];
  reportLater(chunks);
  process.exitCode = verdicts.every(Boolean) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
