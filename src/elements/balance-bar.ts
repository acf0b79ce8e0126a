import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { BalanceDisplay } from './balance-display.ts';
import { controlStyles } from './control.styles.ts';
import { creditStatus } from './credit-status.ts';
import { firstIcon } from './icons.ts';
import { PhoneElement } from './phone-element.ts';

/**
 * The credit bar: a dot and a word, money or talk time, and the menu. Readable in a quarter of a second.
 *
 * @csspart balance - The state of the credit in words.
 * @csspart menu - The menu that the three dots open.
 */
export class BalanceBar extends PhoneElement {
  static override properties: PropertyDeclarations = {
    display: { attribute: false },
    isOpen: { state: true },
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        position: relative;
        container-type: inline-size;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        block-size: 32px;
        padding-inline: 16px 6px;
        font-size: 14px;
      }
      @container (inline-size < 300px) {
        .bar {
          padding-inline-start: 12px;
          font-size: 12px;
        }
        .low ~ .more,
        .critical ~ .more {
          display: none;
        }
      }
      @container (inline-size < 200px) {
        .more {
          display: none;
        }
      }
      .status {
        display: flex;
        align-items: center;
        gap: 8px;
        flex: 1;
        min-inline-size: 0;
        white-space: nowrap;
      }
      .main {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .more {
        color: var(--_quiet);
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .more::before {
        content: '·';
        /* Stands where the page begins, whatever the direction of the words. */
        float: inline-start;
        margin-inline-end: 8px;
      }
      .dot {
        inline-size: 10px;
        block-size: 10px;
        flex: none;
        border: 2px solid var(--_tone);
        border-radius: 50%;
        background: var(--_tone);
        --_tone: var(--_good);
      }
      .low {
        --_tone: var(--_warning);
        background: linear-gradient(var(--_tone) 0 0) 0 0 / 50% 100% no-repeat;
      }
      .critical {
        --_tone: var(--_danger);
        background: linear-gradient(var(--_tone) 0 0) 0 0 / 50% 100% no-repeat;
      }
      .empty {
        --_tone: var(--_danger);
        background: none;
      }
      .unknown {
        --_tone: var(--_quiet);
        background: none;
        border-style: dotted;
      }
      .low ~ .main {
        color: var(--_warning);
      }
      .critical ~ .main,
      .empty ~ .main {
        color: var(--_danger);
      }
      .arrived {
        color: var(--_good);
        font-weight: 600;
        animation: arrive var(--_motion) ease-out;
      }
      @keyframes arrive {
        from {
          opacity: 0;
          translate: 0 4px;
        }
      }
      .more-button {
        min-block-size: 28px;
        inline-size: 32px;
        padding: 0;
        color: var(--_quiet);
      }
      .menu {
        position: absolute;
        inset-block-start: 32px;
        inset-inline-end: 8px;
        z-index: 3;
        inline-size: min(248px, calc(100cqi - 16px));
        padding: 8px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_surface);
        box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
      }
      .who {
        padding: 4px 8px 8px;
        margin-block-end: 4px;
        border-block-end: 1px solid var(--_line);
        overflow-wrap: anywhere;
      }
      .who b {
        font-weight: 600;
      }
      .menu button {
        inline-size: 100%;
        justify-content: flex-start;
        border-radius: 6px;
        padding: 0 8px;
      }
      .menu .icon {
        color: var(--_quiet);
      }
    `,
  ];

  declare display: BalanceDisplay;
  declare isOpen: boolean;

  constructor() {
    super();
    this.display = 'money';
    this.isOpen = false;
  }

  protected override render(): TemplateResult {
    const status = creditStatus(this.snapshot, this.texts, this.display);
    const hasArrived = this.snapshot.creditArrivedMicros !== null && status.tone === 'good';
    return html`
      <div class="bar">
        <div class="status" part="balance" role="group" aria-label=${this.texts.say('hdr.label')}>
          <span class="dot ${status.tone}"></span>
          <span class="main">${status.main}</span>
          ${status.more === null ? nothing : html`<span class="more ${hasArrived ? 'arrived' : ''}">${status.more}</span>`}
        </div>
        <button
          class="plain more-button"
          type="button"
          aria-label=${this.texts.say('menu.label')}
          aria-expanded=${this.isOpen}
          @click=${() => this.#toggle(!this.isOpen)}
        >
          ${firstIcon('menu')}
        </button>
      </div>
      ${this.isOpen ? this.#menu() : nothing}
    `;
  }

  #menu(): TemplateResult {
    const { me } = this.snapshot;
    const { say } = this.texts;
    return html`
      <div class="menu" part="menu" @keydown=${this.#onKeydown} @focusout=${this.#onFocusOut}>
        ${
          me === null
            ? nothing
            : html`<div class="who">
                <b>${me.name}</b>
                <div class="caption">${me.office.name}</div>
                <div class="caption">${say('menu.extension', { extension: me.extension })}</div>
                ${me.isDemo ? html`<div class="caption">${say('pad.demo.second')}</div>` : nothing}
              </div>`
        }
        ${this.isAdmin ? this.#item('credit', 'credit', say('tab.credit')) : this.#item('ask', 'ask', say('ask.button'))}
        ${this.#item('keys', 'keyboard', say('menu.keys'))}
      </div>
    `;
  }

  #item(view: 'keys' | 'ask' | 'credit', name: 'keyboard' | 'ask' | 'credit', label: string): TemplateResult {
    const open = (): void => {
      this.#toggle(false);
      this.request('credit-phone-open-request', { view });
    };
    return html`<button class="plain" type="button" @click=${open}>${firstIcon(name)}${label}</button>`;
  }

  #toggle(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen)
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.menu button')?.focus());
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#toggle(false);
    this.renderRoot.querySelector<HTMLElement>('.more-button')?.focus();
  }

  #onFocusOut(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (next instanceof Node && this.renderRoot.contains(next)) return;
    this.#toggle(false);
  }
}
