import { css, html, nothing, type TemplateResult } from 'lit';
import { MAX_WORDS_LENGTH } from '../protocol/account.ts';
import { controlStyles } from './control.styles.ts';
import { creditRequestText, ownCreditRequest } from './credit-request-text.ts';
import { icon } from './later-icons.ts';
import { messagePanelStyles } from './message-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { refusalText } from './refusal-text.ts';

/** An agent asks its admins for credit, and reads here what they answer. */
export class AskForCredit extends PhoneElement {
  static override styles = [
    controlStyles,
    messagePanelStyles,
    css`
      form {
        display: flex;
        flex-direction: column;
        align-items: stretch;
        gap: 8px;
        inline-size: 100%;
        text-align: start;
      }
      textarea {
        block-size: 88px;
        padding: 8px 10px;
        resize: none;
      }
      .wrong {
        color: var(--_danger);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const request = ownCreditRequest(this.snapshot);
    const isWaiting = request !== null && (request.state === 'asked' || request.state === 'seen');
    return html`
      <section class="panel" tabindex="-1" data-focus aria-label=${this.texts.say('ask.title')}>
        <div class="badge ${request?.state === 'granted' ? 'good' : ''}">${icon(request?.state === 'granted' ? 'check' : 'ask')}</div>
        <h2>${this.texts.say('ask.title')}</h2>
        ${request === null ? nothing : html`<p class="words" role="status">${creditRequestText(request, this.texts, this.snapshot.me)}</p>`}
        ${isWaiting ? html`<p class="caption">${this.texts.say('ask.wait', { time: this.texts.time(request.askedAtMs) })}</p>` : this.#form()}
        ${this.#refusal()}
        <div class="actions">
          <credit-phone-back-button .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-back-button>
        </div>
      </section>
    `;
  }

  #form(): TemplateResult {
    const { say } = this.texts;
    const admins = this.snapshot.me?.creditAdmins ?? [];
    return html`
      <form @submit=${this.#submit}>
        <label for="why">${say('ask.form')}</label>
        <textarea id="why" maxlength=${MAX_WORDS_LENGTH}></textarea>
        ${admins.length === 0 ? nothing : html`<p class="caption">${say('ask.whom', { names: this.texts.list(admins) })}</p>`}
        <button class="primary" type="submit">${say('ask.send')}</button>
      </form>
    `;
  }

  #refusal(): TemplateResult | typeof nothing {
    const { askRefusal, me } = this.snapshot;
    if (askRefusal === null) return nothing;
    const request = ownCreditRequest(this.snapshot);
    const words =
      askRefusal.code === 'already_asked' && request !== null
        ? this.texts.say('ask.wait', { time: this.texts.time(request.askedAtMs) })
        : refusalText(askRefusal, this.texts, me);
    return html`<p class="words wrong" role="alert">${words}</p>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const reason = this.renderRoot.querySelector('textarea')?.value.trim() ?? '';
    this.request('credit-phone-ask-request', { reason });
  }

  handleKey(event: KeyboardEvent): boolean {
    if (event.key !== 'Escape') return false;
    this.renderRoot.querySelector('credit-phone-back-button')?.close();
    return true;
  }
}
