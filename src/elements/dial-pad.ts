import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { BalanceDisplay } from './balance-display.ts';
import { controlStyles } from './control.styles.ts';
import { dialledText } from './dialled-text.ts';
import { hasCallerChoice } from './has-caller-choice.ts';
import { firstIcon } from './icons.ts';
import type { NumberFormat } from './number-format.ts';
import { PhoneElement } from './phone-element.ts';

/**
 * The number, its price, twelve keys and one Call button.
 *
 * @csspart number - The field with the number.
 * @csspart call-button - The Call button.
 * @csspart price-tag - The price tag.
 * @csspart key - Each of the twelve keys.
 */
export class DialPad extends PhoneElement {
  static override properties: PropertyDeclarations = {
    display: { attribute: false },
    isRow: { type: Boolean, attribute: 'row', reflect: true },
    format: { state: true },
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        container-type: inline-size;
      }
      .field {
        position: relative;
        display: flex;
        align-items: center;
      }
      input {
        inline-size: 100%;
        block-size: 48px;
        padding-inline: 36px;
        border-color: transparent;
        border-radius: var(--_radius);
        background: transparent;
        /* As large as fits: the digits of a long number must not be cut off. */
        font-size: clamp(14px, calc((100cqi - 76px) / (var(--_characters, 1) * 0.66)), var(--_number-size));
        font-weight: 500;
        letter-spacing: -0.01em;
        text-align: center;
        direction: ltr;
      }
      input:hover,
      input:focus {
        border-color: var(--_control-line);
      }
      ::placeholder {
        font-weight: 400;
      }
      /* Between number and price, where there is room: the Call button must not be pushed out of sight. */
      credit-phone-caller-choice {
        margin-block: -8px;
      }
      credit-phone-call-quote {
        display: block;
        min-block-size: 44px;
      }
      .backspace {
        position: absolute;
        inset-inline-end: 4px;
        inline-size: 36px;
        padding: 0;
        color: var(--_quiet);
      }
      .call {
        align-self: center;
        inline-size: min(100%, 184px);
        min-block-size: 48px;
        margin-block-start: 4px;
        border-radius: 24px;
        font-size: 16px;
      }
      :host([row]) {
        flex-direction: row;
        align-items: center;
      }
      :host([row]) .field {
        flex: 1;
        min-inline-size: 0;
      }
      :host([row]) input {
        block-size: 36px;
        padding-inline: 8px;
        border-color: var(--_control-line);
        font-size: clamp(12px, calc((100cqi - 76px) / (var(--_characters, 1) * 0.66)), 16px);
        text-align: start;
      }
      :host([row]) .call {
        inline-size: auto;
        min-block-size: 36px;
        margin: 0;
        font-size: 14px;
      }
      :host([row]) .backspace {
        display: none;
      }
      :host([row]) credit-phone-call-quote {
        flex: none;
        max-inline-size: 45%;
        min-block-size: 0;
      }
      @container (inline-size < 480px) {
        :host([row]) credit-phone-call-quote {
          display: none;
        }
      }
      @container (inline-size < 300px) {
        :host([row]) .call {
          inline-size: 48px;
          padding: 0;
        }
        :host([row]) .call .label {
          display: none;
        }
      }
    `,
  ];

  declare display: BalanceDisplay;
  declare isRow: boolean;
  declare format: NumberFormat | null;

  /** What was typed since the last snapshot: keys may come faster than the phone's answer. */
  #typedAhead: string | null = null;
  #formatCountry: string | null = null;
  #isFormatAsked = false;

  constructor() {
    super();
    this.display = 'money';
    this.isRow = false;
    this.format = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('snapshot')?.dialled !== this.snapshot.dialled) this.#typedAhead = null;
    if (changed.has('snapshot') && this.snapshot.dialled !== '') void this.#loadFormat();
  }

  /** By CSSOM, because a style attribute would need 'unsafe-inline'. */
  protected override updated(): void {
    this.style.setProperty('--_characters', String(Math.max(1, this.#shownNumber().length)));
  }

  protected override render(): TemplateResult {
    const field = this.#field();
    if (this.isRow) return html`${field}${this.#priceTag()}${this.#callButton()}`;
    return html`
      ${field}
      ${hasCallerChoice(this.snapshot) ? html`<credit-phone-caller-choice .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-caller-choice>` : nothing}
      ${this.#priceTag()}
      <credit-phone-key-pad
        exportparts="key"
        .snapshot=${this.snapshot}
        .texts=${this.texts}
        @credit-phone-key-request=${this.#onKeyRequest}
      ></credit-phone-key-pad>
      ${this.#callButton()}
    `;
  }

