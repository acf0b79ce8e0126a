import { LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Phone, PhoneSnapshot } from '../phone/phone-snapshot.ts';
import { mayManageCredit } from '../protocol/role.ts';
import type { Announcement } from './announcement.ts';
import { balanceDisplay } from './balance-display.ts';
import { controlStyles } from './control.styles.ts';
import { creditPhoneStyles } from './credit-phone.styles.ts';
import { type LaterPart, loadPart } from './element-registry.ts';
import { noticeEvent } from './events.ts';
import { focusStage } from './focus-stage.ts';
import { type FrameModel, frameTemplate, isPanel, type Panel, panelsFor, partsToLoad } from './frame-template.ts';
import { hasCallerChoice } from './has-caller-choice.ts';
import type { Messages } from './messages.ts';
import type { NumberFormat } from './number-format.ts';
import { PhoneController } from './phone-controller.ts';
import type { PhoneFrame } from './request-handlers.ts';
import { stageOf } from './stage.ts';
import { createTexts, type Texts } from './texts.ts';
import { themeStyles } from './theme.styles.ts';
import { UNCONNECTED_SNAPSHOT } from './unconnected-snapshot.ts';

type PhoneLink = typeof import('./phone-link.ts');

/** Loaded by the first widget; the next ones listen from their first drawing on. */
let loadedLink: PhoneLink | null = null;

/**
 * A softphone that shows what a call costs before, while and after it is made, and says plainly when credit is short.
 * Set `gate-url` and `token`, or hand in a `phone` of your own. Moving the element within the page keeps a call; removing it ends the call.
 *
 * @summary The phone: credit bar, stage, tabs.
 * @tag credit-phone
 * @attr {'none' | string} call-status - Read only: phase of the call ("none", "ringing", "talking" ...), for CSS.
 * @attr {'off' | 'connecting' | 'registered' | 'reconnecting' | 'failed'} line-status - Read only: the phone line, for CSS.
 * @attr {'ok' | 'low' | 'critical' | 'empty' | 'unknown'} credit-level - Read only: the credit level, for CSS.
 *
 * @fires {CustomEvent} credit-phone-ready - The server let this widget in.
 * @fires {CustomEvent} credit-phone-call-change - A call began, moved on or is gone.
 * @fires {CustomEvent} credit-phone-call-ended - A call ended: reason, seconds, cost.
 * @fires {CustomEvent} credit-phone-call-refused - A call was not made: the refusal. Nothing was charged.
 * @fires {CustomEvent} credit-phone-balance-change - The balance or what is held of it changed.
 * @fires {CustomEvent} credit-phone-credit-low - The level fell to low or critical.
 * @fires {CustomEvent} credit-phone-credit-empty - The credit is used up.
 * @fires {CustomEvent} credit-phone-topup-done - A payment succeeded, here, by another admin or by auto-recharge; once for each, for admins only.
 * @fires {CustomEvent} credit-phone-call-ending-soon - 120, 60 and 30 seconds before the credit of a call is used up.
 * @fires {CustomEvent} credit-phone-ask-for-credit - This agent asked its admins for credit.
 * @fires {CustomEvent} credit-phone-error - The widget cannot work; the code says why.
 *
 * @csspart frame - The outer frame.
 * @csspart credit-bar - The credit bar on top.
 * @csspart balance - The state of the credit in words.
 * @csspart menu - The menu behind the three dots.
 * @csspart stage - The middle: what happens now.
 * @csspart tabs - The row of tabs.
 * @csspart tab - Each tab.
 * @csspart number - The field with the number.
 * @csspart price-tag - The price tag under the number.
 * @csspart key - Each key of a key pad.
 * @csspart call-button - The Call button.
 * @csspart hang-up-button - The Hang up button.
 * @csspart answer-button - The Answer button.
 * @csspart decline-button - The Decline button.
 * @csspart timer - Time in the call.
 * @csspart cost - Running cost and time left.
 * @csspart warning - The line that warns before the credit runs out.
 * @csspart message - Why a call ended or was refused.
 * @csspart action - "Ask for credit" or "Add credit".
 * @csspart notice - The line above the tabs.
 * @csspart alert - The banner of an alert, for admins.
 * @csspart request - The banner of an agent's request, for admins.
 * @csspart history-row - One call of the history.
 * @csspart number-row - One number for sale.
 * @csspart own-number-row - One number that is yours.
 * @csspart buy-button - The Buy button of a number.
 * @csspart balance-amount - The credit as an amount, in the Credit tab.
 * @csspart add-credit - The form that adds credit, or play credit in a demo without payments.
 *
 * @cssproperty [--credit-phone-width=340px] - Width of the card, 280 to 480 px.
 * @cssproperty [--credit-phone-height=560px] - Height of the card.
 * @cssproperty [--credit-phone-font] - Font family; the system's by default.
 * @cssproperty [--credit-phone-radius=10px] - Corner radius.
 * @cssproperty [--credit-phone-shadow] - Shadow of the card.
 * @cssproperty [--credit-phone-number-size=28px] - Size of the dialled number.
 * @cssproperty [--credit-phone-timer-size=32px] - Size of the call timer.
 * @cssproperty [--credit-phone-key-height=52px] - Height of a key.
 * @cssproperty [--credit-phone-surface] - Background.
 * @cssproperty [--credit-phone-raised] - Background of keys, banners and badges.
 * @cssproperty [--credit-phone-text] - Text.
 * @cssproperty [--credit-phone-quiet] - Text that matters less.
 * @cssproperty [--credit-phone-line] - Lines between things.
 * @cssproperty [--credit-phone-control-line] - Edges of controls.
 * @cssproperty [--credit-phone-accent] - Call, primary buttons, focus.
 * @cssproperty [--credit-phone-on-accent] - Text on the accent.
 * @cssproperty [--credit-phone-danger] - Hang up, empty, refused.
 * @cssproperty [--credit-phone-on-danger] - Text on danger.
 * @cssproperty [--credit-phone-warning] - Low, ending soon.
 * @cssproperty [--credit-phone-good] - Credit arrived, free, done.
 */
