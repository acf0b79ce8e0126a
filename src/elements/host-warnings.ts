import { LATER_MESSAGES } from './later-messages.ts';

/** One clear line in the host page's console for each thing that is missing there; for its developers, so always in English. */
export function warnHost(element: HTMLElement): void {
  if (!isSecureContext) console.warn(LATER_MESSAGES['dev.https']);
  const widgets = element.ownerDocument.querySelectorAll(element.localName);
  if (widgets.length > 1 && widgets[0] !== element) console.warn(LATER_MESSAGES['dev.dup']);
}

export function warnAboutToken(): void {
  console.warn(LATER_MESSAGES['dev.token']);
}
