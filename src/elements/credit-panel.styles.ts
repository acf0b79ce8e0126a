import { css } from 'lit';

export const creditPanelStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  header {
    display: grid;
    grid-template-columns: 1fr max-content;
    align-items: baseline;
    padding-block: 12px 4px;
  }
  .top {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
  }
  .amount {
    margin-block-start: 4px;
    font-size: 32px;
    line-height: 40px;
    font-weight: 600;
    letter-spacing: -0.02em;
  }
  .amount.low {
    color: var(--_warning);
  }
  .amount.critical,
  .amount.empty {
    color: var(--_danger);
  }
  .quiet {
    grid-column: 1 / -1;
    color: var(--_quiet);
  }
  .outlook {
    grid-column: 1 / -1;
    margin-block-start: 8px;
  }
  .unknown {
    padding-block: 32px;
    color: var(--_quiet);
  }
  form,
  .block,
  .other-ways {
    padding-block: 12px;
    border-block-end: 1px solid var(--_line);
  }
  /* A docked phone has room for the table of the statement; forms are no better for being wide. */
  section > :not(credit-phone-usage-panel) {
    max-inline-size: 480px;
    margin-inline: auto;
  }
  section > :last-child {
    border: 0;
  }
  form {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .amounts {
    display: grid;
    grid-template-columns: repeat(3, 1fr) 1.5fr;
    gap: 6px;
  }
  @container (inline-size < 288px) {
    .amounts {
      grid-template-columns: repeat(3, 1fr);
    }
    .amounts > input {
      grid-column: 1 / -1;
    }
  }
  .preset {
    position: relative;
    display: block;
  }
  .preset input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .preset span {
    display: block;
    padding-block: 7px;
    border: 1px solid var(--_control-line);
    border-radius: 8px;
    text-align: center;
    font-weight: 600;
  }
  .preset :checked + span {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
    color: var(--_accent);
  }
  .preset :focus-visible + span {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  form .primary {
    min-block-size: 40px;
    border-radius: 20px;
  }
  .wrong {
    color: var(--_danger);
  }
  .good {
    color: var(--_good);
  }
  a {
    color: var(--_accent);
    overflow-wrap: anywhere;
  }
  .pair {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-block: 2px;
  }
  .pair span:first-child {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .card {
    display: grid;
    grid-template-columns: max-content 1fr max-content max-content;
    align-items: center;
    gap: 4px 8px;
  }
  .card > span > * {
    display: block;
  }
  @container (inline-size < 288px) {
    .card {
      grid-template-columns: max-content 1fr;
    }
    .card > button:first-of-type {
      grid-column: 1 / 3;
    }
    .card > button:last-of-type {
      grid-column: 1 / 3;
    }
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .ghost {
    block-size: 72px;
    margin-block: 12px;
    border-radius: 8px;
    background: var(--_raised);
  }
  .works li {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-block: 2px;
  }
  .works .icon {
    inline-size: 16px;
    block-size: 16px;
    stroke-width: 2.25;
  }
  .yes .icon {
    color: var(--_good);
  }
  .no .icon {
    color: var(--_danger);
  }
  .switch-row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
  .switch-row label,
  .switch-row .caption {
    display: block;
  }
  [role='switch'] {
    appearance: none;
    position: relative;
    flex: none;
    inline-size: 40px;
    min-block-size: 24px;
    margin: 0;
    padding: 0;
    border: 1px solid var(--_control-line);
    border-radius: 12px;
    background: var(--_surface);
    cursor: pointer;
  }
  [role='switch']::before {
    content: '';
    position: absolute;
    inset: 3px auto 3px 3px;
    inset-inline: 3px auto;
    inline-size: 16px;
    border-radius: 50%;
    background: var(--_control-line);
    transition: translate var(--_motion);
  }
  [role='switch']:checked {
    border-color: var(--_tone, var(--_danger));
    background: var(--_tone, var(--_danger));
  }
  [role='switch']:checked::before {
    background: var(--_on-danger);
    inset-inline: auto 3px;
  }
  [role='switch'].calm {
    --_tone: var(--_accent);
  }
  [role='switch']:disabled {
    cursor: default;
    opacity: 0.6;
  }
  @media (forced-colors: active) {
    .preset :checked + span,
    [role='switch']:checked {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
    [role='switch']::before {
      background: ButtonText;
    }
    [role='switch']:checked::before {
      background: HighlightText;
    }
  }
`;
