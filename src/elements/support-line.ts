import { html, type TemplateResult } from 'lit';
import type { Me } from '../protocol/account.ts';
import type { Texts } from './texts.ts';

/** C-24: support can be reached from every payment error. */
export function supportLine(texts: Texts, me: Me | null): TemplateResult {
  const email = me?.supportEmail ?? '';
  return html`<p class="caption">${texts.say('pay.support')} <a href=${`mailto:${email}`}>${email}</a></p>`;
}
