/** A statement as CSV, sent as it is read: page after page, only as fast as the other side takes it. */
import type { Hono } from 'hono';
import { statementFilterSchema } from '../../src/protocol/statement.ts';
import { STATEMENT_CSV_PATH, STATEMENT_ROWS_HEADER } from '../../src/protocol/statement-routes.ts';
import type { StatementExport } from '../statements/export-statement.ts';
import type { StatementService } from '../statements/statement-service.ts';
import { inTime, refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { type IdentityDependencies, identify } from './identify.ts';
import { readInput } from './read-input.ts';

/** Files that are sent at the same time by one server; each reads the store as fast as it can. */
const MAX_EXPORTS = 8;
const RETRY_SECONDS = 10;

export function bindStatementCsv(
  app: Hono<{ Bindings: Exchange }>,
  dependencies: IdentityDependencies & { readonly statements: Pick<StatementService, 'exportCsv'> },
): void {
  const running = new Set<StatementExport>();
  app.get(STATEMENT_CSV_PATH, async (context: GateContext): Promise<Response> => {
    context.env.route = 'statementCsv';
    const identity = await identify(context, { role: 'billing', dependencies });
    if (!identity.ok) return refuse(context, identity.refusal);
    const query = context.req.query();
    const raw = { request: context.req.raw, parameters: {}, query };
    const input = await readInput({ query: statementFilterSchema }, raw);
    if (!input.ok) return refuse(context, input.code, { errors: input.errors });
    if (running.size >= MAX_EXPORTS) {
      return refuse(context, { code: 'rate_limited', whoCanFix: 'nobody', retryInSeconds: RETRY_SECONDS });
    }
    const made = await inTime(dependencies.statements.exportCsv(identity.value, statementFilterSchema.parse(query)));
    if (!made.ok) return refuse(context, made.refusal);
    running.add(made.value);
    return csvResponse(made.value, () => running.delete(made.value));
  });
}

function csvResponse(file: StatementExport, onEnd: () => void): Response {
  return new Response(csvStream(file, onEnd), {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${file.fileName}"`,
      'cache-control': 'private, no-store',
      ...(file.rowCount !== null && { [STATEMENT_ROWS_HEADER]: String(file.rowCount) }),
    },
  });
}

/** A page is read when the one before it is on its way. Who goes away stops the reading. */
function csvStream({ pages }: StatementExport, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const page = await pages.next();
          if (!page.done) return controller.enqueue(encoder.encode(page.value.text));
          onEnd();
          controller.close();
        } catch (error) {
          // The connection is cut: a file that ends early must not look like a whole one.
          onEnd();
          controller.error(error);
        }
      },
      async cancel() {
        onEnd();
        await pages.return();
      },
    },
    { highWaterMark: 1 },
  );
}
