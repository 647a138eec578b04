import { type CSSResult, css } from 'lit'

/** Styles of the Agents view. */
export const agentsStyles: CSSResult = css`
  learning-rows {
    --rows-height: 276px;
  }
  .gauge {
    background: var(--raised);
    border-radius: 3px;
    height: 6px;
    overflow: hidden;
  }
  .gauge::before {
    background: var(--accent);
    content: '';
    display: block;
    height: 100%;
    width: var(--share);
  }
  .figures {
    display: grid;
    gap: 12px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
  }
  .figure {
    align-content: start;
    display: grid;
    gap: 4px;
  }
  .figure b {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
  }
`
