/** What the demo's host application serves beside the gate: its page, its tokens, its scenarios. */
import type { BuiltPage } from './build-page.ts';
import { changeDemoProfile, type ProfileStage, readDemoProfile } from './demo-profile.ts';
import { PEOPLE, type Person, personById } from './people.ts';

export interface DemoRoutesOptions {
  readonly page: BuiltPage;
  readonly sign: (person: Person) => Promise<string>;
  /** Plays a scenario and says in one sentence what was done. */
  readonly play: (scenario: string, person: Person) => Promise<string>;
  /** Where the account's profile is changed; nowhere while that is still starting. */
  readonly profileStage?: () => ProfileStage | null;
}

/** No inline script, no inline style, no other host: the policy that every host page should be able to have. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': 'microphone=(self), autoplay=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** A page of another origin may load the widget from here, as from a gate server; calling needs CORS_ORIGINS, too. */
const SCRIPT_HEADERS = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

export function createDemoRoutes(options: DemoRoutesOptions): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === 'POST' && pathname.startsWith('/demo/')) return act(request, pathname, options);
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    if (pathname === '/demo/profile') return profile(options);
    if (pathname === '/demo/people') return Response.json(PEOPLE, { headers: HEADERS });
    return page(pathname, options.page);
  };
}

async function page(path: string, built: BuiltPage): Promise<Response | null> {
  try {
    const file = await built.file(path);
    if (!file) return null;
    const own = path.endsWith('.js') ? SCRIPT_HEADERS : {};
    return new Response(file.content, { headers: { ...HEADERS, ...own, 'content-type': file.contentType } });
  } catch (error) {
    return text(500, `The demo page could not be built: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function act(request: Request, path: string, options: DemoRoutesOptions): Promise<Response | null> {
  // Another site must not be able to press the demo's buttons through the visitor's browser.
  if (request.headers.get('sec-fetch-site') === 'cross-site')
    return text(403, 'Only the demo page itself may ask this.');
  const [, , what = '', first = '', second = ''] = path.split('/');
  const person = personById(decodeURIComponent(what === 'token' ? first : second));
  if (!person) return text(404, 'The demo knows nobody of that name.');
  if (what === 'token') return text(200, await options.sign(person));
  if (what === 'scenarios') return text(200, await options.play(first, person));
  if (what === 'profiles') return changed(first, options);
  return null;
}

async function profile({ profileStage }: DemoRoutesOptions): Promise<Response> {
  const stage = profileStage?.();
  return stage ? text(200, await readDemoProfile(stage)) : text(503, STARTING);
}

async function changed(name: string, { profileStage }: DemoRoutesOptions): Promise<Response> {
  const stage = profileStage?.();
  return stage ? text(200, await changeDemoProfile(stage, name)) : text(503, STARTING);
}

const STARTING = 'The demo is still starting. Nothing was changed.';

function text(status: number, words: string): Response {
  return new Response(words, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}
