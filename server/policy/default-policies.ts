/** The policies of a server whose operator decided nothing. */
import { readPolicies } from './read-policies.ts';

export const DEFAULT_POLICIES = readPolicies('{}');
