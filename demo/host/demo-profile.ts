/** By whose rules the demo's account goes: read and changed while everything runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { changeProfile } from '../../server/accounts/change-profile.ts';
import { newsWord } from '../../server/events/news-word.ts';
import { isProfile } from '../../server/policy/profile.ts';
import type { RunningServer } from '../../server/start-server.ts';
import { ACCOUNT_ID, PEOPLE } from './people.ts';

/** `events`: of the server in this process, when there is one. */
export type ProfileStage = Pick<RunningServer, 'store'> & Partial<Pick<RunningServer, 'events'>>;

/** After so long every server goes by the new profile, whether it heard of it or not (server/accounts/office-directory.ts). */
const FOLLOWED_AFTER_MS = 1_100;

export async function readDemoProfile({ store }: Pick<ProfileStage, 'store'>): Promise<string> {
  const account = await store.db
    .selectFrom('account')
    .select('profile')
    .where('accountId', '=', ACCOUNT_ID)
    .executeTakeFirst();
  return account?.profile ?? 'default';
}

/** Says in one sentence what was done. Open widgets ask for everything once the servers have followed. */
export async function changeDemoProfile({ store, events }: ProfileStage, profile: string): Promise<string> {
  if (!isProfile(profile)) return `There is no profile "${profile}". Nothing was changed.`;
  await changeProfile(store, { accountId: ACCOUNT_ID, profile });
  store.news.tell(newsWord({ word: 'offices', accountId: ACCOUNT_ID }));
  await sleep(FOLLOWED_AFTER_MS);
  for (const officeId of new Set(PEOPLE.map((person) => person.officeId))) {
    const office = { accountId: ACCOUNT_ID, officeId };
    events?.publish({ ...office, personId: null }, { type: 'resync' });
    store.news.tell(newsWord({ word: 'resync', ...office }));
  }
  return `The account goes by the profile "${profile}" now.`;
}
