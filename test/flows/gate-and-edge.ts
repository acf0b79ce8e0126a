/** The gate and the phone network as two processes, as an operator would run them: each can be killed without the other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seedDataFile } from './seeded-data.ts';

const root = resolve(import.meta.dirname, '..', '..');
const START_WITHIN_MS = 20_000;
const EDGE_SECRET = 'the-edge-secret-of-this-flow-0123456789';
const SIP_SECRET = 'the-sip-secret-of-this-flow-0123456789';
export const HOST_TOKEN = {
  secret: 'the-token-secret-of-this-flow-0123456789',
  issuer: 'somebody-elses-page',
  audience: 'credit-phone',
};

export interface GateAndEdge {
  readonly gateUrl: string;
  readonly sipUrl: string;
  readonly dataFile: string;
  startGate(): Promise<void>;
  /** As when the machine loses its power. */
  killGate(): Promise<void>;
  output(): string;
  close(): Promise<void>;
}

/** The edge runs when this resolves; the gate is started by startGate, when the origin of the host page is known. */
export async function startEdge(options: {
  readonly policy: object;
  readonly hostOrigin: () => string;
}): Promise<GateAndEdge> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-flow-'));
  const dataFile = join(folder, 'data.sqlite');
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(options.policy));
  await seedDataFile(dataFile);
  const gatePort = await freePort();
  const gateUrl = `http://localhost:${gatePort}`;
  let printed = '';
  const note = (text: string) => {
    printed += text;
  };
  const edge = launch('demo/phone-network/main.ts', note, {
    EDGE_PORT: '0',
    EDGE_SECRET,
    SIP_SECRET,
    SIP_DOMAIN: 'phone.invalid',
    GATE_URL: gateUrl,
  });
  const [line] = await once(edge.stdout ?? edge, 'data');
  // The edge's first line is this object.
  const addresses = JSON.parse(String(line)) as { readonly listening: string; readonly sip: string };
  let gate: ChildProcess | null = null;
  return {
    gateUrl,
    sipUrl: addresses.sip,
    dataFile,
    output: () => printed,
    startGate: async () => {
      gate = launch('server/main.mjs', note, {
        PORT: String(gatePort),
        DATA_FILE: dataFile,
        POLICY_FILE: policyFile,
        TOKEN_SECRET: HOST_TOKEN.secret,
        TOKEN_ISSUER: HOST_TOKEN.issuer,
        EDGE_SECRET,
        SIP_SECRET,
        GRANT_SECRET: 'the-grant-secret-of-this-flow-0123456789',
        EDGES: `embedded=${addresses.listening}`,
        SIP_WEBSOCKET_URL: addresses.sip,
        CORS_ORIGINS: options.hostOrigin(),
        LOG_LEVEL: 'warn',
      });
      await ready(gateUrl, () => printed);
    },
    killGate: async () => {
      if (gate) await ended(gate, 'SIGKILL');
    },
    close: async () => {
      if (gate) await ended(gate, 'SIGTERM');
      await ended(edge, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(script: string, note: (text: string) => void, settings: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => note(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => note(chunk.toString()));
  return child;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function ready(url: string, printed: () => string): Promise<void> {
  const deadlineMs = performance.now() + START_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    // Refused connections are what a server that still starts answers with.
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`The gate did not start:\n${printed()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
