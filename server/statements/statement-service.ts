/** Statements as admins read them: billing those of its office, company those of the office it has chosen (D-13). */
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { refusal } from '../../src/protocol/problem.ts';
import type { StatementFilter } from '../../src/protocol/statement.ts';
import type { STATEMENT_ENDPOINTS } from '../../src/protocol/statement-endpoints.ts';
import type { HandlersOf, Identity } from '../services.ts';
import { projectBehind } from './behind-wallets.ts';
import { caughtUp } from './caught-up.ts';
import { explainStatementLine } from './explain-statement-line.ts';
import { exportStatement, type StatementExport } from './export-statement.ts';
import { readForecast } from './read-forecast.ts';
import { readLinePage } from './read-lines.ts';
import { readMonths } from './read-months.ts';
import { readSummary } from './read-summary.ts';
import type { StatementRoom } from './statement-room.ts';
import { dayRange, type StatementView } from './statement-view.ts';

export interface StatementService {
  readonly handlers: HandlersOf<typeof STATEMENT_ENDPOINTS>;
  readonly exportCsv: (identity: Identity, filter: StatementFilter) => Promise<OfficeOutcome<StatementExport>>;
  readonly works: readonly { readonly name: string; readonly everyMs: number; readonly work: () => Promise<void> }[];
}

/** Readers catch up by themselves; this is for wallets that nobody reads for long. */
const CATCH_UP_MS = 5_000;
/** After an update or a rebuild: when a reader may find all lines made. */
const PREPARING_SECONDS = 5;

export function createStatementService(room: StatementRoom): StatementService {
  const { store, clock } = room;
  const viewing = async <T>(identity: Identity, read: (view: StatementView) => Promise<T>) => {
    const view = await viewOf(room, identity);
    return view.ok ? ({ ok: true, value: await read(view.value) } as const) : view;
  };
  return {
    handlers: {
      statementMonths: (identity) => viewing(identity, (view) => readMonths(store, { view, nowMs: clock.nowMs() })),
      statementSummary: (identity, period) =>
        viewing(identity, (view) => readSummary(store, { view, days: dayRange(period) })),
      statementLines: (identity, query) => viewing(identity, (view) => readLinePage(store, { view, query })),
      explainStatementLine: async (identity, { sequence }) => {
        const found = await viewing(identity, (view) =>
          explainStatementLine(store, { view, sequence: Number(sequence) }),
        );
        if (!found.ok) return found;
        return found.value === null ? refusedWith('not_found') : { ok: true, value: found.value };
      },
      statementForecast: (identity) => viewing(identity, (view) => readForecast(store, { view, nowMs: clock.nowMs() })),
    },
    exportCsv: (identity, filter) => viewing(identity, (view) => exportStatement(store, { view, filter })),
    works: [{ name: 'statements', everyMs: CATCH_UP_MS, work: () => projectBehind(store) }],
  };
}

async function viewOf(room: StatementRoom, identity: Identity): Promise<OfficeOutcome<StatementView>> {
  const office = await room.offices.find(identity);
  if (!office) return refusedWith('office_forbidden');
  const { accountId, walletId, officeId } = office.office;
  const { timeZone } = office.account;
  const mark = await caughtUp(room.store, { accountId, walletId, officeId, timeZone });
  return mark === null
    ? { ok: false, refusal: refusal('unavailable', { retryInSeconds: PREPARING_SECONDS }) }
    : { ok: true, value: { office, mark } };
}

function refusedWith(code: 'not_found' | 'office_forbidden'): Extract<OfficeOutcome<never>, { ok: false }> {
  return { ok: false, refusal: refusal(code) };
}
