/** Why a line costs what it costs, in words and sums (complaints 14 and 30 of REQUIREMENTS.md). */
import { html, nothing, type TemplateResult } from 'lit';
import { clockText, SECONDS_PER_MINUTE } from '../protocol/duration.ts';
import { type Micros, negateMicros } from '../protocol/money.ts';
import type { ExplainedLine, StatementExplanation, StatementPart } from '../protocol/statement.ts';
import type { MessageKey } from './messages.ts';
import type { Texts } from './texts.ts';

type CallExplanation = Extract<StatementExplanation, { type: 'call' }>;

const PART_NAMES: Readonly<Record<string, MessageKey>> = {
  call: 'why.part.call',
  recording: 'why.part.recording',
  transfer: 'why.part.transfer',
  conference: 'why.part.conference',
  barge: 'why.part.barge',
  setup: 'why.part.setup',
  month: 'why.part.month',
  rent: 'why.part.rent',
};

export function whyTemplate(explained: ExplainedLine, texts: Texts): TemplateResult {
  const { line, explanation, related } = explained;
  const words: Words = { texts, currency: explained.currency, isDebit: line.amountMicros < 0 };
  return html`
    <dl class="summary">
      ${explanationRows(explanation, words)}
      ${explanation.type !== 'parts' && line.parts.length > 0 ? line.parts.map((part) => partRow(part, words)) : nothing}
      <div class="total"><dt>${texts.say('why.sum')}</dt><dd>${paidText(line.amountMicros, words)}</dd></div>
    </dl>
    ${
      related.length === 0
        ? nothing
        : html`<p class="caption">${texts.say('why.related')}</p>
          <dl class="summary">${related.map((other) => pair(other.title, paidText(other.amountMicros, words)))}</dl>`
    }
    <p class="caption">${texts.say('why.item', { sequence: line.sequence })}</p>
  `;
}

function explanationRows(explanation: StatementExplanation, words: Words): unknown {
  const { texts } = words;
  switch (explanation.type) {
    case 'call':
      return callRows(explanation, words);
    case 'parts':
      return explanation.parts.map((part) => partRow(part, words));
    case 'payment': {
      const { paymentId: id, card } = explanation;
      return pair(card === null ? texts.say('why.payment', { id }) : texts.say('why.payment.card', { id, card }), '');
    }
    case 'entry':
      return pair(texts.say('why.entry', { account: explanation.otherAccount, reference: explanation.reference }), '');
  }
}

interface Words {
  readonly texts: Texts;
  readonly currency: string;
  /** What was paid is written without a sign. */
  readonly isDebit: boolean;
}

function paidText(amount: Micros, { texts, currency, isDebit }: Words): string {
  return texts.price(isDebit ? negateMicros(amount) : amount, currency);
}

function callRows(call: CallExplanation, words: Words): unknown {
  const { texts, currency } = words;
  const { say } = texts;
  const money = (amount: Micros): string => texts.price(amount, currency);
  const talked = { clock: clockText(call.durationSeconds), billed: clockText(call.billedSeconds) };
  return html`
    ${pair(say('why.talked', talked), '')}
    ${call.connectionFeeMicros === 0 ? nothing : pair(say('why.fee'), money(call.connectionFeeMicros))}
    ${call.steps.map((step) => pair(stepText(step, words), ''))}
    ${pair(say(`why.rounded.${call.rounding.mode}`, { count: call.rounding.decimals }), '')}
    ${pair(say('why.price'), money(call.priceMicros))}
    ${call.chargedMicros < call.priceMicros ? pair(say('why.charged'), money(call.chargedMicros)) : nothing}
  `;
}

/** "13 × 1 min at $0.055", "7 × 6 sec at $0.12 per 1 min". */
function stepText(step: CallExplanation['steps'][number], { texts, currency }: Words): string {
  const unit = secondsText(step.incrementSeconds, texts.locale);
  const values = { count: step.increments, unit, price: texts.price(step.priceMicros, currency) };
  if (step.priceMicros === 0) return texts.say('why.step.free', values);
  if (step.incrementSeconds === step.intervalSeconds) return texts.say('why.step', values);
  return texts.say('why.step.per', { ...values, interval: secondsText(step.intervalSeconds, texts.locale) });
}

function secondsText(seconds: number, locale: string): string {
  const isMinutes = seconds % SECONDS_PER_MINUTE === 0;
  const shape = { style: 'unit', unit: isMinutes ? 'minute' : 'second', unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(locale, shape).format(isMinutes ? seconds / SECONDS_PER_MINUTE : seconds);
}

function partRow({ kind, quantity, unit, amountMicros }: StatementPart, words: Words): TemplateResult {
  const { texts } = words;
  const key = PART_NAMES[kind];
  const name = key === undefined ? kind.replaceAll('_', ' ') : texts.say(key);
  const counted =
    quantity === null || unit === null ? name : texts.say('why.part.units', { name, count: quantity, unit });
  return pair(counted, paidText(amountMicros, words));
}

function pair(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
