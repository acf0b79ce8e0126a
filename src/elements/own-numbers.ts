import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { OwnNumbersRefusal, OwnNumbersSnapshot, OwnNumbersWish } from '../phone/own-numbers-snapshot.ts';
import type { OwnNumber } from '../protocol/owned-number.ts';
import { controlStyles } from './control.styles.ts';
import { hasCallerChoice } from './has-caller-choice.ts';
import type { NumberFormat } from './number-format.ts';
import { isAtRisk, isMendedByCredit, ownNumberText, refusedText, rentText } from './own-number-text.ts';
import { ownNumbersStyles } from './own-numbers.styles.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';

type FullList = Extract<OwnNumbersSnapshot, { state: 'full' }>;

/**
 * The office's own numbers above the shop: until when each is paid, what happens without credit and when, who uses it, and what an admin
 * can do about it. Folded away while all is well; open when a number needs somebody.
 *
 * @csspart own-number-row - One number that is yours.
 */
export class OwnNumbers extends PhoneElement {
  static override properties: PropertyDeclarations = {
    format: { attribute: false },
    confirming: { state: true },
    isOpen: { state: true },
  };
  static override styles = [controlStyles, ownNumbersStyles];

  declare format: NumberFormat | null;
  /** The number that somebody is about to give back. */
  declare confirming: string | null;
  /** Null: nobody has folded or unfolded it. */
  declare isOpen: boolean | null;

  constructor() {
    super();
    this.format = null;
    this.confirming = null;
    this.isOpen = null;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    if (this.snapshot.ownNumbers.state === 'unopened') this.#ask({ type: 'open' });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { ownNumbers } = this.snapshot;
    switch (ownNumbers.state) {
      case 'unopened':
      case 'loading':
        return html`<div class="ghost"><span class="visually-hidden">${this.texts.say('part.loading')}</span></div>`;
      case 'failed':
        return html`<p class="wrong" role="alert">${this.texts.say('own.unknown')}</p>
          <button type="button" @click=${() => this.#ask({ type: 'open' })}>${this.texts.say('shop.again')}</button>`;
      case 'full':
        return ownNumbers.numbers.length === 0 ? this.#none() : this.#list(ownNumbers);
    }
  }

