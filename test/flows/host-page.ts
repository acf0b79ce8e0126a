/**
 * A host application of somebody else, on an origin of its own: a page under a strict policy that embeds the built widget with two
 * lines, one script that hands it a token, and a backend that signs that token.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { signDemoToken } from '../../demo/host/demo-token.ts';
import { personById } from '../../demo/host/people.ts';

export interface HostPageOptions {
  /** Where the built widget lies. */
  readonly widgetFolder: string;
  readonly gateUrl: () => string;
  /** Other addresses that the page lets the widget connect to: that of the SIP edge, where it is not the gate's own. */
  readonly sipUrl: () => string;
  readonly token: { readonly secret: string; readonly issuer: string; readonly audience: string };
}

export interface HostPage {
  readonly origin: string;
  close(): Promise<void>;
}

const SCRIPT = `
  const person = new URL(location.href).searchParams.get('as');
  document.querySelector('credit-phone').token = () => fetch('/phone-token?as=' + person).then((answer) => answer.text());
`;

export async function serveHostPage(options: HostPageOptions): Promise<HostPage> {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://host'), { response, options }).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { origin: `http://localhost:${port}`, close };
}

async function answer(
  url: URL,
  { response, options }: { readonly response: ServerResponse; readonly options: HostPageOptions },
): Promise<void> {
  if (url.pathname === '/') {
    response.setHeader('content-security-policy', strictPolicy(options));
    return send(response, 'text/html', page(options));
  }
  if (url.pathname === '/host.js') return send(response, 'text/javascript', SCRIPT);
  if (url.pathname === '/phone-token') return send(response, 'text/plain', await token(url, options));
  const file = /^\/([\w.-]+\.js)$/.exec(url.pathname)?.[1];
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  send(response, 'text/javascript', readFileSync(join(options.widgetFolder, file)));
}

function page({ gateUrl }: HostPageOptions): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Somebody else's page</title>
    <link rel="icon" href="data:," />
    <script type="module" src="/credit-phone.js"></script>
    <script type="module" src="/host.js"></script>
  </head>
  <body>
    <main>
      <h1>Somebody else's page</h1>
      <credit-phone gate-url="${gateUrl()}"></credit-phone>
    </main>
  </body>
</html>`;
}

async function token(url: URL, options: HostPageOptions): Promise<string> {
  const person = personById(url.searchParams.get('as') ?? '');
  if (!person) throw new Error('nobody of that name');
  return signDemoToken(person, options.token);
}

function send(response: ServerResponse, contentType: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': `${contentType}; charset=utf-8` }).end(body);
}

/** What the page allows: its own scripts, and for connections the gate and its edge; no style, no frame, no other host, nothing inline. */
function strictPolicy({ gateUrl, sipUrl }: Pick<HostPageOptions, 'gateUrl' | 'sipUrl'>): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self' ${gateUrl()} ${sipUrl()}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
