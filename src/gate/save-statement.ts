/** A statement on its way from the server to the person's disk: piece by piece, counted on the way, stopped when wanted. Never throws. */
import type { SavedStatement, WantedStatement } from '../phone/statement-ports.ts';
import { granted, type Outcome, refusal, refused } from '../protocol/problem.ts';
import { STATEMENT_CSV_PATH, STATEMENT_ROWS_HEADER } from '../protocol/statement-routes.ts';
import { refusalOfProblem } from './gate-error.ts';
import { addressOf, authorizationOf, PRIVATE_FETCH, queryText } from './gate-request.ts';
import { type FileSink, openFileSink } from './save-stream.ts';
import type { StatementClientOptions } from './statement-client.ts';
import { StatementMeter } from './statement-meter.ts';

/** A file may take long; a connection on which nothing comes for this long is dead. */
const SILENCE_MS = 30_000;

interface Server {
  readonly options: StatementClientOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/** Null: it was stopped, or no place was chosen for it. */
export async function saveStatement(wanted: WantedStatement, server: Server): Promise<Outcome<SavedStatement | null>> {
  const sink = await openFileSink({ ...wanted, download: server.options.download });
  if (sink === null) return granted(null);
  const outcome = await attempt(wanted, { server, sink });
  if (!outcome.ok || outcome.value === null) await sink.discard().catch(() => undefined);
  return outcome;
}

async function attempt(
  wanted: WantedStatement,
  { server, sink }: { readonly server: Server; readonly sink: FileSink },
): Promise<Outcome<SavedStatement | null>> {
  const silence = new Silence(server.options);
  const signal = AbortSignal.any([wanted.signal, silence.signal]);
  try {
    let response = await request(wanted, { server, signal });
    if (response.status === 401) response = await request(wanted, { server, signal });
    if (!response.ok) return refused(refusalOfProblem(await response.json().catch(() => null)));
    const saved = await pour(response, { wanted, sink, silence });
    // Between the last byte and here somebody may have pressed Stop.
    if (wanted.signal.aborted) return granted(null);
    await sink.finish();
    return granted(saved);
  } catch (cause) {
    if (wanted.signal.aborted) return granted(null);
    server.options.log('The statement cannot be fetched.', { cause: `${cause}` });
    return refused(refusal('unavailable'));
  } finally {
    silence.end();
  }
}

async function request(
  { filter }: WantedStatement,
  { server, signal }: { readonly server: Server; readonly signal: AbortSignal },
): Promise<Response> {
  const { options, headers } = server;
  return (options.fetch ?? fetch)(addressOf(options.gateUrl, STATEMENT_CSV_PATH + queryText(filter)), {
    ...PRIVATE_FETCH,
    signal,
    headers: { ...(await authorizationOf(options)), accept: 'text/csv, application/problem+json', ...headers },
  });
}

async function pour(
  response: Response,
  { wanted, sink, silence }: { readonly wanted: WantedStatement; readonly sink: FileSink; readonly silence: Silence },
): Promise<SavedStatement> {
  const meter = new StatementMeter();
  const announced = response.headers.get(STATEMENT_ROWS_HEADER);
  const allRows = announced === null ? null : Number(announced);
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    silence.broken();
    meter.read(piece.value);
    await sink.write(piece.value);
    wanted.onProgress({ rows: meter.count.rows, allRows });
  }
  const saved = meter.end();
  // More is right, when a call was charged meanwhile; less is half a file, however quietly it has ended.
  if (allRows !== null && saved.rows < allRows) throw new Error(`${saved.rows} of ${allRows} rows came`);
  return saved;
}

/** Ends what is waited for when nothing has come for too long. */
class Silence {
  readonly #clock: StatementClientOptions['clock'];
  readonly #controller = new AbortController();
  #cancel: () => void = () => undefined;

  constructor({ clock }: StatementClientOptions) {
    this.#clock = clock;
    this.broken();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(SILENCE_MS, () => this.#controller.abort(new Error('Nothing came in time')));
  }

  end(): void {
    this.#cancel();
  }
}
