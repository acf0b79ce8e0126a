import { css } from 'lit';

export const officeSwitchStyles = css`
  .switch {
    display: grid;
    gap: 4px;
    padding-block: 12px 0;
  }
  label {
    font-size: 12px;
    line-height: 16px;
    color: var(--_quiet);
  }
  select {
    inline-size: 100%;
    text-overflow: ellipsis;
  }
`;
