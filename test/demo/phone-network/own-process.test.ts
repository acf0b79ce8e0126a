import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, allow, FakeGateServer } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';

const MAIN = fileURLToPath(new URL('../../../demo/phone-network/main.ts', import.meta.url));

describe('the phone network as a process of its own', () => {
  const gate = new FakeGateServer();
  let edge: ChildProcess;
  let addresses: { readonly listening: string; readonly sip: string };

  beforeAll(async () => {
    await gate.start();
    edge = start({ GATE_URL: gate.baseUrl, EDGE_SECRET: gate.secret, SIP_SECRET: 'sip', SIP_DOMAIN: 'phone.test' });
    if (!edge.stdout) throw new Error('no output');
    const [line] = await once(createInterface(edge.stdout), 'line');
    addresses = JSON.parse(String(line));
  });
  afterAll(async () => {
    edge.kill('SIGTERM');
    await once(edge, 'exit');
    await gate.stop();
  });

  function start(env: Record<string, string>): ChildProcess {
    const { PATH = '' } = process.env;
    return spawn(process.execPath, [MAIN], {
      env: { PATH, EDGE_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  test('registers, calls, takes commands and reports', async () => {
    const client = new RawSipClient({ url: addresses.sip, domain: 'phone.test', user: 'own.process', secret: 'sip' });
    await client.open();
    expect((await client.register()).status).toBe(200);
    gate.script = () => allow({ callId: 'own-process-call' });
    const dialog = client.invite('600');
    expect((await dialog.final()).status).toBe(200);
    const response = await fetch(`${addresses.listening}/calls/own-process-call/lease`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${gate.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ accountId: ACCOUNT, leaseSeconds: 0, isFinal: true }),
    });
    expect(response.status).toBe(200);
    await dialog.bye();
    expect((await gate.ended('own-process-call')).reason).toBe('lease_expired');
    client.close();
  });

  test('says in one sentence what it lacks', async () => {
    const broken = start({});
    const [code] = await once(broken, 'exit');
    expect(code).toBe(2);
  });
});
