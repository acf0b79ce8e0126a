/** Short-lived SIP credentials for one widget (line-password.ts has the scheme). */
import type { LineCredentials } from '../../src/protocol/account.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import { mintLinePassword } from '../edge/line-password.ts';
import { MAX_SIP_USER_LENGTH, sipUserOf } from '../edge/sip-user.ts';
import type { Identity } from '../services.ts';
import type { AccountRoom } from './account-room.ts';

export async function mintLineCredentials(room: AccountRoom, identity: Identity): Promise<Outcome<LineCredentials>> {
  const found = await room.offices.find(identity);
  if (!found) return refused(refusal('office_forbidden'));
  if (!found.account.isPhoneEnabled) return refused(refusal('phone_disabled'));
  await room.people.meet(identity);
  const sipUser = sipUserOf(identity);
  if (sipUser.length > MAX_SIP_USER_LENGTH) throw new Error('Account id and person id are too long for a SIP user');
  const { line } = room;
  const credentials = mintLinePassword(identity, {
    secret: room.lineSecret,
    nowMs: room.clock.nowMs(),
    validSeconds: line.credentialsSeconds,
  });
  return granted({
    sipUri: `sip:${sipUser}@${line.sipDomain}`,
    webSocketUrl: line.webSocketUrl,
    ...credentials,
    expiresInSeconds: line.credentialsSeconds,
    iceServers: line.iceServers.map(({ urls }) => ({ urls: [...urls] })),
  });
}
