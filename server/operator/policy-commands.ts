/** policy: what is decided for all servers on the data, in force on each of them within two seconds. */
import type { Command } from 'commander';
import { newsWord } from '../events/news-word.ts';
import { DEFAULT_POLICIES } from '../policy/default-policies.ts';
import { latestPolicyVersion, loadPolicy, savePolicy } from '../policy/policy-store.ts';
import { PolicyError, readPolicies, writtenPolicies } from '../policy/read-policies.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, readTextFile, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { profileOption } from './option-values.ts';

export function addPolicyCommands(program: Command, context: OperatorContext): void {
  const policy = program
    .command('policy')
    .description('profiles, limits, caps and leases of all servers without POLICY_FILE');
  policy
    .command('set')
    .description('put a policy in force on all servers; what it leaves out is as in the default')
    .argument('<file>', 'JSON file')
    .action((file: string) => setPolicy(context, file));
  policy
    .command('show')
    .description('print the policy in force, with everything that it leaves out')
    .option('--profile <name>', 'only what holds for accounts of this profile')
    .action((options: { readonly profile?: string }) => showPolicy(context, options));
}

async function setPolicy(context: OperatorContext, file: string): Promise<void> {
  const content = readTextFile(file);
  const policyVersion = await withStore(context, async (store) => {
    try {
      const version = await savePolicy(store, { content, setAtMs: systemClock.nowMs() });
      store.news.tell(newsWord({ word: 'policy' }));
      return version;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      throw new OperatorError(`${file}: ${error.message}. Nothing was changed.`);
    }
  });
  context.print(`Policy ${policyVersion} is in force.`);
}

async function showPolicy(context: OperatorContext, { profile }: { readonly profile?: string }): Promise<void> {
  const row = await withStore(context, async (store) => {
    const version = await latestPolicyVersion(store);
    return version === null ? null : await loadPolicy(store, version);
  });
  const since = row && new Date(row.setAtMs).toISOString().slice(0, 19).replace('T', ' ');
  context.print(row ? `policy ${row.policyVersion}, set ${since} UTC` : 'the default policy; none was set');
  const policies = row ? readPolicies(row.content) : DEFAULT_POLICIES;
  const shown = profile === undefined ? writtenPolicies(policies) : policies[profileOption('--profile', profile)];
  context.print(JSON.stringify(shown, null, 2));
}
