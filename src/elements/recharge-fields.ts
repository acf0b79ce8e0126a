/** The three amounts of auto-recharge as somebody types them: threshold, amount, limit of a month (C-09, S-11, S-12, F-22). */
import { html, nothing, type TemplateResult } from 'lit';
import type { WantedRecharge } from '../phone/billing-snapshot.ts';
import { MAX_MICROS, type Micros, micros } from '../protocol/money.ts';
import type { AutoRecharge } from '../protocol/payment.ts';
import type { Texts } from './texts.ts';
import { type TypedAmount, typedAmount } from './typed-amount.ts';

export type RechargeField = 'threshold' | 'amount' | 'limit';
export type TypedRecharge = Partial<Record<RechargeField, string>>;

export interface RechargeTyping {
  /** What is saved, or suggested: fields that nobody has touched show it. */
  readonly saved: AutoRecharge;
  readonly typed: TypedRecharge;
  readonly texts: Texts;
}

/** Null while one of the amounts is none. */
export function wantedRecharge(typing: RechargeTyping): WantedRecharge | null {
  const [threshold, amount, limit] = [
    amountOf('threshold', typing),
    amountOf('amount', typing),
    amountOf('limit', typing),
  ];
  if ('wrong' in threshold || 'wrong' in amount || 'wrong' in limit) return null;
  return {
    thresholdMicros: threshold.amountMicros,
    amountMicros: amount.amountMicros,
    monthlyLimitMicros: limit.amountMicros,
  };
}

export interface RechargeFieldsLook {
  readonly isWrongShown: boolean;
  readonly onType: (typed: TypedRecharge) => void;
}

export function rechargeFields(typing: RechargeTyping, look: RechargeFieldsLook): TemplateResult {
  const isReached = typing.saved.comparison === 'at_or_below';
  return html`
    <div class="fields">
      ${field('threshold', { typing, look, label: isReached ? 'auto.threshold.reaches' : 'auto.threshold' })}
      ${field('amount', { typing, look, label: 'auto.amount' })} ${field('limit', { typing, look, label: 'auto.limit' })}
    </div>
    <p class="caption">${typing.texts.say('auto.threshold.hint')}</p>
  `;
}

interface FieldParts {
  readonly typing: RechargeTyping;
  readonly look: RechargeFieldsLook;
  readonly label: 'auto.threshold' | 'auto.threshold.reaches' | 'auto.amount' | 'auto.limit';
}

function field(name: RechargeField, { typing, look, label }: FieldParts): TemplateResult {
  const amount = amountOf(name, typing);
  const isWrong = look.isWrongShown && 'wrong' in amount;
  const onInput = ({ target }: InputEvent): void => {
    if (target instanceof HTMLInputElement) look.onType({ ...typing.typed, [name]: target.value });
  };
  return html`<div class="field ${name === 'threshold' ? 'wide' : ''}">
    <label for=${name}>${typing.texts.say(label)}</label>
    <input
      id=${name}
      type="text"
      inputmode="decimal"
      maxlength="12"
      .value=${textOf(name, typing)}
      aria-invalid=${isWrong}
      aria-describedby=${`${name}-wrong`}
      @input=${onInput}
    />
    <span class="caption wrong" id=${`${name}-wrong`}>${isWrong ? amount.wrong : nothing}</span>
  </div>`;
}

function amountOf(name: RechargeField, typing: RechargeTyping): TypedAmount {
  const { saved, texts } = typing;
  if (name === 'threshold') return typedAmount(textOf(name, typing), { bounds: saved.thresholdBounds, texts });
  if (name === 'amount') return typedAmount(textOf(name, typing), { bounds: saved.amountBounds, texts });
  const amount = amountOf('amount', typing);
  const leastMicros = 'wrong' in amount ? saved.amountBounds.leastMicros : amount.amountMicros;
  const limit = typedAmount(textOf(name, typing), { bounds: { leastMicros, mostMicros: micros(MAX_MICROS) }, texts });
  const isTooLittle = 'wrong' in limit && limit.wrong === texts.say('add.least', { least: texts.price(leastMicros) });
  return isTooLittle ? { wrong: texts.say('auto.limit.least', { least: texts.price(leastMicros) }) } : limit;
}

function textOf(name: RechargeField, { saved, typed }: RechargeTyping): string {
  const { thresholdMicros: threshold, amountMicros: amount, monthlyLimitMicros: limit } = saved;
  return typed[name] ?? plainAmount({ threshold, amount, limit }[name]);
}

/** As somebody would type it: "5", "37.50". */
function plainAmount(amount: Micros): string {
  const text = (amount / 1_000_000).toFixed(2);
  return text.endsWith('.00') ? text.slice(0, -3) : text;
}
