import { css } from 'lit';

/** A screen that says one thing: icon, sentence, what to do. */
export const messagePanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  .panel {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding-block-start: 48px;
    text-align: center;
    text-wrap: pretty;
  }
  .badge {
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    margin-block-end: 8px;
    border-radius: 50%;
    background: var(--_raised);
    color: var(--_quiet);
  }
  .badge.bad {
    color: var(--_danger);
  }
  .badge.good {
    color: var(--_good);
  }
  .badge .icon {
    inline-size: 26px;
    block-size: 26px;
  }
  .panel h2 {
    font-size: 18px;
  }
  .words {
    max-inline-size: 272px;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--_quiet);
  }
  .actions {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
    margin-block-start: 16px;
  }
`;