export class CreditPhone extends LitElement implements PhoneFrame {
  static override properties: PropertyDeclarations = {
    gateUrl: { attribute: 'gate-url' },
    lang: { reflect: true },
    showBalance: { attribute: 'show-balance' },
    panel: { reflect: true },
    layout: { reflect: true },
    theme: { reflect: true },
    token: { attribute: false },
    phone: { attribute: false },
    number: { attribute: false },
    messages: { attribute: false },
    view: { state: true, attribute: false },
    failedPart: { state: true, attribute: false },
    format: { state: true, attribute: false },
    spoken: { state: true, attribute: false },
  };

  static override styles = [themeStyles, controlStyles, creditPhoneStyles];

  /** Base address of the gate server. */
  declare gateUrl: string;
  /** Language of texts, numbers and money (BCP 47); that of the page when it is not set. */
  declare lang: string;
  /** "money", "time" or "none"; never shows more than the office's policy allows. */
  declare showBalance: string;
  /** The open tab: "phone", "history", "numbers" or, for admins, "credit". */
  declare panel: string;
  /** "card" (default), "bar" (one row of 48 px) or "docked" (fills its container). */
  declare layout: string;
  /** "light", "dark" or "auto" (the system's); that of the page when it is not set. */
  declare theme: string;
  /** Gives the host page's access token; called again whenever one is needed. A property, never an attribute: it is a secret. */
  declare token: (() => string | Promise<string>) | null;
  /** A phone of the host's own; without it the element connects one by `gateUrl` and `token`. */
  declare phone: Phone | null;
  /** Puts a number into the field, without calling it. */
  declare number: string;
  /** Replaces texts by key; see messages.ts. */
  declare messages: Partial<Messages>;

  /** @private */
  declare view: 'none' | 'keys' | 'ask';
  /** @private */
  declare failedPart: LaterPart | null;
  /** @private */
  declare format: NumberFormat | null;
  /** @private */
  declare spoken: Announcement | null;

  #ownPhone: Phone | null = null;
  #isConnecting = false;
  #before: PhoneSnapshot | null = null;
  #texts: Texts | null = null;
  #link: PhoneLink | null = null;
  #focusKey = '';
  #hadFocus = false;
  readonly #controller = new PhoneController(this, (snapshot) => this.#onSnapshot(snapshot));

