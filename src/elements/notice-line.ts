import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import { controlStyles } from './control.styles.ts';
import { creditRequestText, ownCreditRequest } from './credit-request-text.ts';
import { type IconName, icon } from './later-icons.ts';
import { PhoneElement } from './phone-element.ts';
import type { Texts } from './texts.ts';

interface Notice {
  readonly icon: IconName;
  readonly tone: 'quiet' | 'warning' | 'good';
  readonly words: string;
  /** Stays until its reader closes it. */
  readonly isAnswer?: true;
}

/**
 * One line above the tabs for what is not about a call: sound is blocked, the line is down, what became of a request for credit. Its space
 * is always there on the dial pad; with nothing to say, the demo's hint stands in it.
 *
 * @csspart notice - The line.
 */
export class NoticeLine extends PhoneElement {
  static override properties: PropertyDeclarations = {
    isSpaceKept: { attribute: false },
    readNotice: { state: true },
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .line {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        min-block-size: 40px;
        padding: 4px 16px;
        font-size: 12px;
        line-height: 16px;
        text-wrap: pretty;
      }
      .hint {
        display: block;
        text-align: center;
        color: var(--_quiet);
      }
      .line .icon {
        inline-size: 18px;
        block-size: 18px;
      }
      .warning {
        color: var(--_warning);
      }
      .good {
        color: var(--_good);
      }
      .quiet {
        color: var(--_quiet);
      }
      button {
        flex: none;
        min-block-size: 32px;
      }
      .close {
        inline-size: 32px;
        padding: 0;
      }
    `,
  ];

  /** On the dial pad its space is kept, so that nothing jumps. */
  declare isSpaceKept: boolean;
  /** Words of the answer that was closed by its reader. */
  declare readNotice: string;

  constructor() {
    super();
    this.isSpaceKept = false;
    this.readNotice = '';
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.snapshot.isSoundBlocked) return this.#soundBlocked();
    const notice = noticeOf(this.snapshot, this.texts);
    if (notice === null || notice.words === this.readNotice) return this.#hint();
    return html`<div class="line ${notice.tone}" part="notice">
      ${icon(notice.icon)}<span>${notice.words}</span>${notice.isAnswer ? this.#closeButton(notice.words) : nothing}
    </div>`;
  }

  #closeButton(words: string): TemplateResult {
    const close = (): void => {
      this.readNotice = words;
    };
    return html`<button class="plain close" type="button" aria-label=${this.texts.say('end.done')} @click=${close}>${icon('cross')}</button>`;
  }

  #soundBlocked(): TemplateResult {
    const { say } = this.texts;
    return html`
      <div class="line warning" part="notice">
        ${icon('soundOff')}<span>${say('sound.blocked')}</span>
        <button type="button" @click=${() => this.request('credit-phone-sound-request', {})}>${say('sound.allow')}</button>
      </div>
    `;
  }

  #hint(): TemplateResult | typeof nothing {
    if (!this.isSpaceKept) return nothing;
    const { say } = this.texts;
    const isHintWanted =
      this.snapshot.me?.isDemo === true && this.snapshot.dialled === '' && this.snapshot.call === null;
    return html`<div class="line" part="notice">
      ${isHintWanted ? html`<p class="hint">${say('pad.demo.first')}<br />${say('pad.demo.second')}</p>` : nothing}
    </div>`;
  }
}

/** The most pressing thing to say, or null. */
function noticeOf(snapshot: PhoneSnapshot, texts: Texts): Notice | null {
  const { say } = texts;
  if (snapshot.gateLink === 'unreachable')
    return { icon: 'offline', tone: 'warning', words: say('call.blocked.unknown') };
  if (snapshot.lineStatus === 'failed')
    return { icon: 'offline', tone: 'warning', words: say(`line.${snapshot.lineFault ?? 'unreachable'}`) };
  if (snapshot.lineStatus === 'reconnecting')
    return { icon: 'offline', tone: 'warning', words: say('line.reconnecting') };
  const request = ownCreditRequest(snapshot);
  // "You can call now" must not stand beside "No credit" when that credit is used up too.
  if (request === null || (request.state === 'granted' && snapshot.creditLevel === 'empty')) return null;
  const tone = request.state === 'granted' ? 'good' : request.state === 'declined' ? 'warning' : 'quiet';
  const words = creditRequestText(request, texts, snapshot.me);
  return tone === 'quiet' ? { icon: 'ask', tone, words } : { icon: 'ask', tone, words, isAnswer: true };
}
