import { css } from 'lit';

/** The frame: credit bar, stage, tabs; as a card, docked to a side, or as one row. */
export const creditPhoneStyles = css`
  :host {
    display: block;
    inline-size: var(--credit-phone-width, 340px);
    block-size: var(--credit-phone-height, 560px);
    max-inline-size: 100%;
  }
  .frame {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--credit-phone-shadow, 0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 8%));
  }
  credit-phone-balance-bar {
    flex: none;
    z-index: 2;
  }
  .stage {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    padding: 4px 16px 8px;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .stage > * {
    flex: 1 0 auto;
  }
  .stage > credit-phone-own-numbers {
    flex: none;
  }
  .stage > credit-phone-dial-pad {
    flex: 0 0 auto;
    margin-block: auto;
  }
  .tight {
    --_key-height: 44px;
  }
  .kept {
    min-block-size: 40px;
  }
  .failed {
    padding-block-start: 64px;
    color: var(--_danger);
    text-align: center;
  }
  .tabs {
    flex: none;
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    border-block-start: 1px solid var(--_line);
  }
  .tab {
    flex-direction: column;
    gap: 2px;
    min-block-size: 52px;
    padding: 4px 2px;
    border: 0;
    border-radius: 0;
    color: var(--_quiet);
    font-size: 12px;
    line-height: 16px;
  }
  .tab:focus-visible {
    outline-offset: -3px;
  }
  .tab[aria-selected='true'] {
    color: var(--_accent);
    font-weight: 600;
    box-shadow: inset 0 2px 0 var(--_accent);
  }
  :host([layout='docked']) {
    inline-size: 100%;
    block-size: 100%;
  }
  :host([layout='docked']) .frame {
    border-radius: 0;
    border-width: 0;
    box-shadow: none;
  }
  :host([layout='docked']) .stage {
    inline-size: min(100%, 480px);
    margin-inline: auto;
  }
  :host([layout='docked'][panel='credit']) .stage {
    inline-size: min(100%, 960px);
  }
  :host([layout='bar']) {
    inline-size: 100%;
    block-size: 48px;
  }
  :host([layout='bar']) .frame {
    flex-direction: row;
    align-items: center;
    overflow: visible;
    box-shadow: none;
  }
  :host([layout='bar']) credit-phone-balance-bar {
    flex: none;
    inline-size: clamp(140px, 36%, 208px);
  }
  :host([layout='bar']) .stage {
    flex: 1;
    min-inline-size: 0;
    padding: 0 6px;
    overflow: visible;
  }
  :host([layout='bar']) .stage > :is(credit-phone-call-panel, credit-phone-incoming-call) {
    --_raised: transparent;
  }
  .sheet {
    position: absolute;
    inset-block-start: calc(100% + 4px);
    inset-inline-end: 0;
    z-index: 2;
    inline-size: min(340px, 100%);
    padding: 0 16px 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
  }
  @media (forced-colors: active) {
    .tab[aria-selected='true'] {
      border-block-start: 2px solid Highlight;
    }
  }
`;
