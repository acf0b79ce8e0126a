import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../phone/phone-snapshot.ts';
import { endCostText, endText, endTitle, MICROPHONE_TEXTS } from './call-status-text.ts';
import { controlStyles } from './control.styles.ts';
import { icon } from './later-icons.ts';
import { messagePanelStyles } from './message-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { isMendedByCredit, refusalText } from './refusal-text.ts';

/**
 * Why a call ended or was not made, what it cost, and the one thing to do about it (F-26, S-04). Stays until it was read.
 *
 * @csspart message - The sentence.
 * @csspart action - The button that puts it right.
 */
export class CallOutcome extends PhoneElement {
  static override properties: PropertyDeclarations = {
    call: { attribute: false },
    number: { attribute: false },
  };
  static override styles = [controlStyles, messagePanelStyles];

  declare call: CallSnapshot;
  declare number: string;

  constructor() {
    super();
    this.number = '';
  }

  protected override render(): TemplateResult {
    const { call, texts } = this;
    const isBad = call.phase === 'refused' || call.endReason === 'credit_exhausted';
    const cost = call.phase === 'ended' ? endCostText(call, texts) : null;
    return html`
      <section class="panel" tabindex="-1" data-focus aria-label=${endTitle(call, texts)}>
        <div class="badge ${isBad ? 'bad' : ''}">${icon(isBad ? 'alert' : 'hangUp')}</div>
        <h2>${endTitle(call, texts)}</h2>
        <p class="words" part="message" role="alert">${this.#words()}</p>
        ${cost === null ? nothing : html`<p class="money">${cost}</p>`}
        <p class="quiet">${call.label === '' ? nothing : `${call.label} · `}<bdi dir="ltr">${this.number}</bdi></p>
        <div class="actions">${this.#actions()}</div>
      </section>
    `;
  }

  #words(): string {
    const { call, texts } = this;
    if (call.phase === 'ended') return endText(call, texts);
    if (call.microphoneFault !== null) return texts.say(MICROPHONE_TEXTS[call.microphoneFault]);
    return call.refusal === null ? texts.say('refused.again') : refusalText(call.refusal, texts, this.snapshot.me);
  }

  #actions(): TemplateResult {
    const { say } = this.texts;
    const done = (kind: 'primary' | 'plain'): TemplateResult =>
      html`<button class=${kind} type="button" @click=${this.#dismiss}>${say('end.done')}</button>`;
    if (!this.#isAboutCredit())
      return this.#isWorthAnotherTry()
        ? html`<button class="primary" type="button" @click=${this.#callBack}>${say('end.call_again')}</button>${done('plain')}`
        : html`${done('primary')}<button class="plain" type="button" @click=${this.#callBack}>${say('end.call_again')}</button>`;
    const hasCredit = this.snapshot.creditLevel !== 'empty' && this.snapshot.creditArrivedMicros !== null;
    if (hasCredit)
      return html`<button class="primary" type="button" @click=${this.#callBack}>${say('end.call_back.now')}</button>${done('plain')}`;
    return html`
      <credit-phone-fix-button
        exportparts="action"
        .snapshot=${this.snapshot}
        .texts=${this.texts}
      ></credit-phone-fix-button>
      <button class="plain" type="button" @click=${this.#callBack}>${say('end.call_back')}</button>
    `;
  }

  #isAboutCredit(): boolean {
    const { call } = this;
    if (call.phase === 'ended') return call.endReason === 'credit_exhausted';
    return call.refusal !== null && isMendedByCredit(call.refusal);
  }

  /** After a talk, or when somebody else has to act first, another call is not the next thing to do. */
  #isWorthAnotherTry(): boolean {
    const { refusal, talkSeconds } = this.call;
    if (refusal !== null) return refusal.whoCanFix === 'agent' || refusal.code === 'unavailable';
    return talkSeconds === 0;
  }

  #dismiss(): void {
    this.request('credit-phone-dismiss-request', {});
  }

  #callBack(): void {
    this.request('credit-phone-call-back-request', { to: this.call.number });
  }

  handleKey(event: KeyboardEvent): boolean {
    if (event.key !== 'Escape') return false;
    this.#dismiss();
    return true;
  }
}
