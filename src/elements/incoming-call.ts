import { css, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../phone/phone-snapshot.ts';
import { controlStyles } from './control.styles.ts';
import { icon } from './later-icons.ts';
import { PhoneElement } from './phone-element.ts';

/**
 * Somebody calls: who, what answering costs, Answer or Decline. As a strip (`compact`) beside a running call or on another tab.
 *
 * @csspart answer-button - The Answer button.
 * @csspart decline-button - The Decline button.
 */
export class IncomingCall extends PhoneElement {
  static override properties: PropertyDeclarations = {
    call: { attribute: false },
    number: { attribute: false },
    isCompact: { type: Boolean, attribute: 'compact', reflect: true },
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .panel {
        flex: 1;
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 4px;
        text-align: center;
      }
      .ring {
        display: grid;
        place-items: center;
        inline-size: 64px;
        block-size: 64px;
        margin-block: 48px 16px;
        border-radius: 50%;
        background: var(--_raised);
        color: var(--_accent);
        animation: ring 1.2s ease-in-out infinite alternate;
      }
      .ring .icon {
        inline-size: 28px;
        block-size: 28px;
      }
      @keyframes ring {
        to {
          box-shadow: 0 0 0 10px color-mix(in srgb, var(--_accent) 14%, transparent);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .ring {
          animation: none;
        }
      }
      h2 {
        max-inline-size: 100%;
        font-size: 20px;
        line-height: 28px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .quiet {
        color: var(--_quiet);
      }
      .buttons {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
        inline-size: 100%;
        margin-block-start: auto;
      }
      .buttons button {
        min-block-size: 48px;
        border-radius: 24px;
      }
      .strip {
        display: flex;
        align-items: center;
        gap: 8px;
        min-block-size: 52px;
        padding: 4px 8px 4px 16px;
        background: var(--_raised);
        border-block: 1px solid var(--_line);
      }
      .who {
        flex: 1;
        min-inline-size: 0;
      }
      .who b,
      .who .caption {
        display: block;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .who .caption {
        font-weight: 400;
      }
      .strip button {
        inline-size: 44px;
        padding: 0;
      }
    `,
  ];

  declare call: CallSnapshot;
  declare number: string;
  declare isCompact: boolean;

  constructor() {
    super();
    this.number = '';
    this.isCompact = false;
  }

  protected override render(): TemplateResult {
    const name = this.call.label || this.number;
    return this.isCompact ? this.#strip(name) : this.#panel(name);
  }

  #panel(name: string): TemplateResult {
    const { say } = this.texts;
    return html`
      <section class="panel" tabindex="-1" data-focus aria-label=${say('in.title')}>
        <div class="ring">${icon('incoming')}</div>
        <p class="quiet">${say('in.title')}</p>
        <h2>${name}</h2>
        <p class="quiet"><bdi dir="ltr">${name === this.number ? '' : this.number}</bdi></p>
        <p class="caption">${this.#price()}</p>
        <div class="buttons">
          <button part="decline-button" type="button" @click=${this.#decline}>${icon('cross')}${say('in.decline')}</button>
          <button class="primary" part="answer-button" type="button" @click=${this.#answer}>
            ${icon('phone')}${say('in.answer')}
          </button>
        </div>
      </section>
    `;
  }

  #strip(name: string): TemplateResult {
    const { say } = this.texts;
    const title = say(this.snapshot.waiting === this.call ? 'in.waiting' : 'in.title');
    return html`
      <section class="strip" aria-label=${title}>
        <span class="who"><b>${name}</b><span class="caption">${title}</span></span>
        <button part="decline-button" type="button" aria-label=${say('in.decline')} @click=${this.#decline}>${icon('cross')}</button>
        <button class="primary" part="answer-button" type="button" aria-label=${say('in.answer')} @click=${this.#answer}>
          ${icon('phone')}
        </button>
      </section>
    `;
  }

  #price(): string {
    const { call, texts } = this;
    if (call.isFree) return texts.say('in.free');
    // The line rings before the server has told the price: nobody should read that answering costs $0.00.
    if (call.perMinuteMicros === 0) return texts.say('rate.checking');
    return texts.say('in.price', { price: texts.price(call.perMinuteMicros, call.currency) });
  }

  #answer(): void {
    this.request('credit-phone-answer-request', { callId: this.call.callId });
  }

  #decline(): void {
    this.request('credit-phone-decline-request', { callId: this.call.callId });
  }

  /** Enter answers. Escape does nothing: declining somebody should be meant. */
  handleKey(event: KeyboardEvent): boolean {
    if (event.key !== 'Enter') return false;
    this.#answer();
    return true;
  }
}
