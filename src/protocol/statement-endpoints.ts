/** The second half of statement-routes.ts: what the server checks and documents about the addresses of statements. */
import type { OfficeEndpoint } from './office-endpoint.ts';
import { statementPeriodSchema, statementQuerySchema } from './statement.ts';
import { STATEMENT_ROUTES, type StatementEndpointName } from './statement-routes.ts';

export const STATEMENT_ENDPOINTS = {
  statementMonths: {
    ...STATEMENT_ROUTES.statementMonths,
    role: 'billing',
    summary: 'Months of which the office has lines, for a month picker.',
    problems: [],
  },
  statementSummary: {
    ...STATEMENT_ROUTES.statementSummary,
    role: 'billing',
    summary:
      'Sums of a period: opening and closing balance, by group, person, department, destination, number and day. Equal to the ledger.',
    query: statementPeriodSchema,
    problems: [],
  },
  statementLines: {
    ...STATEMENT_ROUTES.statementLines,
    role: 'billing',
    summary: 'One line for each entry of the wallet, filtered and sorted, page by page.',
    query: statementQuerySchema,
    problems: [],
  },
  explainStatementLine: {
    ...STATEMENT_ROUTES.explainStatementLine,
    role: 'billing',
    summary: 'Why a line costs what it costs: rate, increments, rounding, parts.',
    problems: ['not_found'],
  },
  statementForecast: {
    ...STATEMENT_ROUTES.statementForecast,
    role: 'billing',
    summary: 'The last seven days, and how long the credit lasts at their pace.',
    problems: [],
  },
} as const satisfies Record<StatementEndpointName, OfficeEndpoint>;
