import { type CSSResult, css } from 'lit'

/** Styles of the search for test patterns. */
export const testPatternsStyles: CSSResult = css`
  input {
    width: 100%;
  }
  .hits {
    display: grid;
    gap: 1px;
    max-height: 420px;
    overflow: auto;
  }
  .hits button {
    background: none;
    border: 0;
    border-radius: 4px;
    display: grid;
    gap: 0;
    justify-items: start;
    overflow: hidden;
    padding: 6px 8px;
    text-align: start;
    white-space: normal;
    width: 100%;
  }
  .hits button[aria-current='true'] {
    background: var(--accent-soft);
  }
  .hits b {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .hits .note {
    overflow-wrap: anywhere;
  }
  mark {
    background: light-dark(#ffe08a, #6b5210);
    border-radius: 2px;
    color: var(--text);
    padding: 0 1px;
  }
`
