import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { hasCallerChoice } from './has-caller-choice.ts';
import type { NumberFormat } from './number-format.ts';
import { PhoneElement } from './phone-element.ts';

/** Which of several numbers is shown to whoever is called: on the dial pad, and in the list of own numbers. */
export class CallerChoice extends PhoneElement {
  static override properties: PropertyDeclarations = { format: { state: true } };
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 4px;
        min-inline-size: 0;
        min-block-size: 28px;
      }
      select {
        min-inline-size: 0;
        min-block-size: 28px;
        padding-inline: 4px;
        border-color: transparent;
        background-color: transparent;
        font-size: 12px;
        color: var(--_quiet);
        text-overflow: ellipsis;
      }
      select:hover,
      select:focus-visible {
        border-color: var(--_control-line);
      }
    `,
  ];

  /** Groups the digits once it is there. */
  declare format: NumberFormat | null;

  constructor() {
    super();
    this.format = null;
  }

  protected override firstUpdated(): void {
    const country = this.snapshot.me?.office.country ?? null;
    import('./number-format.ts')
      .then(({ numberFormat }) => {
        this.format = numberFormat(country);
      })
      // Without it every digit is there as well.
      .catch(() => undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { me, callerNumber } = this.snapshot;
    const { say } = this.texts;
    const [first] = me?.callerNumbers ?? [];
    if (me === null || first === undefined || !hasCallerChoice(this.snapshot)) return nothing;
    return html`
      <label class="caption" for="caller">${say('own.caller')}</label>
      <select id="caller" @change=${this.#onChange}>
        <option value="" ?selected=${callerNumber === null}>${say('own.caller.first', { number: this.#shown(first) })}</option>
        ${me.callerNumbers.map((number) => html`<option value=${number} ?selected=${number === callerNumber}>${this.#shown(number)}</option>`)}
      </select>
    `;
  }

  #shown(number: string): string {
    return this.format === null ? number : this.format.complete(number);
  }

  readonly #onChange = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    this.request('credit-phone-caller-request', { number: event.target.value === '' ? null : event.target.value });
  };
}
