/** The statement addresses, played by a test: answers that can fail or be held back, and a note of what was asked. */
import type { RatePage, StatementGate, WantedStatement } from '../../src/phone/statement-ports.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { granted, refusal, refused } from '../../src/protocol/problem.ts';
import type { StatementLinePage, StatementQuery, StatementSummary } from '../../src/protocol/statement.ts';
import { RATES } from './office-rates.ts';
import { sampleExplained, sampleForecast, sampleMonths, samplePage, sampleSummary } from './statement-samples.ts';

export class FakeStatements implements StatementGate {
  readonly log: string[] = [];
  readonly queries: StatementQuery[] = [];
  readonly others = new Map<string, FakeStatements>();
  /** Requests that come to nothing. */
  lostAnswers = 0;
  shownMonths = sampleMonths;
  shownSummary: StatementSummary = sampleSummary;
  pages: (query: StatementQuery) => StatementLinePage = () => samplePage();
  ratePages: (query: { readonly search: string; readonly cursor: string | null }) => RatePage = () => ({
    rates: RATES,
    nextCursor: null,
  });
  wanted: WantedStatement | null = null;
  /** Ends what is being saved. */
  endSaving: (outcome: Awaited<ReturnType<StatementGate['save']>>) => void = () => undefined;
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();

  ofOffice: StatementGate['ofOffice'] = (officeId) => {
    const other = officeId === null ? this : this.others.get(officeId);
    if (other === undefined) throw new Error(`Nobody plays the office ${officeId}.`);
    return other;
  };

  months: StatementGate['months'] = () => this.#answer('months', this.shownMonths);
  summary: StatementGate['summary'] = (month) => this.#answer(`summary ${month}`, this.shownSummary);
  forecast: StatementGate['forecast'] = () => this.#answer('forecast', sampleForecast);
  explain: StatementGate['explain'] = (sequence) =>
    this.#answer(`explain ${sequence}`, { ...sampleExplained, line: { ...sampleExplained.line, sequence } });

  rates: StatementGate['rates'] = ({ search, cursor }) =>
    this.#answer(`rates ${search} ${cursor ?? ''}`.trim(), this.ratePages({ search, cursor }));

  lines: StatementGate['lines'] = (query) => {
    this.queries.push(query);
    return this.#answer(`lines ${query.cursor ?? ''}`.trim(), this.pages(query));
  };

  save: StatementGate['save'] = (wanted) => {
    this.wanted = wanted;
    return new Promise((resolve) => {
      this.endSaving = resolve;
      wanted.signal.addEventListener('abort', () => resolve(granted(null)));
    });
  };

  async #answer<T>(said: string, value: T): Promise<OfficeOutcome<T>> {
    this.log.push(said);
    const isLost = this.lostAnswers > 0;
    if (isLost) this.lostAnswers -= 1;
    await this.gate;
    return isLost ? refused(refusal('unavailable')) : granted(value);
  }
}