  #priceTag(): TemplateResult {
    return html`<credit-phone-call-quote
      exportparts="price-tag"
      .snapshot=${this.snapshot}
      .texts=${this.texts}
      .display=${this.display}
    ></credit-phone-call-quote>`;
  }

  #field(): TemplateResult {
    const { say } = this.texts;
    const shown = this.#shownNumber();
    return html`
      <div class="field">
        <input
          part="number"
          type="tel"
          inputmode="tel"
          autocomplete="off"
          spellcheck="false"
          aria-label=${say('pad.label')}
          aria-describedby="reason"
          placeholder=${say('pad.placeholder')}
          .value=${shown}
          data-focus
          @input=${this.#onInput}
          @keydown=${this.#onKeydown}
        />
        <button
          class="plain backspace"
          type="button"
          ?hidden=${shown === ''}
          aria-label=${say('pad.backspace')}
          @click=${this.#deleteLast}
        >
          ${firstIcon('backspace')}
        </button>
      </div>
    `;
  }

  #callButton(): TemplateResult {
    const reason = this.#whyNot();
    return html`
      <button
        class="call primary"
        part="call-button"
        type="button"
        aria-label=${this.isRow ? this.texts.say('pad.call') : nothing}
        aria-disabled=${reason === '' ? 'false' : 'true'}
        aria-describedby="reason"
        @click=${this.#call}
      >
        ${firstIcon('phone')}<span class="label">${this.texts.say('pad.call')}</span>
      </button>
      <span id="reason" class="visually-hidden">${reason}</span>
    `;
  }

  /** Empty when the Call button can be pressed. Lack of credit is not a reason: the gate answers that, in words (F-26). */
  #whyNot(): string {
    const { snapshot, texts } = this;
    if (snapshot.me === null) return texts.say('pad.connecting');
    if (this.#dialled === '' && snapshot.history.length === 0) return texts.say('pad.empty');
    return '';
  }

  get #dialled(): string {
    return this.#typedAhead ?? this.snapshot.dialled;
  }

  #shownNumber(): string {
    const dialled = this.#dialled;
    return this.format === null ? dialled : this.format.asTyped(dialled);
  }

  async #loadFormat(): Promise<void> {
    const country = this.snapshot.me?.office.country ?? null;
    if (this.#isFormatAsked && country === this.#formatCountry) return;
    this.#isFormatAsked = true;
    this.#formatCountry = country;
    const { numberFormat } = await import('./number-format.ts');
    this.format = numberFormat(country);
  }

  #onInput(event: InputEvent): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    const isAtEnd = field.selectionStart === field.value.length;
    const digitsBeforeCaret = dialledText(field.value.slice(0, field.selectionStart ?? 0)).length;
    this.#type(dialledText(field.value));
    void this.updateComplete.then(() => {
      field.value = this.#shownNumber();
      const caret = isAtEnd ? field.value.length : positionAfter(field.value, digitsBeforeCaret);
      field.setSelectionRange(caret, caret);
    });
  }

  #type(text: string): void {
    if (text === this.#dialled) return;
    if (this.request('credit-phone-type-request', { text })) this.#typedAhead = text;
  }

  #deleteLast(): void {
    this.#type(this.#dialled.slice(0, -1));
    this.renderRoot.querySelector('input')?.focus();
  }

  #onKeyRequest(event: CustomEvent<{ readonly digit: string }>): void {
    const { digit } = event.detail;
    if (digit === '+' && this.#dialled !== '') return;
    this.#type(`${this.#dialled}${digit}`);
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#call();
  }

  /** With an empty field the last number comes back first, as on any phone; the next press calls it. */
  #call(): void {
    if (this.#whyNot() !== '') return;
    const { history } = this.snapshot;
    const dialled = this.#dialled;
    if (dialled !== '') this.request('credit-phone-dial-request', { to: dialled });
    else this.#type(history.find((entry) => entry.direction === 'outbound')?.number ?? history[0]?.number ?? '');
  }

  /** Keys that were pressed elsewhere in the widget. True when one was for the dial pad. */
  handleKey(event: KeyboardEvent): boolean {
    if (/^[\d*#+]$/.test(event.key)) this.renderRoot.querySelector('credit-phone-key-pad')?.press(event.key);
    else if (event.key === 'Backspace') this.#type(this.#dialled.slice(0, -1));
    else if (event.key === 'Enter') this.#call();
    else return false;
    return true;
  }
}

/** Where the caret belongs in a formatted number: behind as many digits as were before it. */
function positionAfter(shown: string, digits: number): number {
  let position = 0;
  for (let seen = 0; position < shown.length && seen < digits; position += 1) {
    if (/[\d+*#]/.test(shown.charAt(position))) seen += 1;
  }
  return position;
}
