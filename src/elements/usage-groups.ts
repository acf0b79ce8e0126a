import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { UsageQuery } from '../phone/statement-snapshot.ts';
import { type Micros, subtractMicros } from '../protocol/money.ts';
import type { StatementSummary } from '../protocol/statement.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { timerText } from './format.ts';
import { PhoneElement } from './phone-element.ts';
import { usageStyles } from './usage.styles.ts';
import { countedText } from './usage-text.ts';

export const USAGE_VIEWS = ['type', 'person', 'destination', 'number', 'office'] as const;
export type UsageView = (typeof USAGE_VIEWS)[number];

interface Row {
  readonly name: string;
  readonly lineCount: number;
  readonly durationSeconds: number;
  /** Spent, or, of what is no usage, what the credit gained by it. */
  readonly amountMicros: Micros;
  /** What shows its lines; null where there is no such filter. */
  readonly query: UsageQuery | null;
}

/**
 * A month's sums by type (L-19, L-20), person, department, destination or number (D-25), each with a bar that compares it to the largest.
 */
export class UsageGroups extends PhoneElement {
  static override properties: PropertyDeclarations = { summary: { attribute: false }, view: { attribute: false } };
  static override styles = [
    controlStyles,
    billingStyles,
    usageStyles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) max-content;
        gap: 2px 12px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_line);
      }
      li:last-child {
        border: 0;
      }
      .name {
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .sum {
        font-weight: 600;
        text-align: end;
      }
      .bar {
        grid-column: 1 / -1;
        inline-size: 100%;
        block-size: 4px;
        fill: var(--_accent);
      }
      .rail {
        fill: var(--_line);
      }
      :host(:dir(rtl)) .bar {
        transform: scaleX(-1);
      }
      h4 {
        margin: 0;
        padding-block-start: 12px;
        font: inherit;
        font-size: 12px;
        line-height: 16px;
        font-weight: 600;
        color: var(--_quiet);
      }
      li .link {
        justify-self: end;
        font-size: 12px;
      }
      @media (forced-colors: active) {
        .bar {
          fill: Highlight;
        }
      }
    `,
  ];

  declare summary: StatementSummary;
  declare view: UsageView;

  protected override render(): TemplateResult {
    const rows = this.#rows();
    const others = this.view === 'type' ? this.#otherFlows() : [];
    const most = Math.max(1, ...rows.map(({ amountMicros }) => amountMicros));
    return html`
      <ul>${rows.map((row) => this.#row(row, most))}</ul>
      ${others.length === 0 ? nothing : html`<h4>${this.texts.say('use.not_usage')}</h4><ul>${others.map((row) => this.#row(row, null))}</ul>`}
    `;
  }

  #rows(): Row[] {
    const { people, destinations, numbers, offices, rest } = this.summary;
    const { say } = this.texts;
    switch (this.view) {
      case 'type':
        return this.summary.groups
          .filter(({ flow }) => flow === 'usage')
          .map((group) => rowOf(group, { name: group.title, query: { group: group.groupKey } }));
      case 'person':
        return withRest(
          people.map((person) =>
            rowOf(person, {
              name: person.personName ?? say('use.nobody'),
              query: person.personId === null ? null : { flow: 'usage', personId: person.personId },
            }),
          ),
          { rest: rest.people, name: say('use.rest') },
        );
      case 'destination':
        return withRest(
          destinations.map((one) =>
            rowOf(one, {
              name: one.destination ?? say('use.nowhere'),
              query: one.destination === null ? null : { flow: 'usage', destination: one.destination },
            }),
          ),
          { rest: rest.destinations, name: say('use.rest') },
        );
      case 'number':
        return withRest(
          numbers.map((one) =>
            rowOf(one, {
              name: one.numberUsed ?? say('use.no_number'),
              query: one.numberUsed === null ? null : { flow: 'usage', numberUsed: one.numberUsed },
            }),
          ),
          { rest: rest.numbers, name: say('use.rest') },
        );
      case 'office':
        return offices.map((office) => rowOf(office, { name: office.officeName, query: { flow: 'usage' } }));
    }
  }

  /** Credit that came in, and money that went back. */
  #otherFlows(): Row[] {
    return this.summary.groups
      .filter(({ flow }) => flow !== 'usage')
      .map((group) => ({
        name: group.title,
        lineCount: group.lineCount,
        durationSeconds: 0,
        amountMicros: subtractMicros(group.addedMicros, group.spentMicros),
        query: { group: group.groupKey },
      }));
  }

  #row(row: Row, most: number | null): TemplateResult {
    const { texts } = this;
    const { name, query } = row;
    return html`
      <li class="group">
        <bdi class="name">${name}</bdi>
        <span class="sum">${texts.price(row.amountMicros, this.summary.currency)}</span>
        ${most === null ? nothing : bar(row.amountMicros / most)}
        <span class="caption">${this.#countText(row)}</span>
        ${
          query === null
            ? nothing
            : html`<button class="link" type="button" aria-label=${texts.say('use.details.label', { name })} @click=${() => this.#show(query)}>${texts.say('use.details')}</button>`
        }
      </li>
    `;
  }

  #countText({ lineCount, durationSeconds }: Row): string {
    const count = countedText('use.lines', lineCount, this.texts);
    return durationSeconds === 0 ? count : `${count} · ${timerText(durationSeconds)}`;
  }

  #show(query: UsageQuery): void {
    this.request('credit-phone-statement-request', { wish: { type: 'show_lines', query } });
  }
}

interface Usage {
  readonly lineCount: number;
  readonly durationSeconds: number;
  readonly spentMicros: Micros;
}

function rowOf(
  { lineCount, durationSeconds, spentMicros }: Usage,
  { name, query }: { readonly name: string; readonly query: UsageQuery | null },
): Row {
  return { name, lineCount, durationSeconds, amountMicros: spentMicros, query };
}

/** What the list leaves out, so that its rows add up to the month. */
function withRest(rows: Row[], { rest, name }: { readonly rest: Usage; readonly name: string }): Row[] {
  return rest.lineCount === 0 ? rows : [...rows, rowOf(rest, { name, query: null })];
}

/** In hundredths of its length: attributes, because a strict policy allows no inline style. */
function bar(share: number): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="4"></rect><rect width=${Math.max(0, 100 * share)} height="4"></rect></svg>`;
}
