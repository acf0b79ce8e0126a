import { css, html, nothing, type TemplateResult } from 'lit';
import { addMicros } from '../protocol/money.ts';
import type { StatementForecast } from '../protocol/statement.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { sparkline } from './spend-sparkline.ts';
import { untilText } from './usage-text.ts';

/**
 * The last seven days in one glance, and how long the credit lasts at their pace and with the rents that fall due (REQUIREMENTS 2.3.1,
 * `bal.runway`).
 */
export class SpendOutlook extends PhoneElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-block-size: 44px;
      }
      .week {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .sparkline {
        inline-size: 70px;
        block-size: 20px;
        fill: var(--_accent);
      }
      [dir] {
        display: inline-flex;
      }
      .caption {
        text-wrap: pretty;
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { forecast } = this.snapshot.statement;
    return forecast === null ? nothing : this.#week(forecast);
  }

  #week(forecast: StatementForecast): TemplateResult {
    const { texts } = this;
    const spent = forecast.days.map(({ spentMicros }) => spentMicros);
    const total = addMicros(...spent);
    if (total === 0)
      return html`
        <p class="caption">${texts.say('bal.runway.none')}</p>
        ${forecast.lastsUntilMs === null ? nothing : html`<p class="caption">${this.#runway(forecast)}</p>`}
      `;
    return html`
      <p class="week">
        <span dir="ltr">${sparkline(spent)}</span>
        <span class="caption">${texts.say('bal.week', { money: texts.price(total, forecast.currency) })}</span>
      </p>
      <p class="caption">${this.#runway(forecast)}</p>
    `;
  }

  /** Today is the last of the seven days: the server's, whatever the clock of this browser says. */
  #runway(forecast: StatementForecast): string | typeof nothing {
    const { texts } = this;
    const { days, lastsUntilMs, availableMicros, timeZone } = forecast;
    const today = days.at(-1)?.day;
    if (availableMicros <= 0 || today === undefined) return nothing;
    if (lastsUntilMs === null) return texts.say('bal.runway.long');
    const when = untilText(lastsUntilMs, { texts, timeZone, today });
    const rent = addMicros(...forecast.rents.map(({ amountMicros }) => amountMicros));
    if (rent === 0) return when === null ? texts.say('bal.runway.today') : texts.say('bal.runway', { when });
    const money = texts.price(rent, forecast.currency);
    return when === null
      ? texts.say('bal.runway.rent.today', { money })
      : texts.say('bal.runway.rent', { money, when });
  }
}
