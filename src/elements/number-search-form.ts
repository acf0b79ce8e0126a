/** The filters of the number shop, and what they ask for. */
import { html, type TemplateResult } from 'lit';
import { NUMBER_TYPES, type NumberSearch } from '../protocol/number.ts';
import type { CountryName } from './country-codes.ts';
import { panelIcon } from './panel-icons.ts';
import type { Texts } from './texts.ts';

const MODES = ['contains', 'starts', 'ends'] as const;
/** Every number is for calls. */
const EXTRA_FEATURES = ['sms', 'fax'] as const;

export interface SearchForm {
  readonly texts: Texts;
  readonly countries: readonly CountryName[];
  /** An area code means something in a country only. */
  readonly hasCountry: boolean;
  readonly onSubmit: (event: SubmitEvent) => void;
  readonly onChange: () => void;
  readonly onInput: (event: InputEvent) => void;
}

export function searchForm(form: SearchForm): TemplateResult {
  const { say } = form.texts;
  return html`
    <form role="search" @submit=${form.onSubmit} @change=${form.onChange} @input=${form.onInput}>
      <select name="country" aria-label=${say('shop.country')}>
        <option value="">${say('shop.country.any')}</option>
        ${form.countries.map(({ code, name }) => html`<option value=${code}>${name}</option>`)}
      </select>
      <select name="type" aria-label=${say('shop.type')}>
        <option value="">${say('shop.type.any')}</option>
        ${NUMBER_TYPES.map((type) => html`<option value=${type}>${say(`shop.type.${type}`)}</option>`)}
      </select>
      <select name="mode" aria-label=${say('shop.mode')}>
        ${MODES.map((mode) => html`<option value=${mode}>${say(`shop.mode.${mode}`)}</option>`)}
      </select>
      <div class="digits">
        <input
          name="digits"
          type="text"
          inputmode="numeric"
          maxlength="15"
          aria-label=${say('shop.digits')}
          placeholder=${say('shop.digits.hint')}
        />
        <button type="submit" aria-label=${say('shop.search')}>${panelIcon('search')}</button>
      </div>
      <details class="filters">
        <summary class="caption">${say('shop.filters')}</summary>
        <div>
          <input
            name="areaCode"
            type="text"
            inputmode="numeric"
            maxlength="6"
            ?disabled=${!form.hasCountry}
            aria-label=${say(form.hasCountry ? 'shop.area' : 'shop.area.needs_country')}
            placeholder=${say('shop.area.hint')}
          />
          <select name="features" aria-label=${say('shop.features')}>
            <option value="">${say('shop.features.any')}</option>
            ${EXTRA_FEATURES.map((feature) => html`<option value=${feature}>${say(`shop.features.${feature}`)}</option>`)}
          </select>
        </div>
      </details>
    </form>
  `;
}

export function searchOf(form: FormData): NumberSearch {
  const text = (name: string) => String(form.get(name) ?? '');
  const digits = (name: string) => text(name).replace(/\D/g, '');
  const country = text('country');
  const type = NUMBER_TYPES.find((known) => known === text('type'));
  const mode = MODES.find((known) => known === text('mode')) ?? 'contains';
  const feature = EXTRA_FEATURES.find((known) => known === text('features'));
  return {
    ...(country === '' ? {} : { country }),
    ...(country === '' || digits('areaCode') === '' ? {} : { areaCode: digits('areaCode') }),
    ...(type === undefined ? {} : { type }),
    ...(feature === undefined ? {} : { features: feature }),
    ...(digits('digits') === '' ? {} : { [mode]: digits('digits') }),
  };
}
