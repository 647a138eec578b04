import { type CSSResult, css } from 'lit'

/** What recommendation looks like. */
export const recommendLook: CSSResult = css`
  .ask {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
  }
  .ask label:last-child {
    grid-column: span 2;
  }
  @container (width < 560px) {
    .ask label:last-child {
      grid-column: auto;
    }
  }
  .strategy {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
    overflow-wrap: anywhere;
  }
  .sure {
    display: grid;
    gap: 4px 12px;
    grid-template-columns: minmax(0, 1fr) 80px 56px;
    align-items: center;
  }
  .sure .bar {
    background: var(--raised);
    border-radius: 3px;
    height: 6px;
    overflow: hidden;
  }
  .sure .bar::before {
    background: var(--accent);
    content: '';
    display: block;
    height: 100%;
    width: var(--share);
  }
  .sure .share {
    text-align: end;
  }
  learning-rows {
    --rows-height: 216px;
  }
`
