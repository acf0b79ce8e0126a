import { css } from 'lit';

/** What the parts of the statement share beside controls and billing. */
export const usageStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
  }
  /* On the right-hand side also where it has a row of its own (D-27). */
  .head > :last-child {
    margin-inline-start: auto;
  }
  .choices {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(112px, 1fr));
    gap: 8px;
  }
  .choices label {
    display: flex;
    flex-direction: column;
    gap: 4px;
    min-inline-size: 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--_quiet);
  }
  .choices :is(select, input) {
    inline-size: 100%;
    padding-inline: 6px 2px;
    font-size: 14px;
    color: var(--_text);
  }
  .sums {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));
    gap: 8px;
    padding: 10px 12px;
    border-radius: 8px;
    background: var(--_raised);
  }
  .sums dt {
    font-size: 12px;
    line-height: 16px;
    color: var(--_quiet);
  }
  .sums dd {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .ghost {
    block-size: 96px;
    border-radius: 8px;
    background: var(--_raised);
  }
  .empty {
    padding-block: 24px;
    text-align: center;
    text-wrap: pretty;
  }
  .empty p {
    text-align: center;
  }
  .number {
    white-space: nowrap;
  }
`;
