/**
 * A wire between browser and phone network that a test can look into and cut: a WebSocket proxy with a little HTTP beside it. Each test
 * has a wire of its own, named in the path of its WebSocket address.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

export interface WireMessage {
  readonly from: 'browser' | 'network';
  readonly text: string;
}

/** Answers the browser's requests in the network's place. */
export interface WireRefusal {
  readonly method: string;
  /** Only requests within a dialog (their To has a tag), or only those without. */
  readonly isInDialog: boolean;
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly headers: readonly string[];
  /** How often; the next request passes. */
  readonly times: number;
}

/** What a test may do to its wire; sent as JSON. */
export type WireOrder =
  | { readonly order: 'cut' }
  /** Nothing passes any more, and nobody is told. */
  | { readonly order: 'silence'; readonly isSilent: boolean }
  | { readonly order: 'refuse'; readonly refusal: WireRefusal }
  | { readonly order: 'say_to_browser'; readonly text: string };

export interface LineWires {
  /** ws://127.0.0.1:1234; a wire's address is this, a slash and its name. */
  readonly webSocketUrl: string;
  /** Where GET tells the messages of /name and POST takes an order for it. */
  readonly controlUrl: string;
  close(): Promise<void>;
}

interface Wire {
  readonly messages: WireMessage[];
  readonly browsers: Set<WebSocket>;
  refusal: WireRefusal | null;
  isSilent: boolean;
}

export async function openLineWires(networkUrl: string): Promise<LineWires> {
  const wires = new Map<string, Wire>();
  const wireOf = (request: IncomingMessage): Wire => {
    const name = request.url ?? '/';
    const wire = wires.get(name) ?? { messages: [], browsers: new Set(), refusal: null, isSilent: false };
    wires.set(name, wire);
    return wire;
  };
  const server = createServer((request, response) => void control(wireOf(request), request, response));
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'sip' });
  sockets.on('connection', (browser, request) => join(wireOf(request), browser, networkUrl));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    webSocketUrl: `ws://127.0.0.1:${port}`,
    controlUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const browser of sockets.clients) browser.terminate();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function join(wire: Wire, browser: WebSocket, networkUrl: string): void {
  const network = new WebSocket(networkUrl, 'sip');
  const waiting: string[] = [];
  wire.browsers.add(browser);
  browser.on('message', (data) => {
    const text = textOf(data);
    if (wire.isSilent) return;
    wire.messages.push({ from: 'browser', text });
    const answer = refusalOf(wire, text);
    if (answer !== null) browser.send(answer);
    else if (isOfRefused(wire, text)) return;
    else if (network.readyState === WebSocket.OPEN) network.send(text);
    else waiting.push(text);
  });
  network.on('open', () => {
    for (const text of waiting) network.send(text);
  });
  network.on('message', (data) => {
    if (wire.isSilent || browser.readyState !== WebSocket.OPEN) return;
    wire.messages.push({ from: 'network', text: textOf(data) });
    browser.send(textOf(data));
  });
  network.on('error', () => browser.terminate());
  network.on('close', () => browser.close());
  browser.on('close', () => {
    wire.browsers.delete(browser);
    network.terminate();
  });
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.concat([data].flat().map(bytesOf)).toString('utf8');
}

function bytesOf(part: Buffer | ArrayBuffer): Buffer {
  return Buffer.isBuffer(part) ? part : Buffer.from(part);
}

function refusalOf(wire: Wire, text: string): string | null {
  const { refusal } = wire;
  if (refusal === null || refusal.times <= 0 || !text.startsWith(`${refusal.method} `)) return null;
  if (/^To:.*;tag=/im.test(text) !== refusal.isInDialog) return null;
  wire.refusal = { ...refusal, times: refusal.times - 1 };
  const copied = text.split('\r\n').filter((line) => /^(via|from|call-id|cseq):/i.test(line));
  const to = /^To:.*$/im.exec(text)?.[0] ?? '';
  const tagged = refusal.isInDialog ? to : `${to};tag=wire`;
  const head = `SIP/2.0 ${refusal.statusCode} ${refusal.reasonPhrase}`;
  return [head, ...copied, tagged, ...refusal.headers, 'Content-Length: 0', '', ''].join('\r\n');
}

/** The ACK of a final answer that the wire made: the network has never heard of its INVITE. */
function isOfRefused(wire: Wire, text: string): boolean {
  if (!text.startsWith('ACK ') || wire.refusal === null) return false;
  const cseq = /^CSeq:\s*(\d+)/im.exec(text)?.[1];
  const callId = /^Call-ID:\s*(\S+)/im.exec(text)?.[1];
  return !wire.messages.some(
    ({ from, text: answer }) =>
      from === 'network' && callId !== undefined && answer.includes(callId) && answer.includes(`CSeq: ${cseq} INVITE`),
  );
}

async function control(wire: Wire, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Content-Type', 'application/json');
  if (request.method === 'POST') obey(wire, await readOrder(request));
  response.end(JSON.stringify(wire.messages));
}

async function readOrder(request: IncomingMessage): Promise<WireOrder> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  // Written by the tests of this repository, which share the type.
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as WireOrder;
}

function obey(wire: Wire, order: WireOrder): void {
  switch (order.order) {
    case 'cut':
      for (const browser of wire.browsers) browser.terminate();
      return;
    case 'silence':
      wire.isSilent = order.isSilent;
      return;
    case 'refuse':
      wire.refusal = order.refusal;
      return;
    case 'say_to_browser':
      for (const browser of wire.browsers) browser.send(order.text);
  }
}