  constructor() {
    super();
    this.gateUrl = '';
    this.showBalance = 'money';
    this.panel = 'phone';
    this.layout = 'card';
    this.token = null;
    this.phone = null;
    this.number = '';
    this.messages = {};
    this.view = 'none';
    this.failedPart = null;
    this.format = null;
    this.spoken = null;
  }

  /** Calls a number, as if it had been typed and Call been pressed. The gate decides whether the call is made. */
  dial(number: string): void {
    this.showPhone();
    this.#controller.phone?.dial(number);
  }

  /** Ends the call there is. */
  hangUp(): void {
    this.#controller.phone?.hangUp();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  /** A move within the page disconnects and connects again at once: only who is still gone after that has left. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('gateUrl') && changed.get('gateUrl')) this.#leave();
    if (changed.has('token') && this.#snapshot.signInRefusal !== null) this.#leave();
    if (changed.has('phone') && this.phone !== this.#ownPhone) this.#closeOwnPhone();
    if (this.isConnected) this.#controller.follow(this.phone);
    if (changed.has('number') && this.number !== '') this.#controller.phone?.setDialled(this.number);
    this.#texts = this.#makeTexts();
    this.#hadFocus = this.matches(':focus-within');
    if (this.#link === null && loadedLink !== null && this.phone !== null) this.#listen(loadedLink);
  }

  protected override updated(): void {
    this.#reflectStates();
    if (this.#link !== null) this.#loadParts();
    else if (this.phone !== null) void this.#loadLink();
    this.#followFocus();
    if (this.phone === null && this.isConnected && this.token !== null && this.gateUrl !== '') void this.#connect();
  }

  protected override render(): TemplateResult {
    return frameTemplate(this.#model());
  }

  #model(): FrameModel {
    const snapshot = this.#snapshot;
    const allowed = snapshot.me?.showBalance ?? 'money';
    const panels = panelsFor(snapshot.me !== null && mayManageCredit(snapshot.me.role));
    return {
      snapshot,
      texts: this.#texts ?? this.#makeTexts(),
      display: balanceDisplay(this.showBalance, allowed),
      panels,
      panel: isPanel(this.panel) && panels.includes(this.panel) ? this.panel : 'phone',
      view: this.view,
      isBar: this.layout === 'bar',
      failedPart: this.failedPart,
      format: this.format,
      spoken: this.spoken,
      openPanel: (panel) => this.#openPanel(panel),
    };
  }

  get #snapshot(): PhoneSnapshot {
    return this.#controller.phone?.snapshot ?? UNCONNECTED_SNAPSHOT;
  }

  #makeTexts(): Texts {
    const locale = this.lang || this.ownerDocument.documentElement.lang || navigator.language;
    const { direction } = getComputedStyle(this);
    return createTexts({ messages: this.messages, locale, direction, currency: this.#snapshot.me?.currency ?? 'USD' });
  }

  async #connect(): Promise<void> {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    try {
      const link = await this.#loadLink();
      const { connectPhone } = await import('../connect-phone.ts');
      if (link === null || !this.isConnected || this.phone !== null) return;
      this.#ownPhone = connectPhone({ gateUrl: this.gateUrl, token: () => link.tokenOf(this) });
      this.phone = this.#ownPhone;
      link.watchHost(this);
    } catch {
      this.#fail('connect');
    } finally {
      this.#isConnecting = false;
    }
  }

  /** The element is gone from the page: its call ends. A phone of the host's own is only hung up; it is not ours to close. */
  #leave(): void {
    const { phone } = this;
    if (phone === null) return;
    if (phone === this.#ownPhone) {
      this.#closeOwnPhone();
      this.phone = null;
    } else {
      phone.hangUp();
    }
    this.#controller.follow(null);
    this.#before = null;
  }

  #closeOwnPhone(): void {
    void this.#ownPhone?.close();
    this.#ownPhone = null;
  }

  /** Loaded once; hears requests and keys from then on, and catches up with what the phone said meanwhile. */
  async #loadLink(): Promise<PhoneLink | null> {
    try {
      loadedLink = await import('./phone-link.ts');
      if (this.#link === null) this.#listen(loadedLink);
    } catch {
      this.#fail('link');
    }
    return this.#link;
  }

