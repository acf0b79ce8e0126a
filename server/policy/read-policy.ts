/**
 * The policy file: JSON, any part of it; what it leaves out is as in default-policy.ts. A name that is not known is an error, because a
 * cap with a typing mistake would be no cap.
 */
import { DEFAULT_POLICY } from './default-policy.ts';
import { type Policy, policySchema } from './policy.ts';

/** Names field and line, with a reason for each, so that the operator finds all of them at once. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** Throws PolicyError. */
export function readPolicy(text: string): Policy {
  const written = parsed(text);
  const unknown = unknownFields(written, DEFAULT_POLICY, []);
  if (unknown.length > 0) throw errorFor(text, unknown);
  const policy = policySchema.safeParse(merged(DEFAULT_POLICY, written));
  if (!policy.success) {
    throw errorFor(
      text,
      policy.error.issues.map(({ path, message }) => ({ path: path.map(String), reason: message })),
    );
  }
  const contradictions = contradictionsOf(policy.data);
  if (contradictions.length > 0) throw errorFor(text, contradictions);
  return policy.data;
}

interface Wrong {
  readonly path: readonly string[];
  readonly reason: string;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownFields(written: unknown, known: unknown, path: readonly string[]): readonly Wrong[] {
  if (!isFields(known)) return [];
  if (!isFields(written)) return [{ path, reason: 'is not an object' }];
  return Object.entries(written).flatMap(([name, value]) =>
    name in known
      ? unknownFields(value, known[name], [...path, name])
      : [{ path: [...path, name], reason: `is not known; there are ${Object.keys(known).join(', ')}` }],
  );
}

function merged(standard: unknown, written: unknown): unknown {
  if (!isFields(standard) || !isFields(written)) return written;
  return Object.fromEntries(
    Object.entries(standard).map(([name, value]) => [name, name in written ? merged(value, written[name]) : value]),
  );
}

/** Values that are right by themselves and wrong together. */
function contradictionsOf({ credit, calls }: Policy): readonly Wrong[] {
  const wrong: Wrong[] = [];
  if (credit.criticalMicros > credit.lowMicros) {
    wrong.push({ path: ['credit', 'criticalMicros'], reason: 'is more than credit.lowMicros' });
  }
  if (calls.renewBeforeSeconds >= calls.leaseSeconds) {
    wrong.push({ path: ['calls', 'renewBeforeSeconds'], reason: 'is not less than calls.leaseSeconds' });
  }
  if (calls.leaseSeconds > calls.maxSeconds) {
    wrong.push({ path: ['calls', 'leaseSeconds'], reason: 'is more than calls.maxSeconds' });
  }
  return wrong;
}

function errorFor(text: string, wrongs: readonly Wrong[]): PolicyError {
  const sentences = wrongs.map(
    ({ path, reason }) => `line ${lineOf(text, path)}: ${path.join('.') || 'the policy'} ${reason}`,
  );
  return new PolicyError(sentences.join('; '));
}

/** Where the innermost name of a path stands that is in the text; parents come before their children in JSON. */
function lineOf(text: string, path: readonly string[]): number {
  let position = 0;
  for (const name of path) {
    const found = text.indexOf(JSON.stringify(name), position);
    if (found < 0) break;
    position = found;
  }
  return text.slice(0, position).split('\n').length;
}
