/**
 * The addresses of the scenario player: its state, its buttons, tokens for its sandbox, and below `/sandbox/<run>` the sandbox's own gate.
 */
import type { ScenarioPlayer } from '../sandbox/player.ts';
import { personById } from './people.ts';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const PLAYER = '/demo/player';

/** Null for an address of somebody else. */
export function createPlayerRoutes(player: ScenarioPlayer): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/sandbox/')) return toSandbox(player, request);
    if (pathname !== PLAYER && !pathname.startsWith(`${PLAYER}/`)) return null;
    if (request.method === 'GET' && pathname === PLAYER) return Response.json(player.state, { headers: HEADERS });
    if (request.method !== 'POST') return no(405, 'Only GET of the player and POST of its buttons are known here.');
    // Another site must not be able to press the demo's buttons through the visitor's browser.
    if (request.headers.get('sec-fetch-site') === 'cross-site')
      return no(403, 'Only the demo page itself may ask this.');
    const [, , , what = '', first = '', second = ''] = pathname.split('/');
    return press(player, { what, first, second });
  };
}

async function press(
  player: ScenarioPlayer,
  { what, first, second }: { readonly what: string; readonly first: string; readonly second: string },
): Promise<Response> {
  switch (what) {
    case 'begin':
      return (await player.begin(first)) ? state(player) : no(404, 'There is no such scenario. Nothing was changed.');
    case 'next':
      return (await player.next(Number(first))) ? state(player) : no(409, 'There is no further step in this play.');
    case 'stop':
      await player.stop();
      return state(player);
    case 'token':
      return token(player, { run: Number(first), personId: second });
    default:
      return no(404, 'The player has no such button.');
  }
}

async function token(
  player: ScenarioPlayer,
  { run, personId }: { readonly run: number; readonly personId: string },
): Promise<Response> {
  const sandbox = player.sandboxOf(run);
  const person = personById(decodeURIComponent(personId));
  if (sandbox === null || person === undefined)
    return no(404, 'This play is over, or the demo knows nobody of that name.');
  return new Response(await sandbox.sign(person), {
    headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}

/** The same request, at the address that the gate knows. */
async function toSandbox(player: ScenarioPlayer, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, , run = '', ...rest] = url.pathname.split('/');
  const sandbox = player.sandboxOf(Number(run));
  if (sandbox === null) return no(404, 'This play is over.');
  url.pathname = `/${rest.join('/')}`;
  const { method, headers, signal } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return sandbox.fetch(
    new Request(url, { method, headers, signal, ...(hasBody ? { body: await request.arrayBuffer() } : {}) }),
  );
}

function state(player: ScenarioPlayer): Response {
  return Response.json(player.state, { headers: HEADERS });
}

function no(status: number, words: string): Response {
  return new Response(words, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}
