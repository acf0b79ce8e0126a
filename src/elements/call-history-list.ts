import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { HistoryEntry } from '../phone/ports.ts';
import { SECONDS_PER_MINUTE } from '../protocol/duration.ts';
import { controlStyles } from './control.styles.ts';
import { timerText } from './format.ts';
import { icon } from './later-icons.ts';
import type { MessageKey } from './messages.ts';
import type { NumberFormat } from './number-format.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import type { Texts } from './texts.ts';

const UNANSWERED = {
  busy: 'hist.end.busy',
  declined: 'hist.end.declined',
  no_answer: 'hist.end.no_answer',
  cancelled: 'hist.end.cancelled',
  unreachable: 'hist.end.unreachable',
  refused: 'hist.end.refused',
  failed: 'hist.end.failed',
} as const satisfies Record<string, MessageKey>;

/**
 * Every call of this person with what it cost and why, newest first, and on top the calls that were missed while there was no
 * credit.
 *
 * @csspart history-row - One call.
 */
export class CallHistoryList extends PhoneElement {
  static override properties: PropertyDeclarations = { format: { attribute: false } };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      h2 {
        padding-block: 12px 4px;
      }
      h3 {
        padding-block: 12px 4px;
      }
      .row {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr) max-content 36px;
        align-items: center;
        column-gap: 10px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_line);
      }
      .row > .icon {
        inline-size: 18px;
        block-size: 18px;
        color: var(--_quiet);
      }
      .missed > .icon {
        color: var(--_danger);
      }
      .name,
      .detail {
        display: block;
        overflow-wrap: anywhere;
      }
      .name {
        font-weight: 500;
      }
      .sum {
        text-align: end;
      }
      .cost {
        display: block;
        font-weight: 600;
      }
      .pending {
        font-weight: 400;
        color: var(--_quiet);
      }
      .billed {
        grid-column: 2 / -1;
        overflow-wrap: anywhere;
      }
      .row button {
        inline-size: 36px;
        padding: 0;
        color: var(--_accent);
      }
      .empty {
        padding-block-start: 96px;
        text-align: center;
      }
      .ghost {
        block-size: 37px;
        margin-block: 8px;
        border-radius: 8px;
        background: var(--_raised);
      }
    `,
  ];

  declare format: NumberFormat | null;

  constructor() {
    super();
    this.format = null;
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    return html`
      <section tabindex="-1" data-focus aria-label=${say('hist.title')}>
        <h2>${say('hist.title')}</h2>
        ${this.#missed()} ${this.snapshot.isHistoryLoaded ? this.#calls() : this.#loading()}
      </section>
    `;
  }

  #loading(): TemplateResult {
    return html`<p class="visually-hidden">${this.texts.say('part.loading')}</p>
      ${[1, 2, 3, 4].map(() => html`<div class="ghost"></div>`)}`;
  }

  #calls(): TemplateResult | TemplateResult[] {
    const { history } = this.snapshot;
    if (history.length === 0 && this.snapshot.missed.length === 0)
      return html`<div class="empty"><b>${this.texts.say('hist.empty')}</b><p class="caption">${this.texts.say('hist.empty.detail')}</p></div>`;
    const days = Map.groupBy(history, (entry) => this.texts.day(entry.startedAtMs));
    return [...days].map(([day, entries]) => html`<h3>${day}</h3><ul>${entries.map((entry) => this.#row(entry))}</ul>`);
  }

  #missed(): TemplateResult | typeof nothing {
    const { missed } = this.snapshot;
    if (missed.length === 0) return nothing;
    const { say } = this.texts;
    return html`
      <h3>${say('in.missed.title')}</h3>
      <ul>
        ${missed.map(
          ({ number, atMs }) => html`<li class="row missed" part="history-row">
            ${panelIcon('missed')}
            <span><bdi class="name" dir="ltr">${this.#shown(number)}</bdi><span class="detail caption">${this.texts.time(atMs)}</span></span>
            <span></span>
            ${this.#callButton(number, say('in.call_back.to', { number: this.#shown(number) }))}
          </li>`,
        )}
      </ul>
    `;
  }

  #row(entry: HistoryEntry): TemplateResult {
    const { texts } = this;
    const direction = texts.say(entry.direction === 'outbound' ? 'hist.outbound' : 'hist.inbound');
    const number = this.#shown(entry.number);
    return html`
      <li class="row" part="history-row">
        ${entry.direction === 'outbound' ? panelIcon('outgoing') : icon('incoming')}
        <span>
          <span class="visually-hidden">${direction}</span>
          <span class="name">${entry.destination || number}</span>
          <span class="detail caption"><bdi dir="ltr">${number}</bdi>${entry.endReason === 'credit_exhausted' ? ` · ${texts.say('hist.end.credit_exhausted')}` : nothing}</span>
        </span>
        <span class="sum">
          ${this.#cost(entry)}
          <span class="caption">${this.#when(entry)}</span>
        </span>
        ${this.#callButton(entry.number, texts.say('hist.call', { number }))} ${this.#billed(entry)}
      </li>
    `;
  }

  /** The billed line below has room for the time of day; without it, both stand here. */
  #when(entry: HistoryEntry): string {
    const time = isExplained(entry) ? [] : [this.texts.time(entry.startedAtMs)];
    const duration = entry.durationSeconds > 0 ? [timerText(entry.durationSeconds)] : [];
    return [...time, ...duration].join(' · ');
  }

  #cost(entry: HistoryEntry): TemplateResult {
    const { texts } = this;
    const ending = unansweredText(entry);
    if (ending !== null) return html`<span class="cost pending">${texts.say(ending)}</span>`;
    if (entry.costMicros === null) return html`<span class="cost pending">${texts.say('hist.pending')}</span>`;
    const cost = entry.costMicros === 0 ? texts.say('hist.free') : texts.price(entry.costMicros, entry.currency);
    return html`<span class="cost">${cost}</span>`;
  }

  /** How the cost came about. */
  #billed(entry: HistoryEntry): TemplateResult | typeof nothing {
    if (!isExplained(entry)) return nothing;
    const words = explanation(entry, this.texts);
    return html`<span class="caption billed">${this.texts.time(entry.startedAtMs)} · ${words}</span>`;
  }

  #callButton(number: string, label: string): TemplateResult {
    return html`<button class="plain" type="button" aria-label=${label} title=${label} @click=${() => this.request('credit-phone-redial-request', { to: number })}>
      ${icon('phone')}
    </button>`;
  }

  #shown(number: string): string {
    return this.format === null ? number : this.format.complete(number);
  }
}

