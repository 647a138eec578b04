import { type CSSResult, css } from 'lit'

/** Styles of the heat map. */
export const heatMapStyles: CSSResult = css`
  .scroller {
    background: var(--bg);
    border: 1px solid var(--line);
    border-radius: 6px;
    max-height: min(60vh, 496px);
    overflow: auto;
  }
  table {
    border-collapse: separate;
    border-spacing: 0;
    min-width: 100%;
  }
  th {
    background: var(--surface);
    border-bottom: 1px solid var(--line);
    font-weight: 500;
    max-width: 276px;
    overflow: hidden;
    padding: 0 8px;
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  thead th {
    color: var(--dim);
    font-size: 12px;
    height: 30px;
    inset-block-start: 0;
    max-width: 192px;
    position: sticky;
    z-index: 2;
  }
  tbody th {
    font-family: var(--mono);
    font-size: 12px;
    inset-inline-start: 0;
    position: sticky;
    z-index: 1;
  }
  /* Two lines: states often differ only at the end. */
  tbody th .cut {
    display: -webkit-box;
    line-height: 16px;
    max-width: 260px;
    overflow-wrap: anywhere;
    white-space: normal;
    width: max-content;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  thead th:not(:first-child) {
    text-align: end;
  }
  thead th:first-child {
    inset-inline-start: 0;
    max-width: 276px;
    z-index: 3;
  }
  td {
    background: color-mix(in srgb, var(--tone) var(--strength), var(--bg));
    border-bottom: 1px solid var(--bg);
    border-inline-start: 1px solid var(--bg);
    cursor: pointer;
    height: 38px;
    line-height: 15px;
    min-width: 92px;
    padding: 3px 8px;
    text-align: end;
    white-space: nowrap;
  }
  td.unseen {
    background: none;
    color: var(--dim);
    cursor: default;
  }
  td small {
    display: block;
    font-size: 11px;
  }
  td.best b::before {
    content: '★ ';
    font-size: 10px;
    line-height: 1;
    vertical-align: 1px;
  }
  td:not(.best) b {
    font-weight: 400;
  }
  td[aria-selected='true'] {
    box-shadow: inset 0 0 0 2px var(--accent);
  }
  td:focus-visible {
    border-radius: 0;
    outline-offset: -2px;
  }
  .gap td {
    border: 0;
    height: var(--height);
    padding: 0;
  }
  @container (width < 560px) {
    tbody th,
    thead th:first-child {
      max-width: 136px;
    }
    tbody th .cut {
      max-width: 120px;
    }
    thead th:not(:first-child) {
      max-width: 136px;
    }
  }
`
