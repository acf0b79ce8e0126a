/**
 * What ties the widget to a phone: requests in, notices and announcements out, keys. Not part of the first paint: there is no phone yet.
 */
import type { HostedWidget } from './host-warnings.ts';

export { announcement, liveCostText } from './announcement.ts';
export { handleKeydown } from './keyboard.ts';
export { noticesBetween } from './notices.ts';
export { handleRequest, REQUEST_NAMES } from './request-handlers.ts';

/** Beside everything that somebody waits for; without these warnings the phone works as well. */
export function watchHost(widget: HostedWidget): void {
  import('./host-warnings.ts').then((warnings) => warnings.watchHost(widget)).catch(() => undefined);
}

/** The host page's token; its developers are told when their function fails or gives none. */
export async function tokenOf(host: { readonly token: (() => string | Promise<string>) | null }): Promise<string> {
  let token = '';
  try {
    token = (await host.token?.()) ?? '';
    return token;
  } finally {
    if (token === '') import('./host-warnings.ts').then((warnings) => warnings.warnOfNoToken()).catch(() => undefined);
  }
}
