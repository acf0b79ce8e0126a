/** Where the billing panel asks for statements, and what is answered. statement-endpoints.ts adds what the server checks. */
import type { Route } from './routes.ts';
import {
  explainedLineSchema,
  statementForecastSchema,
  statementLinePageSchema,
  statementMonthsSchema,
  statementSummarySchema,
} from './statement.ts';

export const STATEMENT_ROUTES = {
  statementMonths: { method: 'GET', path: '/v1/statement/months', response: statementMonthsSchema },
  statementSummary: { method: 'GET', path: '/v1/statement', response: statementSummarySchema },
  statementLines: { method: 'GET', path: '/v1/statement/lines', response: statementLinePageSchema },
  explainStatementLine: { method: 'GET', path: '/v1/statement/lines/:sequence', response: explainedLineSchema },
  statementForecast: { method: 'GET', path: '/v1/statement/forecast', response: statementForecastSchema },
} as const satisfies Record<string, Route>;

export type StatementEndpointName = keyof typeof STATEMENT_ROUTES;

/**
 * Answers text/csv (RFC 4180, UTF-8 with a byte order mark, one header row), oldest line first, as it is read: a file of a million lines
 * begins at once. Query: that of StatementFilter. The columns that begin with "sequence" and end with "link" let the file be checked
 * without a server.
 */
export const STATEMENT_CSV_PATH = '/v1/statement.csv';
/** Rows that follow the header row, for a progress bar; left out where counting would mean reading them all. */
export const STATEMENT_ROWS_HEADER = 'x-statement-rows';
