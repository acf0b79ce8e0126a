import { css } from 'lit';

/** A table where there is room; below that each line is a small block of its own, with the same cells. */
export const usageLinesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 13px;
    line-height: 18px;
  }
  th {
    padding: 6px 8px 6px 0;
    border-block-end: 1px solid var(--_line);
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    color: var(--_quiet);
    text-align: start;
    vertical-align: bottom;
  }
  td {
    padding: 8px 8px 8px 0;
    border-block-end: 1px solid var(--_line);
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .end {
    text-align: end;
  }
  .used,
  .duration,
  .price,
  .balance,
  .why {
    white-space: nowrap;
  }
  .price {
    font-weight: 600;
  }
  .in {
    color: var(--_good);
  }
  td > .caption {
    display: block;
  }
  .summary dd {
    white-space: nowrap;
  }
  .why-cell > * {
    max-inline-size: 480px;
  }
  .why-cell {
    padding: 0 0 8px;
  }
  td .link {
    font-size: 12px;
  }
  .narrow {
    display: none;
  }
  h4 {
    margin: 0;
    font: inherit;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  @container (inline-size < 640px) {
    thead {
      position: absolute;
      inline-size: 40px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    /* As small as what it stands in, and read all the same. */
    thead th {
      padding: 0;
      border: 0;
      font-size: 1px;
      line-height: 1px;
    }
    table,
    tbody {
      display: block;
    }
    .line {
      display: grid;
      grid-template-columns: minmax(0, 1fr) max-content;
      gap: 0 12px;
      padding-block: 8px;
      border-block-end: 1px solid var(--_line);
    }
    .explained {
      display: block;
      border-block-end: 1px solid var(--_line);
    }
    .explained > td {
      display: block;
    }
    .line.open {
      border: 0;
    }
    td {
      padding: 0;
      border: 0;
    }
    .to {
      grid-area: 1 / 1;
      font-weight: 500;
    }
    .price {
      grid-area: 1 / 2;
    }
    .when {
      grid-area: 2 / 1;
    }
    .duration {
      grid-area: 2 / 2;
    }
    .who {
      grid-area: 3 / 1;
    }
    .balance {
      grid-area: 3 / 2;
    }
    .used {
      grid-area: 4 / 1;
    }
    .why {
      grid-area: 4 / 2;
      text-align: end;
    }
    .when,
    .who,
    .used,
    .duration,
    .balance {
      font-size: 12px;
      line-height: 16px;
      color: var(--_quiet);
    }
    .narrow {
      display: inline;
    }
  }
`;