function unansweredText(entry: HistoryEntry): MessageKey | null {
  if (entry.durationSeconds > 0 || entry.endReason === null) return null;
  return UNANSWERED[entry.endReason as keyof typeof UNANSWERED] ?? null;
}

type Explained = HistoryEntry & Required<Pick<HistoryEntry, 'billedSeconds' | 'perMinuteMicros'>>;

function isExplained(entry: HistoryEntry): entry is Explained {
  const isCharged = entry.costMicros !== null && entry.costMicros > 0;
  return isCharged && entry.billedSeconds !== undefined && entry.perMinuteMicros !== undefined;
}

/** "13 × 1 min at $0.055, rounded up" (hist.item of REQUIREMENTS.md 2.1.7). */
function explanation(entry: Explained, texts: Texts): string {
  const { billedSeconds, connectionFeeMicros, currency, isRoundedUp } = entry;
  const parts = [increments(entry, texts)];
  if (connectionFeeMicros !== undefined && connectionFeeMicros > 0)
    parts.push(texts.say('hist.billed.fee', { fee: texts.price(connectionFeeMicros, currency) }));
  if (isRoundedUp && billedSeconds > 0) parts.push(texts.say('hist.billed.rounded'));
  return parts.join(', ');
}

/** Whole minutes have the price of a minute; other increments name what a minute would cost; seconds are just time. */
function increments(entry: Explained, texts: Texts): string {
  const { billedSeconds, incrementSeconds = 1 } = entry;
  const price = texts.price(entry.perMinuteMicros, entry.currency);
  if (incrementSeconds === 1) return texts.say('hist.billed', { clock: timerText(billedSeconds), price });
  const values = {
    count: billedSeconds / incrementSeconds,
    unit: incrementText(incrementSeconds, texts.locale),
    price,
  };
  return texts.say(incrementSeconds === SECONDS_PER_MINUTE ? 'hist.billed.minutes' : 'hist.billed.increments', values);
}

/** "1 min", "6 sec". */
function incrementText(seconds: number, locale: string): string {
  const isMinutes = seconds % SECONDS_PER_MINUTE === 0;
  const shape = { style: 'unit', unit: isMinutes ? 'minute' : 'second', unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(locale, shape).format(isMinutes ? seconds / SECONDS_PER_MINUTE : seconds);
}
