import { type CSSResult, css } from 'lit'

/** Styles of the Overview. */
export const overviewStyles: CSSResult = css`
  .tiles {
    display: grid;
    gap: 12px;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
  }
  .tiles .panel {
    gap: 0;
    padding: 8px 12px;
  }
  .tiles dt {
    color: var(--dim);
    font-size: 12px;
  }
  .tiles dd {
    font-size: 22px;
    font-weight: 600;
    letter-spacing: -0.01em;
    line-height: 28px;
  }
  .agents,
  .changes {
    --rows: 1;
    display: grid;
    /* A half-visible row shows that there are more. */
    max-height: 306px;
    overflow: auto;
  }
  .agents button {
    background: none;
    border: 0;
    border-radius: 4px;
    display: grid;
    gap: 0 8px;
    grid-template-columns: minmax(0, 1fr) auto auto;
    justify-content: stretch;
    padding: 3px 4px;
    text-align: start;
    width: 100%;
  }
  .rate {
    display: inline-block;
    min-width: 72px;
    text-align: end;
  }
  .note {
    padding-inline-end: 4px;
  }
  .note .rate {
    margin-inline-start: 8px;
  }
  .bar {
    background: var(--raised);
    border-radius: 2px;
    grid-column: 1 / -1;
    height: 3px;
    overflow: hidden;
  }
  .bar::before {
    background: var(--accent);
    content: '';
    display: block;
    height: 100%;
    width: var(--share);
  }
  .changes li {
    align-items: baseline;
    border-bottom: 1px solid var(--line);
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr) auto auto;
    padding: 4px;
  }
  .changes li:last-child {
    border: 0;
  }
  .fresh {
    color: var(--accent);
    font-weight: 600;
  }
  learning-rows {
    --rows-height: 276px;
  }
  @container (width < 560px) {
    .tiles {
      gap: 8px;
      grid-template-columns: repeat(6, minmax(0, 1fr));
    }
    .tiles .panel {
      grid-column: span 2;
      padding: 8px;
    }
    .tiles .panel:nth-child(-n + 2) {
      grid-column: span 3;
    }
  }
`
