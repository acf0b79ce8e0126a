import { css } from 'lit';

/** What the billing screens share beside the controls and the credit panel. */
export const billingStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  h4 {
    margin: 0;
    font: inherit;
    font-weight: 600;
  }
  .stack > h2 {
    padding-block: 12px 4px;
  }
  .stack {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .row > :first-child {
    flex: 1;
    min-inline-size: 0;
  }
  .summary {
    margin-block: 8px;
    padding: 10px 12px;
    border: 1px solid var(--_line);
    border-radius: 8px;
  }
  .summary div {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-block: 3px;
  }
  .summary dt {
    color: var(--_quiet);
  }
  .summary dd {
    overflow-wrap: anywhere;
    text-align: end;
  }
  .summary .total {
    margin-block-start: 4px;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--_line);
    font-weight: 600;
  }
  .summary .total:first-child {
    margin: 0;
    padding-block: 3px;
    border: 0;
  }
  .primary {
    min-block-size: 40px;
    border-radius: 20px;
  }
  .field {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .field input {
    inline-size: 100%;
  }
  .field label {
    font-size: 12px;
    line-height: 16px;
    color: var(--_quiet);
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 8px;
    align-items: start;
  }
  .fields .wide {
    grid-column: 1 / -1;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .wrong {
    color: var(--_danger);
  }
  .good {
    color: var(--_good);
  }
  .tick {
    display: flex;
    align-items: flex-start;
    gap: 8px;
  }
  .tick input {
    flex: none;
    inline-size: 18px;
    min-block-size: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .note {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    margin-block: 4px;
    padding: 8px 10px;
    border-radius: 8px;
    background: var(--_raised);
    font-size: 12px;
    line-height: 16px;
  }
  .note .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .note.bad {
    color: var(--_danger);
  }
  .verdict {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding-block: 32px 16px;
    text-align: center;
    text-wrap: pretty;
  }
  .verdict .badge {
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    border-radius: 50%;
    background: var(--_raised);
    color: var(--_quiet);
  }
  .verdict .badge .icon {
    inline-size: 26px;
    block-size: 26px;
  }
  .verdict .badge.bad {
    color: var(--_danger);
  }
  .verdict .badge.good {
    color: var(--_good);
  }
  .verdict h2 {
    padding: 0;
    font-size: 18px;
  }
  .verdict p {
    max-inline-size: 272px;
  }
  a {
    color: var(--_accent);
    overflow-wrap: anywhere;
  }
`;
