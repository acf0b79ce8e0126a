/**
 * The policy file: JSON, any part of it. What it leaves out is as in default-policy.ts; `profiles` has what differs from that, by profile,
 * before what profile-policies.ts says. A name that is not known is an error, because a cap with a typing mistake would be no cap.
 */
import { DEFAULT_POLICY } from './default-policy.ts';
import type { Policies } from './policies.ts';
import { type Policy, policySchema, SERVER_FIELDS } from './policy.ts';
import { policyContradictions } from './policy-contradictions.ts';
import { PROFILES, type Profile } from './profile.ts';
import { PROFILE_POLICIES } from './profile-policies.ts';

/** Names field and line, with a reason for each, so that the operator finds all of them at once. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** Throws PolicyError. */
export function readPolicies(text: string): Policies {
  const written = parsed(text);
  throwFor(text, unknownFields(written, KNOWN_FIELDS, []));
  const standard = read(merged(DEFAULT_POLICY, written), []);
  throwFor(text, standard.wrong);
  const named = NAMED_PROFILES.map((profile) => {
    const ofProduct = merged(standard.policy, PROFILE_POLICIES[profile]);
    return { profile, ...read(merged(ofProduct, writtenFor(written, profile)), ['profiles', profile]) };
  });
  throwFor(
    text,
    named.flatMap(({ wrong }) => wrong),
  );
  const byProfile = Object.fromEntries(named.map(({ profile, policy }) => [profile, policy]));
  // With nothing wrong there is a policy for each of NAMED_PROFILES, and those are all but the default.
  return { ...byProfile, default: standard.policy } as Policies;
}

/** As the operator could have written it, with everything that was left out. */
export function writtenPolicies({ default: standard, ...profiles }: Policies): unknown {
  return {
    ...standard,
    profiles: Object.fromEntries(
      Object.entries(profiles).map(([profile, policy]) => [profile, withoutServerFields(policy)]),
    ),
  };
}

const NAMED_PROFILES = PROFILES.filter((profile) => profile !== 'default');
const KNOWN_FIELDS = {
  ...DEFAULT_POLICY,
  profiles: Object.fromEntries(NAMED_PROFILES.map((profile) => [profile, withoutServerFields(DEFAULT_POLICY)])),
};

function withoutServerFields(policy: Policy): Fields {
  return Object.fromEntries(
    Object.entries(policy).filter(([name]) => !SERVER_FIELDS.some((ofServer) => ofServer === name)),
  );
}

function writtenFor(written: unknown, profile: Profile): unknown {
  const profiles = isFields(written) ? written.profiles : undefined;
  return (isFields(profiles) ? profiles[profile] : undefined) ?? {};
}

interface Wrong {
  readonly path: readonly string[];
  readonly reason: string;
}

/** The policy, and what is wrong with it; `at`: where in the file it stands. */
function read(
  written: unknown,
  at: readonly string[],
): { readonly policy: Policy | null; readonly wrong: readonly Wrong[] } {
  const policy = policySchema.safeParse(written);
  const wrong = policy.success
    ? policyContradictions(policy.data)
    : policy.error.issues.map(({ path, message }) => ({ path: path.map(String), reason: message }));
  return { policy: policy.data ?? null, wrong: wrong.map(({ path, reason }) => ({ path: [...at, ...path], reason })) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Where the operator makes up the names; what stands below one has fields like those. */
const NAMED_BY_OPERATOR = { path: ['services', 'kinds'], fields: { unit: '', priceBy: '', payBy: '' } } as const;

/** In the whole file, or in what it says of a profile. */
function isNamedByOperator(path: readonly string[]): boolean {
  const inPolicy = path[0] === 'profiles' ? path.slice(2) : path;
  return inPolicy.join('.') === NAMED_BY_OPERATOR.path.join('.');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownFields(written: unknown, known: unknown, path: readonly string[]): readonly Wrong[] {
  if (!isFields(known)) return [];
  if (!isFields(written)) return [{ path, reason: 'is not an object' }];
  return Object.entries(written).flatMap(([name, value]) =>
    name in known || isNamedByOperator(path)
      ? unknownFields(value, name in known ? known[name] : NAMED_BY_OPERATOR.fields, [...path, name])
      : [{ path: [...path, name], reason: `is not known; there are ${Object.keys(known).join(', ')}` }],
  );
}

function merged(standard: unknown, written: unknown, path: readonly string[] = []): unknown {
  if (!isFields(standard) || !isFields(written)) return written;
  const known = Object.entries(standard).map(([name, value]) => [
    name,
    name in written ? merged(value, written[name], [...path, name]) : value,
  ]);
  return { ...(isNamedByOperator(path) && written), ...Object.fromEntries(known) };
}

function throwFor(text: string, wrongs: readonly Wrong[]): void {
  if (wrongs.length > 0) throw errorFor(text, wrongs);
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
