import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { BillingSnapshot } from '../phone/billing-snapshot.ts';
import type { Balance } from '../protocol/account.ts';
import { MICROS_PER_UNIT, type Micros, micros, parseMicros } from '../protocol/money.ts';
import type { RentAhead } from '../protocol/owned-number.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText } from './billing-text.ts';
import { calendarDayText } from './calendar-day.ts';
import { controlStyles } from './control.styles.ts';
import { CountUp } from './count-up.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { loadPart } from './element-registry.ts';
import { icon } from './later-icons.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { refusalText } from './refusal-text.ts';
import { shownBalance, shownOfficeName } from './shown-office.ts';
import { sentence } from './texts.ts';

/** The amounts that one click chooses, in currency units. */
const PRESET_UNITS = [5, 10, 25] as const;
/** What may be added at once: the range of the server's own check. */
const LEAST_MICROS = micros(MICROS_PER_UNIT / 100);
const MOST_MICROS = micros(1_000 * MICROS_PER_UNIT);

type OpenBilling = Extract<BillingSnapshot, { state: 'open' }>;

/**
 * For admins: the balance, what is on its way, what holds part of it, what works with it, the pause switch; where the server takes payments
 * also adding credit, auto-recharge and the card, elsewhere play credit in the demo. Agents never get this element (F-05, C-03).
 *
 * @csspart balance-amount - The credit as an amount.
 * @csspart add-credit - The form that adds credit.
 * @csspart action - The Add credit button.
 */
export class CreditPanel extends PhoneElement {
  static override properties: PropertyDeclarations = {
    chosen: { state: true },
    isAdding: { state: true },
    hasUsageFailed: { state: true },
  };
  static override styles = [controlStyles, creditPanelStyles, billingStyles];

  /** A preset in currency units, or the text of the other amount. */
  declare chosen: (typeof PRESET_UNITS)[number] | string;

  /** The form that chooses an amount to pay is open. */
  declare isAdding: boolean;

  /** The code of the statement could not be fetched. */
  declare hasUsageFailed: boolean;

  readonly #countUp = new CountUp(this);
  #screen = '';
  #hadFocus = false;

  constructor() {
    super();
    this.chosen = PRESET_UNITS[2];
    this.isAdding = false;
    this.hasUsageFailed = false;
  }

