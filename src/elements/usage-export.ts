import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { UsageQuery, UsageSaving } from '../phone/statement-snapshot.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { countText } from './usage-text.ts';

/** "Export Credit Usage" (D-27): saves what is shown as CSV, tells how far it is, can be stopped, and says what is in the file. */
export class UsageExport extends PhoneElement {
  static override properties: PropertyDeclarations = { query: { attribute: false } };
  static override styles = [
    controlStyles,
    billingStyles,
    css`
      /* As wide as its button: what contains it has no width to give. */
      :host {
        container-type: normal;
        text-align: end;
      }
      .row {
        justify-content: flex-end;
      }
      progress {
        flex: 1;
        inline-size: 96px;
        block-size: 8px;
        accent-color: var(--_accent);
      }
      .row > :is(#export, #stop) {
        flex: none;
        min-block-size: 32px;
      }
      .state.state {
        text-align: end;
        min-block-size: 16px;
      }
      .state:empty {
        display: none;
      }
    `,
  ];

  /** Which lines; an empty one is the whole month. */
  declare query: UsageQuery;

  #hadStopFocus = false;

  protected override willUpdate(): void {
    this.#hadStopFocus = this.renderRoot.querySelector('#stop:focus') !== null;
  }

  protected override render(): TemplateResult {
    const saving = this.#saving;
    return html`
      <div class="row">${saving.state === 'busy' ? this.#progress(saving) : nothing} ${this.#button(saving.state === 'busy')}</div>
      <p class="caption state ${saving.state === 'failed' ? 'wrong' : ''}" role=${saving.state === 'failed' ? 'alert' : 'status'}>${this.#stateText(saving)}</p>
    `;
  }

  /** Stop goes when there is nothing to stop any more; the focus goes to what stays. */
  protected override updated(): void {
    if (this.#hadStopFocus && this.renderRoot.querySelector('#stop') === null)
      this.renderRoot.querySelector<HTMLElement>('#export')?.focus();
  }

  get #saving(): UsageSaving {
    const { usage } = this.snapshot.statement;
    return usage.state === 'full' ? usage.saving : { state: 'none' };
  }

  /** Stays while it is at work, so that a double click is no Stop. */
  #button(isBusy: boolean): TemplateResult {
    const key = isWholeMonth(this.query) ? 'csv.export' : 'csv.export.these';
    return html`<button id="export" type="button" aria-disabled=${isBusy} @click=${this.#save}>${this.texts.say(key)}</button>`;
  }

  #progress({ rows, allRows }: Extract<UsageSaving, { state: 'busy' }>): TemplateResult {
    const { texts } = this;
    const words =
      allRows === null
        ? texts.say('csv.busy.unknown', { rows: countText(rows, texts.locale) })
        : texts.say('csv.busy', { rows: countText(rows, texts.locale), all: countText(allRows, texts.locale) });
    return html`
      ${
        allRows === null
          ? html`<progress aria-label=${texts.say('csv.export')} aria-valuetext=${words}></progress>`
          : html`<progress aria-label=${texts.say('csv.export')} aria-valuetext=${words} max=${Math.max(1, allRows)} .value=${rows}></progress>`
      }
      <span class="caption">${words}</span>
      <button id="stop" type="button" @click=${() => this.request('credit-phone-statement-request', { wish: { type: 'stop_saving' } })}>${texts.say('csv.stop')}</button>
    `;
  }

  #stateText(saving: UsageSaving): string {
    const { texts } = this;
    switch (saving.state) {
      case 'none':
      case 'busy':
        return '';
      case 'done':
        return texts.say('csv.done', {
          rows: countText(saving.rows, texts.locale),
          money: texts.price(saving.spentMicros, this.#currency),
        });
      case 'stopped':
        return texts.say('csv.stopped');
      case 'failed':
        return texts.say('csv.failed');
    }
  }

  get #currency(): string | undefined {
    const { usage } = this.snapshot.statement;
    return usage.state === 'full' ? usage.summary?.currency : undefined;
  }

  readonly #save = (): void => {
    if (this.#saving.state === 'busy') return;
    this.request('credit-phone-statement-request', { wish: { type: 'save', query: this.query } });
  };
}

/** The order of lines is of no matter to a file, which has that of the ledger. */
function isWholeMonth({ sort: _sort, direction: _direction, ...filter }: UsageQuery): boolean {
  return Object.keys(filter).length === 0;
}
