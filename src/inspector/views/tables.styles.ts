import { type CSSResult, css } from 'lit'

/** Styles of the Tables view. */
export const tablesStyles: CSSResult = css`
  .browse {
    display: grid;
    gap: 12px;
    grid-template-columns: minmax(0, 1fr);
  }
  .names {
    align-content: start;
    display: grid;
    max-height: 220px;
    overflow: auto;
  }
  @container (width >= 760px) {
    .browse {
      grid-template-columns: 240px minmax(0, 1fr);
    }
    .names {
      max-height: 456px;
    }
  }
  .names button {
    background: none;
    border: 0;
    border-radius: 4px;
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr) auto;
    justify-content: stretch;
    min-height: 26px;
    padding: 2px 8px;
    text-align: start;
    width: 100%;
  }
  .names button[aria-current='true'] {
    background: var(--accent-soft);
  }
  learning-rows {
    --rows-height: 420px;
  }
`
