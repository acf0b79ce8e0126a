import { html, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { icon } from './later-icons.ts';
import { messagePanelStyles } from './message-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { refusalText } from './refusal-text.ts';

/**
 * The server did not let this widget in, or the phone is switched off for the account (S-03): no dial pad, but the reason.
 *
 * @csspart message - The sentence.
 */
export class ClosedPanel extends PhoneElement {
  static override styles = [controlStyles, messagePanelStyles];

  protected override render(): TemplateResult {
    const refusal = this.snapshot.signInRefusal;
    const { say } = this.texts;
    return html`
      <section class="panel" tabindex="-1" data-focus>
        <div class="badge">${icon('switchedOff')}</div>
        <h2>${say(refusal?.code === 'phone_disabled' ? 'refused.off' : 'closed.title')}</h2>
        <p class="words quiet" part="message" role="alert">
          ${refusal === null ? say('refused.signin') : refusalText(refusal, this.texts, this.snapshot.me)}
        </p>
      </section>
    `;
  }
}