  #none(): TemplateResult {
    return html`<p class="caption none">${this.texts.say(this.isAdmin ? 'own.none' : 'own.none.agent')}</p>`;
  }

  #list(list: FullList): TemplateResult {
    const { say } = this.texts;
    const atRisk = list.numbers.filter(isAtRisk).length;
    const isOpen = this.isOpen ?? (this.isAdmin && atRisk > 0);
    return html`
      <details ?open=${isOpen} @toggle=${this.#onToggle}>
        <summary>
          <span class="title">${say('own.title')}</span>
          <span class="count">${list.numbers.length}${list.isMoreThere ? '+' : ''}</span>
          ${atRisk > 0 && this.isAdmin ? html`<span class="risk">${panelIcon('clock')}${this.texts.count('own.risk', atRisk)}</span>` : nothing}
        </summary>
        ${list.rent === null ? nothing : html`<p class="caption rent">${rentText(list.rent, this.texts, (number) => this.#shown(number))}</p>`}
        ${hasCallerChoice(this.snapshot) ? html`<credit-phone-caller-choice .snapshot=${this.snapshot} .texts=${this.texts}></credit-phone-caller-choice>` : nothing}
        <ul>${list.numbers.toSorted(byNeed).map((number, index) => this.#row(number, { list, id: `own-${index}` }))}</ul>
        ${list.isMoreThere ? html`<button class="more" type="button" @click=${() => this.#ask({ type: 'more' })}>${say('shop.more')}</button>` : nothing}
      </details>
    `;
  }

  #row(number: OwnNumber, place: { readonly list: FullList; readonly id: string }): TemplateResult {
    const { tone, words, more } = ownNumberText(number, this.texts);
    const { refused } = place.list;
    return html`
      <li class="row" part="own-number-row">
        <div class="facts">
          <bdi class="number" dir="ltr" id=${`${place.id}-number`}>${this.#shown(number.number)}</bdi>
          <span class="caption">${this.#whose(number)}</span>
          <span class=${`state ${tone}`}>${tone === 'good' ? nothing : panelIcon('clock')}<span>${words}</span></span>
          ${more === null ? nothing : html`<span class="caption">${more}</span>`}
        </div>
        ${this.isAdmin ? this.#actions(number, place) : nothing}
        ${refused?.number === number.number ? this.#refused(refused.refusal) : nothing}
      </li>
    `;
  }

  #refused(refusal: OwnNumbersRefusal): TemplateResult {
    return html`<div class="wrong">
      <p role="alert">${refusedText(refusal, this.texts)}</p>
      ${isMendedByCredit(refusal) ? html`<credit-phone-fix-button exportparts="action" .snapshot=${this.snapshot} .texts=${this.texts} .kind=${'link'}></credit-phone-fix-button>` : nothing}
    </div>`;
  }

  #whose({ office, person, region }: OwnNumber): string {
    const who = person?.name ?? office.name;
    return region === '' ? who : `${region} · ${who}`;
  }

  #actions(
    number: OwnNumber,
    { list, id }: { readonly list: FullList; readonly id: string },
  ): TemplateResult | typeof nothing {
    if (number.state === 'returning' || number.state === 'returned') return nothing;
    if (this.confirming === number.number) return this.#confirmation(number, list);
    const { say } = this.texts;
    const isBusy = list.changing !== null;
    return html`
      <div class="actions">
        ${number.dueMicros > 0 ? html`<button class="pay" type="button" ?disabled=${isBusy} aria-describedby=${`${id}-number`} @click=${() => this.#ask({ type: 'restore', number: number.number })}>${say(list.changing === number.number ? 'own.paying' : 'own.pay', { money: this.#due(number) })}</button>` : nothing}
        ${this.#assignment(number, { list, id })}
        <button class="link" type="button" ?disabled=${isBusy} aria-describedby=${`${id}-number`} @click=${() => this.#confirm(number.number)}>${say('own.release')}</button>
      </div>
    `;
  }

  #due({ dueMicros, currency }: OwnNumber): string {
    return this.texts.price(dueMicros, currency);
  }

  #assignment(number: OwnNumber, { list, id }: { readonly list: FullList; readonly id: string }): TemplateResult {
    const { say } = this.texts;
    const chosen = `${number.office.officeId}\n${number.person?.personId ?? ''}`;
    return html`
      <label class="visually-hidden" for=${id}>${say('own.assign', { number: this.#shown(number.number) })}</label>
      <select id=${id} ?disabled=${list.changing !== null} @change=${(event: Event) => this.#onAssign(event, number.number)}>
        ${list.offices.map(
          (office) => html`
            <optgroup label=${office.name}>
              ${this.#choice({ value: `${office.officeId}\n`, words: say('own.everybody'), chosen })}
              ${list.people
                .filter(({ officeId }) => officeId === office.officeId)
                .map((person) =>
                  this.#choice({ value: `${office.officeId}\n${person.personId}`, words: person.name, chosen }),
                )}
            </optgroup>
          `,
        )}
      </select>
    `;
  }

  #choice(choice: { readonly value: string; readonly words: string; readonly chosen: string }): TemplateResult {
    return html`<option value=${choice.value} ?selected=${choice.value === choice.chosen}>${choice.words}</option>`;
  }

  #confirmation(number: OwnNumber, list: FullList): TemplateResult {
    const { say } = this.texts;
    return html`
      <div class="confirm" role="group" aria-label=${say('own.release')}>
        <p>${say('own.confirm', { number: this.#shown(number.number) })}</p>
        <div class="actions">
          <button class="danger" type="button" ?disabled=${list.changing !== null} @click=${() => this.#release(number.number)}>${say('own.confirm.yes')}</button>
          <button id="keep" type="button" @click=${() => this.#confirm(null)}>${say('own.confirm.no')}</button>
        </div>
      </div>
    `;
  }

  /** The harmless answer has the focus. */
  async #confirm(number: string | null): Promise<void> {
    this.confirming = number;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#keep')?.focus();
  }

  #release(number: string): void {
    this.confirming = null;
    this.#ask({ type: 'release', number });
  }

  #shown(number: string): string {
    return this.format === null ? number : this.format.complete(number);
  }

  readonly #onToggle = (event: Event): void => {
    if (event.currentTarget instanceof HTMLDetailsElement) this.isOpen = event.currentTarget.open;
  };

  #onAssign(event: Event, number: string): void {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const [officeId = '', personId = ''] = event.target.value.split('\n');
    this.#ask({ type: 'assign', number, officeId, personId: personId === '' ? null : personId });
  }

  #ask(wish: OwnNumbersWish): void {
    this.request('credit-phone-own-numbers-request', { wish });
  }
}

/** Those that need somebody come first; otherwise as they are listed. */
function byNeed(one: OwnNumber, other: OwnNumber): number {
  return Number(isAtRisk(other)) - Number(isAtRisk(one));
}
