import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { UsageQuery } from '../phone/statement-snapshot.ts';
import type { StatementSummary } from '../protocol/statement.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { usageStyles } from './usage.styles.ts';
import { USAGE_ORDERS, type UsageOrder } from './usage-lines.ts';

/** Somebody is still typing; the server is asked when they pause. */
const TYPING_PAUSE_MS = 300;
const MAX_TEXT_LENGTH = 100;

/** Which items, and in which order: type, person, words. Choosing "any" takes that part of the filter away. */
export class UsageFilter extends PhoneElement {
  static override properties: PropertyDeclarations = { query: { attribute: false }, summary: { attribute: false } };
  static override styles = [controlStyles, billingStyles, usageStyles];

  declare query: UsageQuery;
  declare summary: StatementSummary;

  #typing: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const { group = '', personId = '', text = '' } = this.query;
    const people = this.summary.people.filter((person) => person.personId !== null);
    return html`
      <div class="choices">
        ${this.#choice(say('use.by.type'), {
          id: 'group',
          chosen: group,
          options: [
            ['', say('use.type.any')],
            ...this.summary.groups.map(({ groupKey, title }) => [groupKey, title] as const),
          ],
          choose: (value) => this.#change({ group: value }),
        })}
        ${this.#choice(say('use.person'), {
          id: 'person',
          chosen: personId,
          options: [
            ['', say('use.person.any')],
            ...people.map((person) => [person.personId ?? '', person.personName ?? ''] as const),
          ],
          choose: (value) => this.#change({ personId: value }),
        })}
        ${this.#choice(say('use.sort'), {
          id: 'order',
          chosen: this.#order,
          options: ORDERS.map((order) => [order, say(`use.sort.${order}`)] as const),
          choose: (value) => this.#sort(value),
        })}
        <label>
          ${say('use.search')}
          <input id="text" type="search" maxlength=${MAX_TEXT_LENGTH} placeholder=${say('use.search.hint')} .value=${text} @input=${this.#onType} @change=${this.#onText} />
        </label>
      </div>
    `;
  }

  #choice(label: string, list: Choice): TemplateResult {
    return html`<label>
      ${label}
      <select id=${list.id} @change=${(event: Event) => event.target instanceof HTMLSelectElement && list.choose(event.target.value)}>
        ${list.options.map(([value, name]) => html`<option value=${value} ?selected=${value === list.chosen}>${name}</option>`)}
      </select>
    </label>`;
  }

  get #order(): UsageOrder {
    const { sort = 'time', direction = 'desc' } = this.query;
    return (
      ORDERS.find((name) => USAGE_ORDERS[name].sort === sort && USAGE_ORDERS[name].direction === direction) ?? 'newest'
    );
  }

  #sort(value: string): void {
    const order = ORDERS.find((name) => name === value);
    if (order !== undefined) this.#show({ ...this.query, ...USAGE_ORDERS[order] });
  }

  /** Words are looked for among all lines of the month that fit the rest. */
  readonly #onType = ({ currentTarget }: Event): void => {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#search(currentTarget), TYPING_PAUSE_MS);
  };

  readonly #onText = ({ currentTarget }: Event): void => {
    clearTimeout(this.#typing);
    this.#search(currentTarget);
  };

  #search(field: EventTarget | null): void {
    if (!(field instanceof HTMLInputElement)) return;
    const text = field.value.trim();
    if (text !== (this.query.text ?? '')) this.#change({ text });
  }

  /** An empty choice is none. */
  #change(change: Partial<Record<'group' | 'personId' | 'text', string>>): void {
    const wanted = Object.entries({ ...this.query, ...change }).filter(([, value]) => value !== '');
    // Object.entries forgets which object it read; the keys are those of a query.
    this.#show(Object.fromEntries(wanted) as UsageQuery);
  }

  #show(query: UsageQuery): void {
    this.request('credit-phone-statement-request', { wish: { type: 'show_lines', query } });
  }
}

interface Choice {
  readonly id: string;
  readonly chosen: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly choose: (value: string) => void;
}

// Object.keys forgets which object it read.
const ORDERS = Object.keys(USAGE_ORDERS) as UsageOrder[];
