import { html, nothing, type PropertyDeclarations, svg, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../phone/phone-snapshot.ts';
import { callPanelStyles } from './call-panel.styles.ts';
import { callStatusText, costText, isTimed, timeLeftText, warningText } from './call-status-text.ts';
import { controlStyles } from './control.styles.ts';
import { timerText } from './format.ts';
import { type IconName, icon } from './later-icons.ts';
import { PhoneElement } from './phone-element.ts';

/** How many level bars are drawn. */
const LEVEL_BARS = 24;
const LEVEL_HEIGHT = 24;

/**
 * The running call: who, how long, what it costs, how much time is left, and the buttons. As a strip (`compact`) when another tab is
 * open.
 *
 * @csspart timer - Time in the call.
 * @csspart cost - Running cost and time left.
 * @csspart warning - The line that warns before the credit runs out.
 * @csspart hang-up-button - The Hang up button.
 */
export class CallPanel extends PhoneElement {
  static override properties: PropertyDeclarations = {
    call: { attribute: false },
    number: { attribute: false },
    isCompact: { type: Boolean, attribute: 'compact', reflect: true },
    isKeypadOpen: { state: true },
    isConfirming: { state: true },
  };

  static override styles = [controlStyles, callPanelStyles];

  declare call: CallSnapshot;
  /** The number as people read it. */
  declare number: string;
  declare isCompact: boolean;
  declare isKeypadOpen: boolean;
  declare isConfirming: boolean;

  constructor() {
    super();
    this.number = '';
    this.isCompact = false;
    this.isKeypadOpen = false;
    this.isConfirming = false;
  }

  protected override render(): TemplateResult {
    return this.isCompact ? this.#strip() : this.#panel();
  }

  #panel(): TemplateResult {
    const { call, texts } = this;
    return html`
      <section class="panel ${this.isKeypadOpen ? 'with-keys' : ''}" tabindex="-1" data-focus aria-label=${texts.say('call.label', { name: call.label || this.number })}>
        <header>
          <h2>${call.label || this.number}</h2>
          <p class="number">${call.label === '' ? nothing : html`<bdi dir="ltr">${this.number}</bdi>`}</p>
          <p class="status ${call.isHeld || call.isLinkLost || call.microphoneFault !== null ? 'noted' : ''}">${callStatusText(call, texts)}</p>
        </header>
        <div class="meter">
          <div class="timer" part="timer" role="timer" aria-label=${texts.say('call.timer')}>
            ${isTimed(call) ? timerText(call.talkSeconds) : html`<span class="waiting" aria-hidden="true">–:––</span>`}
          </div>
          <div class="cost" part="cost">${this.#cost()}</div>
        </div>
        <div class="notice">${this.#notice()}</div>
        ${this.isKeypadOpen ? this.#keypad() : this.#quality()}
        ${this.#controls()}
        ${this.#hangUpButton()}
      </section>
    `;
  }

  #strip(): TemplateResult {
    const { call, texts } = this;
    return html`
      <section class="strip ${call.warning === null ? '' : 'warned'}" aria-label=${texts.say('call.label', { name: call.label || this.number })}>
        <span class="strip-name">${call.label || this.number}</span>
        <span class="strip-meter" part="cost">
          ${isTimed(call) ? html`<b>${timerText(call.talkSeconds)}</b> ${this.#stripCost()}` : callStatusText(call, texts)}
        </span>
        <button
          class="danger strip-hang-up"
          part="hang-up-button"
          type="button"
          aria-label=${texts.say('call.hang_up')}
          @click=${this.#hangUp}
        >
          ${icon('hangUp')}
        </button>
      </section>
    `;
  }

  /** Close to the end the time left matters more than the cost. */
  #stripCost(): string {
    const left = this.call.warning === null ? null : timeLeftText(this.call, this.texts);
    return left ?? costText(this.call, this.texts);
  }

  #cost(): TemplateResult | typeof nothing {
    const { call, texts } = this;
    if (!isTimed(call)) return nothing;
    const left = timeLeftText(call, texts);
    return html`<b>${costText(call, texts)}</b>${left === null ? nothing : html`<span class="left ${call.warning === null ? '' : 'short'}">${left}</span>`}`;
  }

  /** One line, always there: the question before hanging up, a warning, or nothing. */
  #notice(): TemplateResult | typeof nothing {
    if (this.isConfirming) return this.#confirmation();
    if (this.call.phase === 'authorizing') return html`<span class="late caption">${this.texts.say('mic.ask')}</span>`;
    const warning = warningText(this.call, this.texts, this.isAdmin);
    if (warning === null) return nothing;
    const isSaved = this.call.warning === null;
    return html`
      <div class="warning ${isSaved ? 'saved' : ''}" part="warning">
        ${icon(isSaved ? 'check' : 'warning')}<span>${warning}</span>
        ${
          isSaved
            ? nothing
            : html`<credit-phone-fix-button
                exportparts="action"
                .snapshot=${this.snapshot}
                .texts=${this.texts}
                .kind=${'link'}
              ></credit-phone-fix-button>`
        }
      </div>
    `;
  }

  #confirmation(): TemplateResult {
    const { say } = this.texts;
    return html`
      <div class="warning" role="alertdialog" aria-label=${say('call.confirm')} part="warning">
        <span>${say('call.confirm')}</span>
        <button class="link yes" type="button" @click=${this.#hangUp}>${say('call.confirm.yes')}</button>
        <button class="link" type="button" @click=${() => this.#confirm(false)}>${say('call.confirm.no')}</button>
      </div>
    `;
  }

  #quality(): TemplateResult {
    const { call, texts } = this;
    if (call.phase !== 'talking') return html`<div class="quality"></div>`;
    return html`
      <div class="quality ${call.quality ?? ''}">
        <svg class="levels" viewBox="0 0 ${LEVEL_BARS * 5} ${LEVEL_HEIGHT}" aria-hidden="true">${this.#levelBars()}</svg>
        ${call.quality === null ? nothing : html`<span class="caption">${texts.say(`quality.${call.quality}`)}</span>`}
      </div>
    `;
  }

  #levelBars(): TemplateResult[] {
    const { levels } = this.call;
    return Array.from({ length: LEVEL_BARS }, (_, index) => {
      const level = levels[levels.length - LEVEL_BARS + index] ?? 0;
      const height = Math.max(3, Math.min(1, level) * LEVEL_HEIGHT);
      return svg`<rect x=${index * 5 + 1} y=${(LEVEL_HEIGHT - height) / 2} width="3" height=${height} rx="1.5"></rect>`;
    });
  }

  #keypad(): TemplateResult {
    return html`<credit-phone-key-pad
      exportparts="key"
      .snapshot=${this.snapshot}
      .texts=${this.texts}
    ></credit-phone-key-pad>`;
  }

  #controls(): TemplateResult {
    const { call } = this;
    const { say } = this.texts;
    const isTalking = call.phase === 'talking';
    return html`
      <div class="controls">
        ${this.#toggle({ name: call.isMuted ? 'mute' : 'microphone', label: say(call.isMuted ? 'call.unmute' : 'call.mute'), isOn: call.isMuted, isEnabled: isTalking, press: () => this.#mute() })}
        ${this.#toggle({ name: call.isHeld ? 'resume' : 'pause', label: say(call.isHeld ? 'call.resume' : 'call.hold'), isOn: call.isHeld, isEnabled: isTalking && !call.isLinkLost, press: () => this.#hold() })}
        ${this.#toggle({
          name: 'keys',
          label: say(this.isKeypadOpen ? 'call.hide_keys' : 'call.keys'),
          isOn: this.isKeypadOpen,
          isEnabled: isTalking,
          press: () => {
            this.isKeypadOpen = !this.isKeypadOpen;
          },
        })}
      </div>
    `;
  }

  #toggle(control: {
    name: IconName;
    label: string;
    isOn: boolean;
    isEnabled: boolean;
    press: () => void;
  }): TemplateResult {
    return html`<button
      class="control ${control.isOn ? 'on' : ''}"
      type="button"
      ?disabled=${!control.isEnabled}
      @click=${control.press}
    >
      ${icon(control.name)}<span>${control.label}</span>
    </button>`;
  }

  #hangUpButton(): TemplateResult {
    return html`<button
      class="danger hang-up"
      part="hang-up-button"
      type="button"
      ?disabled=${this.call.phase === 'hanging_up'}
      @click=${this.#hangUp}
    >
      ${icon('hangUp')}${this.texts.say('call.hang_up')}
    </button>`;
  }

  #mute(): void {
    this.request('credit-phone-mute-request', { isMuted: !this.call.isMuted });
  }

  #hold(): void {
    this.request('credit-phone-hold-request', { isHeld: !this.call.isHeld });
  }

  #hangUp(): void {
    this.isConfirming = false;
    this.request('credit-phone-hang-up-request', {});
  }

  #confirm(isConfirming: boolean): void {
    this.isConfirming = isConfirming;
    if (!isConfirming) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.yes')?.focus());
  }

  /** M, H, Escape and the twelve keys, from anywhere in the widget. True when one was for the call. */
  handleKey(event: KeyboardEvent): boolean {
    const isTalking = this.call.phase === 'talking';
    if (event.key === 'Escape') this.#confirm(!this.isConfirming);
    else if (isTalking && event.key.toLowerCase() === 'm') this.#mute();
    else if (isTalking && event.key.toLowerCase() === 'h') this.#hold();
    else if (isTalking && /^[\d*#]$/.test(event.key)) this.#pressKey(event.key);
    else return false;
    return true;
  }

  /** The key pad is the one that asks for a tone; typing a digit presses its key there. */
  #pressKey(digit: string): void {
    this.isKeypadOpen = true;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector('credit-phone-key-pad')?.press(digit);
    });
  }
}
