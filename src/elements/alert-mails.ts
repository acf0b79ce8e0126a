import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { AlertWish } from '../phone/alert-snapshot.ts';
import type { AlertSettings } from '../protocol/alert.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';

/** Which mails this admin gets: a switch for each kind, asked for when it is opened. */
export class AlertMails extends PhoneElement {
  static override properties: PropertyDeclarations = { isOpen: { state: true } };
  static override styles = [
    controlStyles,
    creditPanelStyles,
    billingStyles,
    css`
      #mails {
        align-self: start;
      }
      .tick {
        padding-block: 3px;
      }
    `,
  ];

  declare isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    return html`<div class="block stack">
      <button id="mails" class="link" type="button" aria-expanded=${this.isOpen} @click=${this.#toggle}>${say('mails.title')}</button>
      ${this.isOpen ? this.#list() : nothing}
    </div>`;
  }

  #list(): TemplateResult {
    const { mails, hasFailed } = this.snapshot.alerts;
    const { say } = this.texts;
    return html`
      ${hasFailed ? html`<p class="wrong" role="alert">${say('mails.failed')}</p>` : nothing}
      ${mails === null ? (hasFailed ? nothing : html`<p role="status">${say('part.loading')}</p>`) : this.#switches(mails)}
    `;
  }

  #switches({ email, mails }: AlertSettings): TemplateResult {
    const { say } = this.texts;
    if (email === null) return html`<p class="caption">${say('mails.nobody')}</p>`;
    return html`
      <p class="caption">${say('mails.to', { email })}</p>
      ${mails.map(
        ({ kind, isOn, isKept }) => html`<label class="tick">
          <input type="checkbox" .checked=${isOn} @change=${() => this.#ask({ type: 'set_mail', kind, isOn: !isOn })} />
          <span>${say(`mails.${kind}`)}${isKept && !isOn ? html` <span class="caption">(${say('mails.kept')})</span>` : nothing}</span>
        </label>`,
      )}
    `;
  }

  readonly #toggle = (): void => {
    this.isOpen = !this.isOpen;
    if (this.isOpen) this.#ask({ type: 'show_mails' });
  };

  #ask(wish: AlertWish): void {
    this.request('credit-phone-alert-request', { wish });
  }
}
