/** The statement addresses behind the StatementGate port; loaded for those who manage credit, never for a call. */
import type { StatementGate } from '../phone/statement-ports.ts';
import { MORE_ROUTES } from '../protocol/more-routes.ts';
import { OFFICE_HEADER } from '../protocol/office.ts';
import type { Outcome } from '../protocol/problem.ts';
import type { Route } from '../protocol/routes.ts';
import { STATEMENT_ROUTES } from '../protocol/statement-routes.ts';
import { refusalOfProblem } from './gate-error.ts';
import { askRoute, type GateInput, type GateRequestOptions, type RouteOutput } from './gate-request.ts';
import type { Download } from './save-file.ts';
import { saveStatement } from './save-statement.ts';

/** A month of a large office is added up anew after somebody's first look. */
const SUM_PATIENCE_MS = 25_000;

export interface StatementClientOptions extends GateRequestOptions {
  /** How a file reaches the person; a browser's download when nothing is said. */
  readonly download?: Download;
}

export function createStatementClient(options: StatementClientOptions, officeId: string | null = null): StatementGate {
  const headers = officeId === null ? {} : { [OFFICE_HEADER]: officeId };
  const ask = <R extends Route>(route: R, input: GateInput = {}): Promise<Outcome<RouteOutput<R>>> =>
    askRoute({ patienceMs: SUM_PATIENCE_MS, headers, ...input, route, options, readRefusal: refusalOfProblem });
  return {
    ofOffice: (other) => createStatementClient(options, other),
    months: () => ask(STATEMENT_ROUTES.statementMonths),
    summary: (month) => ask(STATEMENT_ROUTES.statementSummary, { query: { month } }),
    lines: (query) => ask(STATEMENT_ROUTES.statementLines, { query }),
    explain: (sequence) => ask(STATEMENT_ROUTES.explainStatementLine, { params: { sequence: String(sequence) } }),
    rates: ({ search, cursor }) =>
      ask(MORE_ROUTES.rates, {
        query: { ...(search === '' ? {} : { search }), ...(cursor === null ? {} : { cursor }) },
      }),
    forecast: () => ask(STATEMENT_ROUTES.statementForecast),
    save: (wanted) => saveStatement(wanted, { options, headers }),
  };
}
