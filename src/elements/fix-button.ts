import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';

/**
 * The one way out of a lack of credit: "Ask for credit" for agents, "Add credit" for admins (F-05: an agent never has the latter).
 *
 * @csspart action - The button.
 */
export class FixButton extends PhoneElement {
  static override properties: PropertyDeclarations = { kind: { attribute: false } };
  static override styles = controlStyles;

  declare kind: 'primary' | 'secondary' | 'link';

  constructor() {
    super();
    this.kind = 'primary';
  }

  protected override render(): TemplateResult {
    const isAdmin = this.isAdmin;
    return html`<button
      class=${this.kind}
      part="action"
      type="button"
      @click=${() => this.request('credit-phone-fix-request', { isAdmin })}
    >
      ${this.texts.say(isAdmin ? 'add.button' : 'ask.button')}
    </button>`;
  }
}
