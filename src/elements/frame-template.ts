import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot, PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { Announcement } from './announcement.ts';
import type { BalanceDisplay } from './balance-display.ts';

import type { LaterPart } from './element-registry.ts';
import { type FirstIconName, firstIcon } from './icons.ts';
import type { NumberFormat } from './number-format.ts';
import { openCreditRequests } from './open-credit-requests.ts';
import { stageOf } from './stage.ts';
import type { Texts } from './texts.ts';
import { UNCONNECTED_SNAPSHOT } from './unconnected-snapshot.ts';

const PANELS = ['phone', 'history', 'numbers', 'credit'] as const;
export type Panel = (typeof PANELS)[number];

const TAB_ICONS = {
  phone: 'phone',
  history: 'history',
  numbers: 'numbers',
  credit: 'credit',
} as const satisfies Record<Panel, FirstIconName>;

/** Everything the frame is drawn from. */
export interface FrameModel {
  readonly snapshot: PhoneSnapshot;
  readonly texts: Texts;
  readonly display: BalanceDisplay;
  readonly panels: readonly Panel[];
  readonly panel: Panel;
  readonly view: 'none' | 'keys' | 'ask';
  readonly isBar: boolean;
  readonly failedPart: LaterPart | null;
  readonly format: NumberFormat | null;
  readonly spoken: Announcement | null;
  openPanel(panel: Panel): void;
}

export function isPanel(name: string): name is Panel {
  return PANELS.some((panel) => panel === name);
}

/** Agents have no Credit tab (F-05, C-03). */
export function panelsFor(isAdmin: boolean): readonly Panel[] {
  return isAdmin ? PANELS : PANELS.filter((panel) => panel !== 'credit');
}

/** The parts whose code this drawing needs; those of a call and its price are fetched as soon as there is a phone. */
export function partsToLoad(model: FrameModel): readonly LaterPart[] {
  const { snapshot } = model;
  const parts: LaterPart[] = [];
  if (snapshot.signInRefusal !== null) parts.push('closed');
  if (snapshot !== UNCONNECTED_SNAPSHOT) parts.push('call');
  if (model.panel !== 'phone') parts.push(model.panel);
  if (model.panel === 'numbers') parts.push('own_numbers');
  if (model.view !== 'none') parts.push(model.view);
  if (openCreditRequests(snapshot).length > 0) parts.push('requests');
  if (isAlertShown(snapshot)) parts.push('alerts');
  return parts;
}

export function frameTemplate(model: FrameModel): TemplateResult {
  return html`
    <div class="frame" part="frame" role="group" aria-label=${model.texts.say('phone.label')}>
      <credit-phone-balance-bar
        part="credit-bar"
        exportparts="balance, menu"
        .snapshot=${model.snapshot}
        .texts=${model.texts}
        .display=${model.display}
      ></credit-phone-balance-bar>
      ${model.isBar ? barStage(model) : cardStage(model)}
      <div class="visually-hidden" role="status">${model.spoken?.isUrgent === false ? model.spoken.words : nothing}</div>
      <div class="visually-hidden" aria-live="assertive">${model.spoken?.isUrgent ? model.spoken.words : nothing}</div>
    </div>
  `;
}

function cardStage(model: FrameModel): TemplateResult {
  const { snapshot, texts } = model;
  const isClosed = stageOf(snapshot) === 'closed';
  return html`
    ${strips(model)}
    <div class="stage ${isRequestShown(snapshot) ? 'tight' : ''}" part="stage" id="stage" role="tabpanel" aria-labelledby=${`tab-${model.panel}`}>${stageContent(model)}</div>
    ${noticeLine(model)}
    ${openCreditRequests(snapshot).length === 0 ? nothing : html`<credit-phone-credit-request-banner exportparts="request" .snapshot=${snapshot} .texts=${texts}></credit-phone-credit-request-banner>`}
    ${isAlertShown(snapshot) ? html`<credit-phone-alert-banner exportparts="alert" .snapshot=${snapshot} .texts=${texts}></credit-phone-alert-banner>` : nothing}
    ${isClosed ? nothing : tabs(model)}
  `;
}

/** The dial pad always keeps the line's space; elsewhere it appears when it has something to say. */
function noticeLine(model: FrameModel): TemplateResult | typeof nothing {
  const { snapshot, texts, panel, view } = model;
  const stage = stageOf(snapshot);
  if (stage === 'closed' || view === 'ask') return nothing;
  const isSpaceKept = panel === 'phone' && view === 'none' && stage === 'pad' && !isRequestShown(snapshot);
  return html`<credit-phone-notice-line
    class=${isSpaceKept ? 'kept' : ''}
    exportparts="notice"
    .snapshot=${snapshot}
    .texts=${texts}
    .isSpaceKept=${isSpaceKept}
  ></credit-phone-notice-line>`;
}

/** Not during a call, and not beside a question that waits for an answer. */
function isAlertShown({ alerts, call, ...snapshot }: PhoneSnapshot): boolean {
  return alerts.open.length > 0 && call === null && snapshot.creditRequests.every(({ state }) => state !== 'asked');
}

/** The banner takes the room of the line, and some of the keys'. */
function isRequestShown(snapshot: PhoneSnapshot): boolean {
  return openCreditRequests(snapshot).length > 0;
}

