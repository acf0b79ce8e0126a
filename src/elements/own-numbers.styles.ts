import { css } from 'lit';

export const ownNumbersStyles = css`
  :host {
    display: block;
    padding-block-start: 8px;
  }
  details {
    border: 1px solid var(--_line);
    border-radius: 8px;
    padding-inline: 12px;
  }
  summary {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 44px;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::before {
    content: '';
    flex: none;
    inline-size: 7px;
    block-size: 7px;
    border: solid var(--_quiet);
    border-width: 0 1.75px 1.75px 0;
    rotate: -45deg;
  }
  :host(:dir(rtl)) summary::before {
    rotate: 135deg;
  }
  details[open] > summary::before {
    rotate: 45deg;
  }
  .title {
    font-weight: 600;
  }
  .count {
    color: var(--_quiet);
  }
  .risk {
    display: flex;
    align-items: center;
    gap: 4px;
    margin-inline-start: auto;
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    color: var(--_warning);
  }
  .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .rent,
  .none {
    padding-block: 4px 8px;
  }
  credit-phone-caller-choice {
    justify-content: start;
    padding-block-end: 4px;
  }
  select {
    padding-inline: 6px;
    min-inline-size: 0;
  }
  .row {
    display: grid;
    gap: 8px;
    padding-block: 10px;
    border-block-start: 1px solid var(--_line);
  }
  .facts > * {
    display: block;
  }
  .number {
    font-size: 16px;
    line-height: 24px;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  .facts > .state {
    display: flex;
    align-items: flex-start;
    gap: 6px;
    margin-block: 2px;
  }
  .state .icon {
    margin-block-start: 2px;
  }
  .warning {
    color: var(--_warning);
  }
  .danger,
  .wrong {
    color: var(--_danger);
  }
  .quiet {
    color: var(--_quiet);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .actions select {
    flex: 1 1 0;
  }
  .pay {
    flex: 1 1 100%;
    font-weight: 600;
    color: var(--_accent);
  }
  .confirm {
    display: grid;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: var(--_raised);
  }
  button.danger {
    font-weight: 600;
    border-color: currentColor;
  }
  .more {
    display: flex;
    margin: 4px auto 12px;
  }
  .ghost {
    block-size: 46px;
    border-radius: 8px;
    background: var(--_raised);
  }
`;
