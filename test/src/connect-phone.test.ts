import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPhone } from '../../src/connect-phone.ts';
import { answerJson, PhoneGateServer, until } from '../support/phone-gate-server.ts';
import { sampleBalance, sampleMe } from '../support/phone-samples.ts';

let server: PhoneGateServer;
beforeEach(async () => {
  server = await new PhoneGateServer().start();
});
afterEach(() => server.stop());

test('works in Node without any element: signs in, shows the balance, and closes', async () => {
  server.script = ({ address }, response) => {
    if (address === '/v1/me') answerJson(response, sampleMe());
    else if (address === '/v1/balance') answerJson(response, sampleBalance());
    else response.writeHead(404).end();
  };
  const notes: string[] = [];
  const phone = connectPhone({
    gateUrl: server.url,
    token: async () => 'token',
    isReachable: false,
    log: (message, detail) => notes.push(`${message} ${detail?.cause ?? ''}`),
  });
  await until(() => phone.snapshot.balance !== null && phone.snapshot.isHistoryLoaded);
  expect(phone.snapshot).toMatchObject({ me: { name: 'Sam' }, lineStatus: 'off' });
  // Node has no IndexedDB: the history falls back to memory and says so.
  expect(notes.join()).toContain('keeps no call history');
  await phone.close();
});
