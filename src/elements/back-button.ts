import { html, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';

/** Closes the view that lies over the stage. */
export class BackButton extends PhoneElement {
  static override styles = controlStyles;

  protected override render(): TemplateResult {
    return html`<button class="plain" type="button" @click=${this.close}>${this.texts.say('view.back')}</button>`;
  }

  close(): void {
    this.request('credit-phone-close-request', {});
  }
}
