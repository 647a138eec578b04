import { type CSSResult, css } from 'lit'

/** Styles of the Recommend view. */
export const recommendStyles: CSSResult = css`
  .query {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
  }
  .query label:last-child {
    grid-column: span 2;
  }
  @container (width < 560px) {
    .query label:last-child {
      grid-column: auto;
    }
  }
  .action {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
    overflow-wrap: anywhere;
  }
  .probabilities {
    display: grid;
    gap: 4px 12px;
    grid-template-columns: minmax(0, 1fr) 80px 56px;
    align-items: center;
  }
  .bar {
    background: var(--raised);
    border-radius: 3px;
    height: 6px;
    overflow: hidden;
  }
  .bar::before {
    background: var(--accent);
    content: '';
    display: block;
    height: 100%;
    width: var(--share);
  }
  .bar.against::before {
    background: var(--bad);
  }
  .features {
    border-collapse: collapse;
    margin-top: 12px;
    max-width: 720px;
    width: 100%;
  }
  .features caption {
    color: var(--dim);
    font-size: 12px;
    font-weight: 600;
    padding-bottom: 4px;
    text-align: start;
  }
  .features th {
    color: var(--dim);
    font-size: 12px;
    font-weight: 400;
    text-align: start;
  }
  .features :is(th, td) {
    padding: 2px 12px 2px 0;
  }
  .features .number {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .features td:last-child {
    width: 35%;
  }
  .features .bar {
    display: block;
  }
  .probabilities .share {
    text-align: end;
  }
  learning-rows {
    --rows-height: 216px;
  }
`
