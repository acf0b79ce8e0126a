import { css } from 'lit';

/** Buttons, fields and text that all elements share. One button is .primary on a screen. */
export const controlStyles = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h2,
  h3,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  h2 {
    font: inherit;
    font-weight: 600;
    font-size: 16px;
    line-height: 24px;
  }
  h3 {
    font: inherit;
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    color: var(--_quiet);
  }
  /* A sentence keeps its own direction in a page of the other one, but stands where the page begins. */
  h2,
  h3,
  p,
  b,
  li,
  label,
  span {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .caption {
    font-size: 12px;
    line-height: 16px;
    color: var(--_quiet);
  }
  .money {
    font-size: 20px;
    line-height: 28px;
    font-weight: 600;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .icon {
      color: inherit !important;
    }
  }
  .icon {
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    font-variant-numeric: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 36px;
    padding: 0 14px;
    border: 1px solid var(--_control-line);
    border-radius: 18px;
    background: transparent;
    font-weight: 500;
    cursor: pointer;
    transition: background-color var(--_motion), border-color var(--_motion), opacity var(--_motion);
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:hover {
    background: var(--_raised);
  }
  button:active {
    background: var(--_line);
  }
  button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  button.danger {
    border-color: transparent;
    background: var(--_danger);
    color: var(--_on-danger);
    font-weight: 600;
  }
  button.primary:hover,
  button.danger:hover {
    opacity: 0.92;
  }
  button.plain {
    border-color: transparent;
    padding: 0 10px;
  }
  button.link {
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: 4px;
    color: var(--_accent);
  }
  button.link:hover {
    background: transparent;
    text-decoration: underline;
  }
  button:disabled,
  button[aria-disabled='true'] {
    cursor: default;
    border-color: var(--_line);
    background: var(--_raised);
    color: var(--_quiet);
    opacity: 1;
  }
  input,
  select,
  textarea {
    min-inline-size: 0;
    min-block-size: 36px;
    padding: 0 10px;
    border: 1px solid var(--_control-line);
    border-radius: 8px;
    background: var(--_surface);
  }
  ::placeholder {
    color: var(--_quiet);
    opacity: 1;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  [tabindex='-1']:focus {
    outline: none;
  }
  @media (forced-colors: active) {
    button {
      border-color: ButtonText;
    }
    button:disabled {
      color: GrayText;
    }
  }
`;
