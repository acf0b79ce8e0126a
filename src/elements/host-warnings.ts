import { MESSAGES } from './messages.ts';

/** One clear line in the host page's console for each thing that is missing there; for its developers, so always in English. */
export function warnHost(element: HTMLElement): void {
  if (!isSecureContext) console.warn(MESSAGES['dev.https']);
  const widgets = element.ownerDocument.querySelectorAll(element.localName);
  if (widgets.length > 1 && widgets[0] !== element) console.warn(MESSAGES['dev.dup']);
}

export function warnAboutToken(): void {
  console.warn(MESSAGES['dev.token']);
}
