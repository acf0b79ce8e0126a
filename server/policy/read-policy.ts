/** Reads the policy file: a JSON object with whatever differs from the default. */
import * as z from 'zod/mini';
import { DEFAULT_POLICY } from './default-policy.ts';
import { type Policy, policySchema } from './policy.ts';

/** Throws an Error that names the first wrong field. Groups may be given in part: what is missing stays as in the default. */
export function readPolicy(text: string): Policy {
  const given = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const unknown = Object.keys(given).find((name) => !(name in DEFAULT_POLICY));
  if (unknown !== undefined) throw new Error(`"${unknown}" is no part of a policy`);
  const merged = Object.entries(DEFAULT_POLICY).map(([name, standard]) => [name, mergeGroup(standard, given[name])]);
  const parsed = policySchema.safeParse(Object.fromEntries(merged));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
}

function mergeGroup(standard: unknown, given: unknown): unknown {
  if (given === undefined) return standard;
  return isGroup(standard) && isGroup(given) ? { ...standard, ...given } : given;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
