/** Who the token stands for, and what the phone may show. */
import type { Me } from '../../src/protocol/account.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import { keepContact } from '../mail/keep-contact.ts';
import type { Identity } from '../services.ts';
import type { AccountRoom } from './account-room.ts';
import { callerNumbersOf } from './caller-numbers.ts';
import { creditAdminsOf } from './people.ts';
import { showBalanceTo } from './visible-balance.ts';

export async function showMe(room: AccountRoom, identity: Identity): Promise<Outcome<Me>> {
  const found = await room.offices.find(identity);
  if (!found) return refused(refusal('office_forbidden'));
  const { account, office } = found;
  if (!account.isPhoneEnabled) return refused(refusal('phone_disabled'));
  const person = await room.people.meet(identity);
  await keepContact(room.store, identity);
  return granted({
    personId: identity.personId,
    name: identity.name,
    role: identity.role,
    extension: person.extension,
    account: { accountId: account.accountId, name: account.name },
    office: { officeId: office.officeId, name: office.name, country: office.country, timeZone: office.timeZone },
    currency: account.currency,
    showBalance: showBalanceTo(identity, room.policy.ofServer()),
    supportEmail: account.supportEmail,
    creditAdmins: await creditAdminsOf(room.store, identity),
    isDemo: room.isDemo,
    callerNumbers: [...callerNumbersOf(found, identity.personId)],
  });
}