function stageContent(model: FrameModel): TemplateResult {
  const { snapshot, texts, format } = model;
  if (model.failedPart !== null && partsToLoad(model).includes(model.failedPart))
    return html`<p class="failed" role="alert">${texts.say('part.failed')}</p>`;
  if (stageOf(snapshot) === 'closed')
    return html`<credit-phone-closed-panel exportparts="message" .snapshot=${snapshot} .texts=${texts}></credit-phone-closed-panel>`;
  if (model.view === 'keys')
    return html`<credit-phone-keys-help .snapshot=${snapshot} .texts=${texts}></credit-phone-keys-help>`;
  if (model.view === 'ask')
    return html`<credit-phone-ask-for-credit .snapshot=${snapshot} .texts=${texts}></credit-phone-ask-for-credit>`;
  switch (model.panel) {
    case 'phone':
      return phoneContent(model);
    case 'history':
      return html`<credit-phone-call-history-list exportparts="history-row" .snapshot=${snapshot} .texts=${texts} .format=${format}></credit-phone-call-history-list>`;
    case 'numbers':
      return html`<credit-phone-own-numbers exportparts="own-number-row, action" .snapshot=${snapshot} .texts=${texts} .format=${format}></credit-phone-own-numbers><credit-phone-number-shop exportparts="number-row, buy-button, action" .snapshot=${snapshot} .texts=${texts} .format=${format}></credit-phone-number-shop>`;
    case 'credit':
      return html`<credit-phone-credit-panel exportparts="balance-amount, add-credit, action" .snapshot=${snapshot} .texts=${texts}><slot name="pay" slot="pay"></slot></credit-phone-credit-panel>`;
  }
}

function phoneContent(model: FrameModel): TemplateResult {
  const { snapshot, texts } = model;
  const { call } = snapshot;
  if (call === null) return dialPad(model);
  switch (stageOf(snapshot)) {
    case 'incoming':
      return incomingCall(model, call, false);
    case 'outcome':
      return html`<credit-phone-call-outcome exportparts="message, action" .snapshot=${snapshot} .texts=${texts} .call=${call} .number=${shown(model, call)}></credit-phone-call-outcome>`;
    default:
      return callPanel(model, call, false);
  }
}

function dialPad({ snapshot, texts, display, isBar }: FrameModel): TemplateResult {
  return html`<credit-phone-dial-pad
    exportparts="number, call-button, price-tag, key"
    .snapshot=${snapshot}
    .texts=${texts}
    .display=${display}
    .isRow=${isBar}
  ></credit-phone-dial-pad>`;
}

function callPanel(model: FrameModel, call: CallSnapshot, isCompact: boolean): TemplateResult {
  return html`<credit-phone-call-panel
    exportparts="timer, cost, warning, hang-up-button, key, action"
    .snapshot=${model.snapshot}
    .texts=${model.texts}
    .call=${call}
    .number=${shown(model, call)}
    .isCompact=${isCompact}
  ></credit-phone-call-panel>`;
}

function incomingCall(model: FrameModel, call: CallSnapshot, isCompact: boolean): TemplateResult {
  return html`<credit-phone-incoming-call
    exportparts="answer-button, decline-button"
    .snapshot=${model.snapshot}
    .texts=${model.texts}
    .call=${call}
    .number=${shown(model, call)}
    .isCompact=${isCompact}
  ></credit-phone-incoming-call>`;
}

/** A call on another tab, and a second one that comes in, are strips under the credit bar. */
function strips(model: FrameModel): TemplateResult {
  const { call, waiting } = model.snapshot;
  const isStageTaken = model.panel === 'phone' && model.view === 'none';
  const isRunning = call !== null && stageOf(model.snapshot) !== 'outcome';
  return html`
    ${isRunning && !isStageTaken ? strip(model, call) : nothing}
    ${waiting === null ? nothing : incomingCall(model, waiting, true)}
  `;
}

function strip(model: FrameModel, call: CallSnapshot): TemplateResult {
  return stageOf(model.snapshot) === 'incoming' ? incomingCall(model, call, true) : callPanel(model, call, true);
}

/** One row: the pad or the call in it; what needs more room lies under it as a sheet. */
function barStage(model: FrameModel): TemplateResult {
  const { snapshot } = model;
  const { call } = snapshot;
  const stage = stageOf(snapshot);
  const isSheetNeeded = model.view !== 'none' || model.panel !== 'phone' || stage === 'outcome' || stage === 'closed';
  const row = call === null || stage === 'outcome' ? dialPad(model) : strip(model, call);
  return html`
    <div class="stage" part="stage">${stage === 'closed' ? nothing : row}</div>
    ${isSheetNeeded ? html`<div class="sheet">${stageContent(model)}</div>` : nothing}
  `;
}

function shown({ format }: FrameModel, call: CallSnapshot): string {
  return format === null ? call.number : format.complete(call.number);
}

function tabs(model: FrameModel): TemplateResult {
  return html`
    <div class="tabs" part="tabs" role="tablist" aria-label=${model.texts.say('tabs.label')} @keydown=${(event: KeyboardEvent) => onTabKey(event, model)}>
      ${model.panels.map((panel) => tab(model, panel))}
    </div>
  `;
}

function tab(model: FrameModel, panel: Panel): TemplateResult {
  const isSelected = panel === model.panel;
  return html`<button
    class="tab"
    part="tab"
    type="button"
    role="tab"
    id=${`tab-${panel}`}
    aria-selected=${isSelected}
    aria-controls="stage"
    tabindex=${isSelected ? 0 : -1}
    @click=${() => model.openPanel(panel)}
  >
    ${firstIcon(TAB_ICONS[panel])}${model.texts.say(`tab.${panel}`)}
  </button>`;
}

/** Arrow keys move between tabs (ARIA authoring practices); in right-to-left pages the other way round. */
function onTabKey(event: KeyboardEvent, model: FrameModel): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  const isForward = (event.key === 'ArrowRight') === (getComputedStyle(list).direction === 'ltr');
  const count = model.panels.length;
  const next = model.panels[(model.panels.indexOf(model.panel) + (isForward ? 1 : count - 1)) % count];
  if (next === undefined) return;
  event.preventDefault();
  model.openPanel(next);
  list.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
}
