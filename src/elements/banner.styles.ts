import { css } from 'lit';

/** A banner above what is on the stage: words, and a row of buttons under them. */
export const bannerStyles = css`
  :host {
    display: block;
  }
  .banner {
    padding: 10px 16px;
    border-block: 1px solid var(--_line);
    background: var(--_raised);
  }
  .words {
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-block-start: 8px;
  }
`;
