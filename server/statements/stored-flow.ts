import { STATEMENT_FLOWS, type StatementFlow } from '../../src/protocol/statement.ts';

/** Of a row, whose columns are texts. */
export function storedFlow(text: string): StatementFlow {
  const flow = STATEMENT_FLOWS.find((known) => known === text);
  if (flow === undefined) throw new Error(`The store holds a line with flow "${text}"`);
  return flow;
}
