import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Balance } from '../protocol/account.ts';
import { MICROS_PER_UNIT, type Micros, micros, parseMicros } from '../protocol/money.ts';
import { controlStyles } from './control.styles.ts';
import { CountUp } from './count-up.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { icon } from './later-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { refusalText } from './refusal-text.ts';
import { sentence } from './texts.ts';

/** The amounts that one click chooses, in currency units. */
const PRESET_UNITS = [5, 10, 25] as const;
/** What may be added at once: the range of the server's own check. */
const LEAST_MICROS = micros(MICROS_PER_UNIT / 100);
const MOST_MICROS = micros(1_000 * MICROS_PER_UNIT);

/**
 * For admins: the balance, what holds part of it, what works with it, the pause switch and, in the demo, play credit. Agents never get this
 * element (F-05, C-03).
 *
 * @csspart balance-amount - The credit as an amount.
 * @csspart add-credit - The form that adds play credit.
 */
export class CreditPanel extends PhoneElement {
  static override properties: PropertyDeclarations = { chosen: { state: true } };
  static override styles = [controlStyles, creditPanelStyles];

  /** A preset in currency units, or the text of the other amount. */
  declare chosen: (typeof PRESET_UNITS)[number] | string;

  readonly #countUp = new CountUp(this);

  constructor() {
    super();
    this.chosen = PRESET_UNITS[2];
  }

  protected override render(): TemplateResult | typeof nothing {
    const { balance } = this.snapshot;
    if (!this.isAdmin) return nothing;
    return html`
      <section tabindex="-1" data-focus aria-label=${this.texts.say('bal.title')}>
        ${balance === null ? html`<p class="unknown">${this.texts.say('bal.unknown')}</p>` : this.#balance(balance)}
        ${this.snapshot.me?.isDemo ? this.#addForm() : this.#otherWays('add.not_yet')}
        ${balance === null ? nothing : html`${this.#held(balance)} ${this.#works(balance)} ${this.#pause(balance)}`}
        ${this.snapshot.me?.isDemo ? this.#otherWays('add.other_ways') : nothing}
      </section>
    `;
  }

  #balance(balance: Balance): TemplateResult {
    const { texts } = this;
    const time = balance.talkSeconds ? texts.talkTime(balance.talkSeconds) : null;
    return html`
      <header>
        <h2>${texts.say('bal.title')}</h2>
        <span class="caption">${this.snapshot.me?.office.name ?? ''}</span>
        <p class="amount ${balance.level}" part="balance-amount">${texts.balance(this.#countUp.shown(balance.availableMicros, this.snapshot.creditArrivedMicros !== null))}</p>
        ${time === null ? nothing : html`<p class="quiet">${sentence(texts.say('bal.gives', { time }), texts.locale)}</p>`}
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
