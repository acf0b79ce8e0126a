/**
 * The link in each mail that stops its kind. No access token: the link itself is signed. GET only shows a page with a button, since mail
 * programs and scanners follow links by themselves; POST does it, by that button or by the mail program's own (RFC 8058).
 */
import type { Hono } from 'hono';
import { KIND_NAMES } from '../mail/kind-names.ts';
import { isKeptKind, isMailKind, type MailChoice } from '../mail/mail-choices.ts';
import { readWish, STOP_MAIL_PATH, STOP_PARAMETER, type StopKey, type StopWish } from '../mail/mail-links.ts';
import type { ServerClock } from '../services.ts';
import { inTime } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';

/** What the links in mails need. */
export interface StopMail {
  readonly key: StopKey;
  readonly choose: (choice: MailChoice) => Promise<boolean>;
}

interface StopMailDependencies {
  readonly stopMail: StopMail;
  readonly clock: ServerClock;
}

/** Set by the page's second button: on again. */
const AGAIN_PARAMETER = 'again';

export function bindStopMail(app: Hono<{ Bindings: Exchange }>, dependencies: StopMailDependencies): void {
  app.get(STOP_MAIL_PATH, (context) => {
    const wish = wishOf(context, dependencies);
    return wish === null
      ? unknownLink()
      : page(`Stop mails about ${nameOf(wish)}?`, [note(wish), button('Stop these mails')]);
  });
  app.post(STOP_MAIL_PATH, async (context) => {
    const wish = wishOf(context, dependencies);
    if (wish === null) return unknownLink();
    const isOff = context.req.query(AGAIN_PARAMETER) === undefined;
    const atMs = dependencies.clock.nowMs();
    await inTime(dependencies.stopMail.choose({ ...wish, isOff, atMs }));
    if (!isOff) return page(`You get mails about ${nameOf(wish)} again.`, []);
    return page(`You get no more mails about ${nameOf(wish)}.`, [
      note(wish),
      button(
        'Undo',
        `?${STOP_PARAMETER}=${encodeURIComponent(context.req.query(STOP_PARAMETER) ?? '')}&amp;${AGAIN_PARAMETER}=1`,
      ),
    ]);
  });
}

function wishOf(context: GateContext, { stopMail }: StopMailDependencies): StopWish | null {
  context.env.route = 'stopMail';
  return readWish(context.req.query(STOP_PARAMETER) ?? '', stopMail.key);
}

/** A kind that is not known any more is nothing but its name. */
function nameOf({ kind }: StopWish): string {
  return isMailKind(kind) ? KIND_NAMES[kind] : 'this';
}

function note({ kind }: StopWish): string {
  return isKeptKind(kind)
    ? '<p>Somebody has to hear of this: while nobody else of the office gets these mails, they come to you all the same.</p>'
    : '<p>Other mails are not changed.</p>';
}

function button(label: string, address = ''): string {
  return `<form method="post" action="${address}"><button>${label}</button></form>`;
}

function unknownLink(): Response {
  return page(
    'This link is not complete.',
    ['<p>Open it from the mail itself, or copy all of it. Nothing was changed.</p>'],
    404,
  );
}

/** Nothing of the address is repeated here, and nothing runs: a forged link has nothing to gain. */
function page(title: string, parts: readonly string[], status = 200): Response {
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${parts.join('\n')}
</main></body></html>
`;
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
    },
  });
}
