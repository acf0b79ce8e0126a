import type { ALERT_MESSAGES } from './alert-messages.ts';
import type { BILLING_MESSAGES } from './billing-messages.ts';
import type { LATER_MESSAGES } from './later-messages.ts';
import type { OWN_NUMBER_MESSAGES } from './own-number-messages.ts';
import type { PANEL_MESSAGES } from './panel-messages.ts';
import type { USAGE_MESSAGES } from './usage-messages.ts';

/**
 * Every text of the widget, by key: here those of the first paint, in later-messages.ts those of calls, in billing-messages.ts those of
 * paying, in usage-messages.ts those of statements, in panel-messages.ts the rest. {names} are filled in by `fillText`. A host replaces any
 * of them through the `messages` property of <credit-phone>; keys that end in `.one` and `.other` follow the plural rules of the language,
 * as far as it has those two. A text tells what happened, whether money was touched, what to do next and who can do it.
 */
export const FIRST_MESSAGES = {
  'phone.label': 'Phone',
  'tab.phone': 'Phone',
  'tab.history': 'History',
  'tab.numbers': 'Numbers',
  'tab.credit': 'Credit',
  'tabs.label': 'Sections of the phone',
  // Credit bar (REQUIREMENTS 2.1.1)
  'hdr.label': 'Credit',
  'hdr.ok': 'Credit {money}',
  'hdr.ok.time': '{time} of calls left',
  'hdr.low': 'Credit low: {money}',
  'hdr.low.time': 'Credit low: {time} left',
  'hdr.critical': 'Almost out: {time} left',
  'hdr.critical.money': 'Almost out: {money}',
  'hdr.empty': 'No credit',
  'hdr.empty.held': 'No credit for another call',
  'hdr.unknown': 'Checking credit…',
  'hdr.offline': 'Credit unknown: server not reached',
  'hdr.held': '{money} held',
  'hdr.ready': 'Ready to call',
  'hdr.closed': 'Not signed in',
  'hdr.added': '{money} added',
  'hdr.pending': '{money} on its way',
  'menu.label': 'Menu',
  'menu.extension': 'Your number: {extension}',
  'menu.keys': 'Keyboard keys',
  'time.about': 'about {time}',
  // Dial pad and price tag (2.1.2)
  'pad.label': 'Number to call',
  'pad.placeholder': 'Number…',
  'pad.backspace': 'Delete last digit',
  'pad.keys': 'Key pad',
  'pad.star': 'star',
  'pad.hash': 'hash',
  'pad.call': 'Call',
  'pad.connecting': 'Connecting the phone…',
  'pad.empty': 'Type a number or paste one.',
  'pad.demo.first': 'Try 600 for echo: you hear yourself.',
  'pad.demo.second': 'Test mode: no real calls, no real money.',
  'part.failed': 'This part of the phone could not be loaded. Reload the page.',
  'part.loading': 'Loading…',
  'ask.button': 'Ask for credit',
} as const satisfies Record<string, string>;

export type MessageKey =
  | keyof typeof FIRST_MESSAGES
  | keyof typeof LATER_MESSAGES
  | keyof typeof PANEL_MESSAGES
  | keyof typeof ALERT_MESSAGES
  | keyof typeof BILLING_MESSAGES
  | keyof typeof OWN_NUMBER_MESSAGES
  | keyof typeof USAGE_MESSAGES;
export type Messages = Readonly<Record<MessageKey, string>>;

/** Puts values into a text's {names}; a name without a value stays as it is, so that it is seen and mended. */
export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (name: string, key: string) => String(values[key] ?? name));
}
