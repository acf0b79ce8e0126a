import { css, html, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import type { MessageKey } from './messages.ts';
import { PhoneElement } from './phone-element.ts';

const KEYS: readonly (readonly [string, MessageKey])[] = [
  ['0–9 * # +', 'keys.digits'],
  ['⌫', 'keys.backspace'],
  ['Enter', 'keys.enter'],
  ['M', 'keys.mute'],
  ['H', 'keys.hold'],
  ['T', 'keys.cost'],
  ['Esc', 'keys.escape'],
  ['?', 'keys.help'],
];

/** The keyboard map, shown by "?". */
export class KeysHelp extends PhoneElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        padding-block-start: 16px;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 12px 16px;
        margin-block: 16px 24px;
      }
      kbd {
        display: inline-block;
        min-inline-size: 28px;
        padding: 2px 8px;
        border: 1px solid var(--_control-line);
        border-radius: 6px;
        font: inherit;
        font-size: 12px;
        text-align: center;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { say } = this.texts;
    return html`
      <section tabindex="-1" data-focus aria-label=${say('keys.title')}>
        <h2>${say('keys.title')}</h2>
        <dl>
          ${KEYS.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${say(text)}</dd>`)}
        </dl>
        <credit-phone-back-button .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-back-button>
      </section>
    `;
  }

  handleKey(event: KeyboardEvent): boolean {
    if (event.key !== 'Escape' && event.key !== '?') return false;
    this.renderRoot.querySelector('credit-phone-back-button')?.close();
    return true;
  }
}
