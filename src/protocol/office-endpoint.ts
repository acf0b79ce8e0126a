/** An address beside those of endpoints.ts, as the server checks and documents it. Its refusals are of either table. */
import type { Endpoint } from './endpoints.ts';
import type { OfficeProblemCode } from './office-problem.ts';
import type { ProblemCode } from './problem.ts';

export interface OfficeEndpoint extends Omit<Endpoint, 'problems'> {
  readonly problems: readonly (ProblemCode | OfficeProblemCode)[];
}
