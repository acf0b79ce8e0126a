/**
 * What an operator decides for all servers on one store while they run: rate deck, policy, tokens that hold no more. Each server looks
 * every second, and at once when it hears a word, so that a lost word costs a second.
 */
import { existsSync, readFileSync } from 'node:fs';
import { TokenRevocations } from './accounts/token-revocations.ts';
import type { Config } from './config.ts';
import { lookRegularly, type RegularLook } from './look-regularly.ts';
import type { Logger } from './observability/logger.ts';
import type { OutageLog } from './observability/outage-log.ts';
import { DEFAULT_POLICIES } from './policy/default-policies.ts';
import { type Policies, type PolicyInForce, policyInForce } from './policy/policies.ts';
import { PolicyWatch } from './policy/policy-watch.ts';
import { PolicyError, readPolicies } from './policy/read-policies.ts';
import { RateDeckWatch } from './rate-deck-watch.ts';
import type { RateBook } from './rates/rate-book.ts';
import { realTimer } from './real-timer.ts';
import type { ServerClock } from './services.ts';
import { StartError } from './start-error.ts';
import type { Store } from './storage/store.ts';
import { watchFile } from './watched-file.ts';

const LOOK_EVERY_MS = 1_000;

export interface SettingsInForce {
  readonly rates: RateBook;
  readonly policy: PolicyInForce;
  readonly tokens: Pick<TokenRevocations, 'isRevoked' | 'onRevoked'>;
  /** Somebody has told that these changed. */
  lookSoon(what: 'rates' | 'policy' | 'tokens'): void;
  stop(): Promise<void>;
}

export interface SettingsOptions {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly logger: Logger;
  readonly outages: OutageLog;
}

/** Everything is in force when it resolves. Throws StartError when a policy cannot be used, and what the store throws. */
export async function settingsInForce(config: Config, options: SettingsOptions): Promise<SettingsInForce> {
  const decks = await firstDeck(options);
  const policy = config.policyFile === null ? await firstPolicy(options) : null;
  const tokens = await firstRevocations(config, options);
  // Nothing runs by itself until all of it could be read: a start that fails is tried again.
  const file = config.policyFile === null ? null : policyOfFile(config.policyFile, options.logger);
  const looks = {
    rates: looked(options, { of: decks, failure: 'the new rate deck is not used; the old one stays in force' }),
    policy:
      policy && looked(options, { of: policy, failure: 'the new policy is not used; the old one stays in force' }),
    tokens: looked(options, { of: tokens, failure: 'no news of revoked tokens; those that are known stay revoked' }),
  };
  return {
    rates: decks.book,
    policy: policyInForce(file?.current ?? (() => policy?.current ?? DEFAULT_POLICIES)),
    tokens,
    lookSoon: (what) => looks[what]?.soon(),
    stop: async () => {
      file?.stop();
      await Promise.all(Object.values(looks).map((looking) => looking?.stop()));
    },
  };
}

async function firstDeck({ store, logger }: SettingsOptions): Promise<RateDeckWatch> {
  const watch = new RateDeckWatch(store, (deckId, rateCount) =>
    logger.info({ deckId, rateCount }, 'rate deck in force'),
  );
  await watch.look();
  if (watch.book.deck.rates.length === 0) logger.warn('there are no rates yet: every number is refused as no_rate');
  return watch;
}

/** What was set in the database, and the default where nothing was. */
async function firstPolicy({ store, logger }: SettingsOptions): Promise<PolicyWatch> {
  const watch = new PolicyWatch(store, (policyVersion) => logger.info({ policyVersion }, 'policy in force'));
  await watch.look().catch((error: unknown) => {
    if (!(error instanceof PolicyError)) throw error;
    throw new StartError(`The policy in the database cannot be used: ${error.message}. Set another with "policy set".`);
  });
  return watch;
}

async function firstRevocations({ tokenMaxSeconds }: Config, options: SettingsOptions): Promise<TokenRevocations> {
  const revocations = new TokenRevocations({ ...options, maxTokenMs: tokenMaxSeconds * 1_000 });
  await revocations.look();
  return revocations;
}

/** A policy file wins on its server. */
function policyOfFile(
  policyFile: string,
  logger: Logger,
): { readonly current: () => Policies; readonly stop: () => void } {
  let policies: Policies = DEFAULT_POLICIES;
  const file = watchFile(policyFile, {
    load: (path) => {
      policies = readPolicyFile(path);
    },
    onError: (error) => logger.error({ error }, 'the new policy is not used; the old one stays in force'),
  });
  logger.info({ policyFile }, 'the policy of the file is in force on this server, whatever is set in the database');
  return { current: () => policies, stop: () => file.stop() };
}

/** Throws StartError with one sentence that names the file and what is wrong in it. */
export function readPolicyFile(path: string): Policies {
  if (!existsSync(path)) throw new StartError(`The policy file ${path} is not there. Correct POLICY_FILE.`);
  try {
    return readPolicies(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new StartError(
      `The policy file ${path} cannot be used: ${reason}. Correct it, or start without POLICY_FILE.`,
    );
  }
}

function looked(
  { logger, outages }: Pick<SettingsOptions, 'logger' | 'outages'>,
  { of, failure }: { readonly of: { look(): Promise<void> }; readonly failure: string },
): RegularLook {
  return lookRegularly({
    everyMs: LOOK_EVERY_MS,
    look: () => of.look(),
    onError: (error) => {
      if (!outages.met(error)) logger.error({ error }, failure);
    },
    after: realTimer,
  });
}
