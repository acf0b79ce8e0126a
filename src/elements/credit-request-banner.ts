import { css, html, nothing, type TemplateResult } from 'lit';
import { MICROS_PER_UNIT, micros } from '../protocol/money.ts';
import { controlStyles } from './control.styles.ts';
import { openCreditRequests } from './open-credit-requests.ts';
import { PhoneElement } from './phone-element.ts';

/** What an admin grants with one click. */
export const GRANT_MICROS = micros(25 * MICROS_PER_UNIT);

/**
 * An agent asks for credit: the admin adds some, or says not now. Shown on every panel until it is answered.
 *
 * @csspart request - The banner.
 */
export class CreditRequestBanner extends PhoneElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .banner {
        padding: 10px 16px;
        border-block: 1px solid var(--_line);
        background: var(--_raised);
      }
      .words {
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-block-start: 8px;
      }
      .buttons button {
        min-block-size: 32px;
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const [first, ...others] = openCreditRequests(this.snapshot);
    if (!first || !this.isAdmin) return nothing;
    const { say } = this.texts;
    const key = first.reason === '' ? 'req.banner.plain' : 'req.banner';
    return html`
      <section class="banner" part="request" aria-label=${say('req.label')}>
        <p class="words">${say(key, { name: first.agentName, reason: first.reason })}</p>
        <div class="buttons">
          ${this.snapshot.me?.isDemo ? this.#grantButton(first.requestId) : this.#addButton()}
          <button class="plain" type="button" @click=${() => this.request('credit-phone-refuse-request', { requestId: first.requestId })}>
            ${say('req.not_now')}
          </button>
          ${others.length === 0 ? nothing : html`<span class="caption">${this.texts.count('req.more', others.length)}</span>`}
        </div>
      </section>
    `;
  }

  /** Where credit costs money, it is added where the amount and the card are seen. */
  #addButton(): TemplateResult | typeof nothing {
    if (this.snapshot.billing.state !== 'open') return nothing;
    return html`<button type="button" @click=${() => this.request('credit-phone-open-request', { view: 'credit' })}>
      ${this.texts.say('add.button')}
    </button>`;
  }

  #grantButton(requestId: string): TemplateResult {
    return html`<button
      type="button"
      ?disabled=${this.snapshot.isAddingCredit}
      @click=${() => this.request('credit-phone-grant-request', { requestId, amountMicros: GRANT_MICROS })}
    >
      ${this.texts.say('req.add', { money: this.texts.price(GRANT_MICROS, this.snapshot.me?.currency) })}
    </button>`;
  }
}
