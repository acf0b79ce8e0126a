/** The addresses of own numbers behind the OwnNumbersGate port; loaded with the Numbers tab, never for a call. */
import type { OwnNumbersGate } from '../phone/own-numbers-ports.ts';
import { type OfficeOutcome, type OfficeRefusal, officeRefusalSchema } from '../protocol/office-problem.ts';
import { OWNED_NUMBER_ROUTES } from '../protocol/owned-number-routes.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { Route } from '../protocol/routes.ts';
import type { GateClientOptions } from './gate-client.ts';
import { isUndecided, refusalOfProblem } from './gate-error.ts';
import { askRoute, type GateInput, type RouteOutput } from './gate-request.ts';
import { repeatedly, WHILE_SOMEBODY_WAITS } from './repeatedly.ts';

/** A carrier may take its time to take a number back, and the server waits for it. */
const CARRIER_PATIENCE_MS = 25_000;

export function createOwnNumbersClient(options: GateClientOptions): OwnNumbersGate {
  const ask = <R extends Route>(route: R, input: GateInput): Promise<OfficeOutcome<RouteOutput<R>>> =>
    askRoute({ patienceMs: CARRIER_PATIENCE_MS, ...input, route, options, readRefusal });
  const repeat = <R extends Route>(route: R, input: GateInput) =>
    repeatedly(() => ask(route, input), { options, policy: WHILE_SOMEBODY_WAITS, isOpen: isUndecided });
  return {
    ownNumbers: (cursor) => ask(OWNED_NUMBER_ROUTES.ownNumbers, { query: cursor === null ? {} : { cursor } }),
    release: (number, body) => repeat(OWNED_NUMBER_ROUTES.releaseNumber, { params: { number }, body }),
    restore: (number, body) => repeat(OWNED_NUMBER_ROUTES.restoreNumber, { params: { number }, body }),
    assign: (number, body) => repeat(OWNED_NUMBER_ROUTES.assignNumber, { params: { number }, body }),
  };
}

function readRefusal(body: unknown): Refusal | OfficeRefusal {
  const read = officeRefusalSchema.safeParse(body);
  return read.success ? read.data : refusalOfProblem(body);
}
