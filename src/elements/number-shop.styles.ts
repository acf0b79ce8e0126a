import { css } from 'lit';

export const numberShopStyles = css`
  :host {
    display: block;
  }
  h2 {
    padding-block: 12px 8px;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 8px;
    padding-block-end: 8px;
  }
  select {
    padding-inline: 6px;
  }
  input {
    inline-size: 100%;
    min-inline-size: 0;
  }
  input:disabled {
    opacity: 0.55;
  }
  .filters {
    grid-column: 1 / -1;
  }
  /* What a <details> shows stands in a box of the browser's own, which inherits nothing of ours. */
  details * {
    box-sizing: border-box;
  }
  .filters > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 8px;
    padding-block: 6px 4px;
  }
  .digits {
    display: flex;
    gap: 8px;
  }
  form button {
    flex: none;
    padding: 0 10px;
    border-radius: 8px;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 2px 12px;
    padding-block: 10px;
    border-block-end: 1px solid var(--_line);
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
  .prices,
  .wide,
  .thin {
    grid-column: 1 / -1;
  }
  summary {
    inline-size: fit-content;
    padding-block: 2px;
    border-radius: 4px;
    cursor: pointer;
  }
  summary:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  dl {
    margin-block: 4px 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: var(--_raised);
    font-size: 12px;
    line-height: 20px;
  }
  dl > div {
    display: flex;
    justify-content: space-between;
    gap: 12px;
  }
  .sum {
    font-weight: 600;
    border-block-start: 1px solid var(--_line);
  }
  .thin {
    display: flex;
    gap: 6px;
    color: var(--_warning);
    font-size: 12px;
    line-height: 16px;
  }
  .thin .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .reason {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    grid-column: 1 / -1;
    color: var(--_danger);
    font-size: 12px;
    line-height: 16px;
  }
  .buy {
    min-inline-size: 72px;
    font-weight: 600;
    color: var(--_accent);
  }
  .state {
    display: flex;
    align-items: center;
    gap: 4px;
    /* Words below each other: the number beside them never breaks. */
    inline-size: min-content;
    color: var(--_quiet);
    font-size: 12px;
    line-height: 16px;
  }
  .state .icon,
  .bought .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .failed {
    color: var(--_danger);
  }
  .owned,
  .bought {
    color: var(--_good);
    font-weight: 600;
  }
  .bought {
    display: flex;
    align-items: center;
    gap: 6px;
    padding-block: 4px;
  }
  .problem {
    padding-block: 8px;
    color: var(--_danger);
  }
  .empty {
    padding-block-start: 64px;
    text-align: center;
  }
  .more {
    display: flex;
    margin: 12px auto;
  }
  .ghost {
    block-size: 68px;
    margin-block: 8px;
    border-radius: 8px;
    background: var(--_raised);
  }
`;
