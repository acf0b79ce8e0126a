import { css, html, nothing, type TemplateResult } from 'lit';
import type { Alert } from '../protocol/alert.ts';
import { alertAction, alertText, bannerAlerts } from './alert-text.ts';
import { bannerStyles } from './banner.styles.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { shownOfficeName } from './shown-office.ts';

/**
 * The most pressing of what the admins of the office were told, with the one thing to do. Low and empty credit have their place in the
 * credit bar and the line below; agents see those alone.
 *
 * @csspart alert - The banner.
 */
export class AlertBanner extends PhoneElement {
  static override styles = [
    controlStyles,
    bannerStyles,
    css`
      .buttons button {
        min-block-size: 32px;
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const [first, ...others] = bannerAlerts(this.snapshot.alerts.open);
    if (!first || !this.isAdmin) return nothing;
    const { say } = this.texts;
    const action = alertAction(first);
    return html`
      <section class="banner" part="alert" role="alert" aria-label=${say('alert.label')}>
        ${this.snapshot.offices.other === null ? nothing : html`<span class="caption">${shownOfficeName(this.snapshot)}</span>`}
        <p class="words">${alertText(first, this.texts)}</p>
        <div class="buttons">
          <button id="go" type="button" @click=${() => this.#go(action)}>${say(`alert.do.${action}`)}</button>
          <button id="away" class="plain" type="button" @click=${() => this.#putAway(first)}>${say('alert.away')}</button>
          ${others.length === 0 ? nothing : html`<span class="caption">${this.texts.count('alert.more', others.length)}</span>`}
        </div>
      </section>
    `;
  }

  #go(action: 'billing' | 'numbers'): void {
    this.request('credit-phone-open-request', { view: action === 'billing' ? 'credit' : 'numbers' });
  }

  #putAway({ alertId }: Alert): void {
    this.request('credit-phone-alert-request', { wish: { type: 'put_away', alertId } });
  }
}