  protected override firstUpdated(): void {
    const { state } = this.snapshot.billing;
    if (this.isAdmin && state !== 'off') this.request('credit-phone-billing-request', { wish: { type: 'open' } });
    // Beside everything else: what is paid and what works is there without it.
    if (this.isAdmin)
      loadPart('usage').catch(() => {
        this.hasUsageFailed = true;
      });
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.matches(':focus-within');
    if (this.#checkoutStep !== 'none' || this.snapshot.billing.state !== 'open') this.isAdding = false;
  }

  /** A screen that takes the place of another takes its focus too: the button that was pressed is gone. */
  protected override updated(_changed: PropertyValues): void {
    const screen = this.#checkoutStep !== 'none' ? 'checkout' : this.#isAddingShown ? 'adding' : 'panel';
    const hasChanged = this.#screen !== '' && screen !== this.#screen;
    const wasAdding = this.#screen === 'adding';
    this.#screen = screen;
    if (hasChanged && this.#hadFocus) void this.#focusScreen(screen, wasAdding);
  }

  async #focusScreen(screen: 'checkout' | 'adding' | 'panel', wasAdding: boolean): Promise<void> {
    if (screen === 'panel') {
      this.renderRoot.querySelector<HTMLElement>(wasAdding ? '#add' : '[data-focus]')?.focus();
      return;
    }
    if (screen === 'checkout') {
      const checkout = this.renderRoot.querySelector('credit-phone-checkout-panel');
      await checkout?.updateComplete;
      checkout?.focusStep();
      return;
    }
    const form = this.renderRoot.querySelector('credit-phone-add-credit-form');
    await form?.updateComplete;
    form?.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  get #checkoutStep(): OpenBilling['checkout']['step'] {
    const { billing } = this.snapshot;
    return billing.state === 'open' ? billing.checkout.step : 'none';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { billing, offices } = this.snapshot;
    const balance = shownBalance(this.snapshot);
    if (!this.isAdmin) return nothing;
    if (billing.state === 'open' && billing.checkout.step !== 'none')
      return html`<credit-phone-checkout-panel .snapshot=${this.snapshot} .texts=${this.texts}><slot name="pay" slot="pay"></slot></credit-phone-checkout-panel>`;
    return html`
      <section tabindex="-1" data-focus aria-label=${this.texts.say('bal.title')}>
        <credit-phone-office-switch .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-office-switch>
        ${balance === null ? html`<p class="unknown">${this.texts.say('bal.unknown')}</p>` : this.#balance(balance)}
        ${billing.state === 'open' ? this.#paying(billing) : this.#withoutPaying(billing)}
        ${balance === null ? nothing : html`${this.#held(balance)} ${this.#works(balance)}`}
        ${
          billing.state === 'open'
            ? html`<credit-phone-billing-panel .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-billing-panel>
              <credit-phone-payment-list .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-payment-list>`
            : nothing
        }
        ${balance === null || offices.other !== null ? nothing : this.#pause(balance)}
        <credit-phone-alert-mails .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-alert-mails>
        ${
          this.hasUsageFailed
            ? html`<p class="block wrong" role="alert">${this.texts.say('part.failed')}</p>`
            : html`<credit-phone-usage-panel .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-usage-panel>`
        }
        ${billing.state === 'open' || this.snapshot.me?.isDemo ? this.#otherWays('add.other_ways') : nothing}
      </section>
    `;
  }

  /** What is on its way and what is owed, then the form where somebody adds credit. */
  #paying({ settings }: OpenBilling): TemplateResult {
    const { texts } = this;
    const { comingMicros, owedMicros } = settings;
    const email = this.snapshot.me?.supportEmail ?? '';
    return html`
      ${comingMicros > 0 ? html`<p class="note" role="status">${panelIcon('clock')}<span>${texts.say('bal.coming', { money: texts.price(comingMicros) })}</span></p>` : nothing}
      ${owedMicros > 0 ? html`<p class="note">${texts.say('bal.owed', { money: texts.price(owedMicros) })}</p>` : nothing}
      ${settings.rent ? this.#rent(settings.rent) : nothing}
      ${settings.isDisputed ? html`<p class="note bad" role="alert">${texts.say('bal.disputed', { email })}</p>` : nothing}
      ${this.#isAddingShown ? html`${this.#askedFor()}<credit-phone-add-credit-form exportparts="add-credit" .snapshot=${this.snapshot} .texts=${texts} .settings=${settings} .cancel=${this.#stopAdding}></credit-phone-add-credit-form>` : nothing}
    `;
  }

  #rent({ currency, overdueMicros, setAsideMicros, next }: RentAhead): TemplateResult {
    const { texts } = this;
    const values = next && {
      money: texts.price(next.amountMicros, currency),
      day: calendarDayText(next.day, texts.locale),
      number: next.number,
    };
    return html`
      ${overdueMicros > 0 ? html`<p class="note bad">${texts.say('add.arrears', { money: texts.price(overdueMicros, currency) })}</p>` : nothing}
      ${setAsideMicros > 0 ? html`<p class="note">${texts.say('bal.rent.aside', { money: texts.price(setAsideMicros, currency) })}</p>` : nothing}
      ${next && values ? html`<p class="note">${texts.count('bal.rent', next.numberCount, values)}</p>` : nothing}
    `;
  }

  #withoutPaying(billing: Exclude<BillingSnapshot, OpenBilling>): TemplateResult | typeof nothing {
    const { say } = this.texts;
    if (billing.state === 'loading')
      return html`<div class="ghost" role="status"><span class="visually-hidden">${say('part.loading')}</span></div>`;
    if (billing.state === 'failed')
      return html`<div class="block stack">
        <p class="wrong" role="alert">${say('bill.failed')} ${billing.refusal.code === 'unavailable' ? nothing : billingRefusalText(billing.refusal, this.texts, this.snapshot.me)}</p>
        <button type="button" @click=${() => this.request('credit-phone-billing-request', { wish: { type: 'open' } })}>${say('bill.again')}</button>
      </div>`;
    const isPlay = this.snapshot.me?.isDemo === true && this.snapshot.offices.other === null;
    return isPlay ? this.#addForm() : this.#otherWays('add.not_yet');
  }

  readonly #stopAdding = (): void => {
    this.isAdding = false;
    if (this.#answering !== null)
      this.request('credit-phone-billing-request', { wish: { type: 'answer_request', asked: null } });
  };

  /** The agent's request that led here. */
  get #answering(): string | null {
    const { billing } = this.snapshot;
    return billing.state === 'open' ? billing.answering : null;
  }

  get #isAddingShown(): boolean {
    return this.isAdding || this.#answering !== null;
  }

  #askedFor(): TemplateResult | typeof nothing {
    const asked = this.snapshot.creditRequests.find(({ requestId }) => requestId === this.#answering);
    if (!asked) return nothing;
    const key = asked.reason === '' ? 'add.for' : 'add.for.reason';
    return html`<p class="note">${this.texts.say(key, { name: asked.agentName, reason: asked.reason })}</p>`;
  }

  #addButton(): TemplateResult | typeof nothing {
    if (this.snapshot.billing.state !== 'open' || this.#isAddingShown) return nothing;
    const add = (): void => {
      this.isAdding = true;
    };
    return html`<button id="add" class="primary" type="button" part="action" @click=${add}>${this.texts.say('add.open')}</button>`;
  }

  #balance(balance: Balance): TemplateResult {
    const { texts } = this;
    const time = balance.talkSeconds ? texts.talkTime(balance.talkSeconds) : null;
    return html`
      <header>
        <h2>${texts.say('bal.title')}</h2>
        <span class="caption">${shownOfficeName(this.snapshot)}</span>
        <div class="top">
          <p class="amount ${balance.level}" part="balance-amount">${texts.balance(this.#countUp.shown(balance.availableMicros, this.snapshot.creditArrivedMicros !== null))}</p>
          ${this.#addButton()}
        </div>
        ${time === null ? nothing : html`<p class="quiet">${sentence(texts.say('bal.gives', { time }), texts.locale)}</p>`}
        <credit-phone-spend-outlook class="outlook" .snapshot=${this.snapshot} .texts=${texts}></credit-phone-spend-outlook>
      </header>
    `;
  }

  #addForm(): TemplateResult {
    const { say } = this.texts;
    const amount = this.#amount();
    const isBusy = this.snapshot.isAddingCredit;
    return html`
      <form part="add-credit" novalidate aria-label=${say('add.title')} @submit=${this.#submit}>
        <h3>${say('add.title')}</h3>
        <div class="amounts" role="radiogroup" aria-label=${say('add.amounts')}>
          ${PRESET_UNITS.map((units) => this.#preset(units))}
          <input
            type="text"
            inputmode="decimal"
            maxlength="12"
            aria-label=${say('add.other')}
            aria-describedby="range"
            placeholder=${say('add.other.hint')}
            .value=${typeof this.chosen === 'string' ? this.chosen : ''}
            @input=${this.#onOther}
          />
        </div>
        <button class="primary" type="submit" ?disabled=${amount === null || isBusy}>
          ${isBusy ? say('add.busy.button') : amount === null ? say('add.pay.none') : say('add.pay', { money: this.texts.price(amount) })}
        </button>
        ${this.#addState(amount)}
      </form>
    `;
  }

  #preset(units: (typeof PRESET_UNITS)[number]): TemplateResult {
    const money = this.texts.balance(micros(units * MICROS_PER_UNIT)).replace(/[.,]00(?!\d)/, '');
    return html`<label class="preset">
      <input
        type="radio"
        name="amount"
        .checked=${this.chosen === units}
        @change=${() => {
          this.chosen = units;
        }}
      /><span>${money}</span>
    </label>`;
  }

  /** One line under the button, always there: what happened last, or what this is. */
  #addState(amount: Micros | null): TemplateResult {
    const { snapshot, texts } = this;
    if (snapshot.isAddingCredit) return html`<p class="caption" role="status">${texts.say('add.busy')}</p>`;
    if (snapshot.addCreditRefusal !== null)
      return html`<p class="caption wrong" role="alert">${refusalText(snapshot.addCreditRefusal, texts, snapshot.me)}</p>`;
    if (snapshot.creditArrivedMicros !== null && snapshot.balance !== null)
      return html`<p class="caption good" role="status">${texts.say('add.done', { money: texts.price(snapshot.creditArrivedMicros), balance: texts.balance(snapshot.balance.availableMicros) })}</p>`;
    const range = texts.say('add.range', { least: texts.price(LEAST_MICROS), most: texts.price(MOST_MICROS) });
    const isWrong = amount === null && this.chosen !== '';
    return html`<p class="caption ${isWrong ? 'wrong' : ''}" id="range">${isWrong ? range : texts.say('add.note')}</p>`;
  }

  /** F-25: wire transfer, cheque and the like are arranged by e-mail. */
  #otherWays(key: 'add.not_yet' | 'add.other_ways'): TemplateResult {
    const email = this.snapshot.me?.supportEmail ?? '';
    return html`<p class="other-ways caption">${this.texts.say(key)} <a href=${`mailto:${email}`}>${email}</a></p>`;
  }

  #held(balance: Balance): TemplateResult {
    const { texts } = this;
    const { heldBy } = balance;
    if (heldBy.length === 0) return html`<div class="block"><p class="quiet">${texts.say('bal.held.none')}</p></div>`;
    return html`
      <div class="block">
        <h3>${texts.count('bal.held', heldBy.length, { money: texts.price(balance.heldMicros) })}</h3>
        <ul>
          ${heldBy.map(
            (hold) => html`<li class="pair">
              <span>${texts.say('bal.held.row', { agent: hold.agentName, destination: hold.destination })}</span>
              <span>${texts.price(hold.heldMicros)}</span>
            </li>`,
          )}
        </ul>
      </div>
    `;
  }

  #works({ works }: Balance): TemplateResult {
    const { say } = this.texts;
    const rows = [
      [say('bal.calling'), works.callingOut],
      [say('bal.receiving'), works.receiving],
      [say('bal.buying'), works.buyingNumbers],
    ] as const;
    return html`
      <div class="block">
        <h3>${say('bal.works')}</h3>
        <ul class="works">
          ${rows.map(([name, isOn]) => html`<li class=${isOn ? 'yes' : 'no'}>${icon(isOn ? 'check' : 'cross')}${name}: ${say(isOn ? 'bal.yes' : 'bal.no')}</li>`)}
        </ul>
      </div>
    `;
  }

  #pause({ pause }: Balance): TemplateResult {
    const { texts } = this;
    const note =
      pause === null
        ? texts.say('pause.off')
        : texts.say('pause.on', { name: pause.byName, time: texts.time(pause.sinceMs) });
    return html`
      <div class="block switch-row">
        <span><label for="pause">${texts.say('pause.label')}</label><span class="caption" id="pause-note">${note}</span></span>
        <input
          id="pause"
          type="checkbox"
          role="switch"
          aria-describedby="pause-note"
          .checked=${pause !== null}
          @click=${this.#onPause}
        />
      </div>
    `;
  }

  /** The switch shows what the server has confirmed: a click only asks. */
  #onPause(event: MouseEvent): void {
    event.preventDefault();
    this.request('credit-phone-pause-request', { isPaused: this.snapshot.balance?.pause === null });
  }

  #onOther(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.chosen = event.target.value;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const amountMicros = this.#amount();
    if (amountMicros !== null) this.request('credit-phone-add-credit-request', { amountMicros });
  }

  #amount(): Micros | null {
    if (typeof this.chosen === 'number') return micros(this.chosen * MICROS_PER_UNIT);
    const amount = parseMicros(this.chosen.replace(',', '.'));
    return amount === null || amount < LEAST_MICROS || amount > MOST_MICROS ? null : amount;
  }
}
