import { html, nothing, type TemplateResult } from 'lit';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { officeSwitchStyles } from './office-switch.styles.ts';
import { PhoneElement } from './phone-element.ts';

/** Whose credit is shown and managed, for people who manage several offices (D-12, D-13). Calls stay with the phone's own office. */
export class OfficeSwitch extends PhoneElement {
  static override styles = [controlStyles, creditPanelStyles, officeSwitchStyles];

  protected override render(): TemplateResult | typeof nothing {
    const { me, offices } = this.snapshot;
    const { say } = this.texts;
    if (me === null || offices.choices.length < 2) return nothing;
    const own = me.office.officeId;
    const shown = offices.other?.officeId ?? own;
    return html`
      <div class="switch">
        <label for="office">${say('office.label')}</label>
        <select id="office" aria-describedby="note" .value=${shown} @change=${this.#onChange}>
          ${offices.choices.map(
            ({ officeId, name }) =>
              html`<option value=${officeId} ?selected=${officeId === shown}>${officeId === own ? say('office.own', { name }) : name}</option>`,
          )}
        </select>
        <p class="caption" id="note" role="status">${offices.other === null ? '' : say('office.other', { name: offices.other.name, own: me.office.name })}</p>
      </div>
    `;
  }

  readonly #onChange = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    this.request('credit-phone-billing-request', { wish: { type: 'choose_office', officeId: event.target.value } });
  };
}
