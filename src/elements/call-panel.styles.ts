import { css } from 'lit';

export const callPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    container-type: inline-size;
  }
  .panel {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    text-align: center;
  }
  header {
    inline-size: 100%;
    padding-block-start: 16px;
  }
  h2 {
    font-size: 20px;
    line-height: 28px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .number,
  .status {
    min-block-size: 20px;
    color: var(--_quiet);
  }
  .noted {
    color: var(--_warning);
    font-weight: 600;
  }
  .meter {
    padding-block: 8px 0;
  }
  /* Twelve keys more, and Hang up still in sight. */
  .with-keys header {
    padding-block-start: 0;
  }
  .with-keys .number,
  .with-keys .status:not(.noted) {
    display: none;
  }
  .with-keys .notice {
    min-block-size: 24px;
  }
  .with-keys .meter {
    display: flex;
    align-items: baseline;
    gap: 12px;
    padding-block: 0;
  }
  .with-keys .timer {
    font-size: 20px;
    line-height: 24px;
  }
  .timer {
    font-size: var(--_timer-size);
    line-height: 40px;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  .waiting {
    color: var(--_quiet);
    font-weight: 400;
  }
  .cost {
    display: flex;
    justify-content: center;
    gap: 8px;
    min-block-size: 24px;
    line-height: 24px;
    color: var(--_quiet);
  }
  .cost b {
    color: var(--_text);
    font-weight: 600;
  }
  .left::before {
    content: '·';
    /* Stands where the page begins, whatever the direction of the words. */
    float: inline-start;
    margin-inline-end: 8px;
  }
  .left.short {
    color: var(--_warning);
    font-weight: 600;
  }
  .notice {
    display: flex;
    align-items: center;
    justify-content: center;
    inline-size: 100%;
    min-block-size: 44px;
  }
  .warning {
    display: flex;
    align-items: center;
    gap: 8px;
    text-align: start;
    padding: 6px 12px;
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_warning);
    font-weight: 500;
    animation: appear var(--_motion) ease-out;
  }
  .warning .icon {
    inline-size: 18px;
    block-size: 18px;
  }
  .saved {
    color: var(--_good);
  }
  .warning credit-phone-fix-button {
    flex: none;
  }
  @container (inline-size < 280px) {
    .warning {
      flex-wrap: wrap;
    }
    .warning span {
      flex: 1;
    }
    .warning credit-phone-fix-button {
      flex-basis: 100%;
      padding-inline-start: 26px;
    }
  }
  .warning .link {
    padding-inline: 4px;
    font-weight: 600;
  }
  .warning .yes {
    color: var(--_danger);
  }
  .quality {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-block-size: 48px;
  }
  .levels {
    inline-size: 120px;
    block-size: 24px;
    fill: var(--_accent);
  }
  .fair .levels {
    fill: var(--_warning);
  }
  .poor .levels {
    fill: var(--_danger);
  }
  credit-phone-key-pad {
    inline-size: 100%;
    --_key-height: 44px;
  }
  .controls {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 8px;
    inline-size: 100%;
  }
  .control {
    flex-direction: column;
    gap: 2px;
    min-block-size: 56px;
    padding: 4px;
    border-color: transparent;
    border-radius: var(--_radius);
    background: var(--_raised);
    font-size: 12px;
    line-height: 16px;
  }
  .control:hover:enabled {
    background: var(--_line);
  }
  .control.on {
    background: var(--_text);
    color: var(--_surface);
  }
  @media (forced-colors: active) {
    .control.on {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
  .hang-up {
    inline-size: min(100%, 184px);
    min-block-size: 48px;
    margin-block-start: 4px;
    border-radius: 24px;
    font-size: 16px;
  }
  .strip {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 44px;
    padding: 4px 8px 4px 16px;
    background: var(--_raised);
    border-block: 1px solid var(--_line);
  }
  .strip-name {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }
  .strip-meter {
    white-space: nowrap;
    color: var(--_quiet);
  }
  .strip-meter b {
    color: var(--_text);
    font-weight: 600;
  }
  .warned .strip-meter,
  .warned .strip-meter b {
    color: var(--_warning);
  }
  .strip-hang-up {
    inline-size: 44px;
    padding: 0;
  }
  /* Only who is still asked by the browser after this time needs to read it. */
  .late {
    animation: appear 200ms 1500ms backwards;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`;