  #listen(link: PhoneLink): void {
    this.#link = link;
    for (const name of link.REQUEST_NAMES) {
      this.renderRoot.addEventListener(name, (event) => this.#onRequest(event, link));
    }
    this.addEventListener('keydown', (event) => {
      link.handleKeydown(event, { root: this.renderRoot, frame: this, isPhonePanel: this.#model().panel === 'phone' });
    });
    this.#onSnapshot(this.#snapshot);
    this.requestUpdate();
  }

  #onSnapshot(snapshot: PhoneSnapshot): void {
    const before = this.#before;
    if (this.#link === null || snapshot === before || snapshot === UNCONNECTED_SNAPSHOT) return;
    this.#before = snapshot;
    const { texts, display } = this.#model();
    const isAdmin = snapshot.me !== null && mayManageCredit(snapshot.me.role);
    this.spoken = this.#link.announcement(before, snapshot, { texts, display, isAdmin }) ?? this.spoken;
    const isCallNew = before !== null && snapshot.call !== null && snapshot.call.callId !== before.call?.callId;
    if (isCallNew && this.layout !== 'bar') this.showPhone();
    for (const notice of this.#link.noticesBetween(before, snapshot)) this.dispatchEvent(notice);
  }

  /** The event is on its way to the host page, which may still prevent it: acting waits until the dispatch is over. */
  #onRequest(event: Event, link: PhoneLink): void {
    queueMicrotask(() => {
      const { phone } = this.#controller;
      if (phone !== null && !event.defaultPrevented) link.handleRequest(event, phone, this);
    });
  }

  #openPanel(panel: Panel): void {
    this.panel = panel;
    this.view = 'none';
  }

  /** @internal */
  openView(view: 'keys' | 'ask' | 'credit' | 'numbers'): void {
    if (view === 'credit' || view === 'numbers') this.#openPanel(view);
    else this.view = view;
  }

  /** @internal */
  closeView(): void {
    this.view = 'none';
  }

  /** @internal */
  showPhone(): void {
    this.#openPanel('phone');
  }

  /** @internal */
  sayCost(): boolean {
    const words = this.#link?.liveCostText(this.#snapshot, this.#model().texts) ?? null;
    if (words !== null) this.spoken = { words, isUrgent: false };
    return words !== null;
  }

  #reflectStates(): void {
    const snapshot = this.#snapshot;
    this.setAttribute('call-status', snapshot.call?.phase ?? 'none');
    this.setAttribute('line-status', snapshot.lineStatus);
    this.setAttribute('credit-level', snapshot.creditLevel);
  }

  #loadParts(): void {
    const model = this.#model();
    for (const part of partsToLoad(model)) loadPart(part).catch(() => this.#fail(part));
    // Nobody must be kept from calling by the want of it: the server takes the first number then.
    if (hasCallerChoice(model.snapshot)) loadPart('caller').catch(() => undefined);
    if (this.format === null && (model.panel !== 'phone' || model.snapshot.call !== null)) void this.#loadFormat();
  }

  async #loadFormat(): Promise<void> {
    const { numberFormat } = await import('./number-format.ts');
    this.format ??= numberFormat(this.#snapshot.me?.office.country ?? null);
  }

  #fail(part: LaterPart | 'connect' | 'link'): void {
    if (part !== 'connect' && part !== 'link') this.failedPart = part;
    this.dispatchEvent(noticeEvent('credit-phone-error', { code: `load_${part}` }));
  }

  /** When the stage changes under somebody who is using the widget, the focus goes where the eye goes. */
  #followFocus(): void {
    const { snapshot, panel, view } = this.#model();
    const key = `${panel} ${view} ${stageOf(snapshot)}`;
    const hasChanged = key !== this.#focusKey && this.#focusKey !== '';
    this.#focusKey = key;
    if (!hasChanged || !this.#hadFocus || this.shadowRoot?.activeElement?.getAttribute('role') === 'tab') return;
    void focusStage(this.renderRoot);
  }
}

export type { Phone, PhoneSnapshot };

declare global {
  interface HTMLElementTagNameMap {
    'credit-phone': CreditPhone;
  }
}
