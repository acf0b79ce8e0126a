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
  form input {
    grid-column: 1;
  }
  form button {
    border-radius: 8px;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) max-content;
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
  .price {
    margin-block-start: 2px;
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
    color: var(--_quiet);
  }
  .state .icon,
  .bought .icon {
    inline-size: 16px;
    block-size: 16px;
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
