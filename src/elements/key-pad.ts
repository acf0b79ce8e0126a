import { css, html, nothing, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { KEY_LETTERS } from './dialled-text.ts';
import { PhoneElement } from './phone-element.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const SPOKEN_KEYS = { '*': 'pad.star', '#': 'pad.hash' } as const;

/** How long 0 has to be held down to become "+". */
const PLUS_HOLD_MS = 500;

/**
 * Twelve keys with their letters, for the number before a call and for tones in it. Holding 0 types "+".
 *
 * @csspart key - Each of the twelve keys.
 */
export class KeyPad extends PhoneElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .keys {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 6px;
        direction: ltr;
      }
      button {
        flex-direction: column;
        gap: 0;
        block-size: var(--_key-height);
        min-block-size: 0;
        padding: 0;
        border-color: transparent;
        border-radius: var(--_radius);
        background: var(--_raised);
        user-select: none;
      }
      button:hover {
        background: var(--_line);
      }
      button:active {
        background: var(--_line);
        scale: 0.97;
      }
      .digit {
        font-size: 22px;
        line-height: 26px;
        font-weight: 500;
      }
      .letters {
        block-size: 14px;
        font-size: 12px;
        line-height: 14px;
        font-weight: 500;
        letter-spacing: 0.1em;
        margin-inline-end: -0.1em;
        color: var(--_quiet);
      }
      @media (forced-colors: active) {
        button {
          border-color: ButtonText;
        }
      }
    `,
  ];

  #heldKeyTimer: ReturnType<typeof setTimeout> | undefined;
  #becamePlus = false;

  protected override render(): TemplateResult {
    return html`<div class="keys" role="group" aria-label=${this.texts.say('pad.keys')}>${KEYS.map((key) => this.#key(key))}</div>`;
  }

  #key(key: (typeof KEYS)[number]): TemplateResult {
    return html`<button
      type="button"
      part="key"
      data-key=${key}
      aria-label=${key === '*' || key === '#' ? this.texts.say(SPOKEN_KEYS[key]) : nothing}
      @pointerdown=${key === '0' ? this.#holdForPlus : null}
      @pointerup=${this.#stopHolding}
      @pointerleave=${this.#stopHolding}
      @click=${() => this.#onClick(key)}
    >
      <span class="digit">${key}</span> <span class="letters">${KEY_LETTERS[key] ?? ''}</span>
    </button>`;
  }

  /** Asks for one key, as a click on it does. */
  press(key: string): void {
    this.request('credit-phone-key-request', { digit: key });
  }

  #onClick(key: string): void {
    if (this.#becamePlus) {
      this.#becamePlus = false;
      return;
    }
    this.press(key);
  }

  #holdForPlus(): void {
    this.#becamePlus = false;
    this.#heldKeyTimer = setTimeout(() => {
      this.#becamePlus = true;
      this.press('+');
    }, PLUS_HOLD_MS);
  }

  #stopHolding(): void {
    clearTimeout(this.#heldKeyTimer);
  }
}
