import { type CSSResult, css } from 'lit'

/** Styles of the table of rows. */
export const rowsTableStyles: CSSResult = css`
  .scroller {
    background: var(--bg);
    border: 1px solid var(--line);
    border-radius: 6px;
    max-height: var(--rows-height, 400px);
    overflow: auto;
    overflow-anchor: none;
    overscroll-behavior-y: contain;
  }
  table {
    border-collapse: separate;
    border-spacing: 0;
    min-width: 100%;
    table-layout: fixed;
    width: 100%;
  }
  th,
  td {
    border-bottom: 1px solid var(--line);
    height: 30px;
    overflow: hidden;
    padding: 0 8px;
    text-align: left;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  th {
    background: var(--surface);
    color: var(--dim);
    font-size: 12px;
    font-weight: 600;
    inset-block-start: 0;
    position: sticky;
    z-index: 1;
  }
  th button {
    background: none;
    border: 0;
    color: inherit;
    font-weight: inherit;
    gap: 0;
    margin: 0 -4px;
    min-height: 0;
    padding: 2px 4px;
  }
  th[aria-sort] button {
    color: var(--text);
  }
  .number {
    text-align: right;
  }
  td.number {
    font-variant-numeric: tabular-nums;
  }
  tr:last-child td {
    border-bottom: 0;
  }
  .gap td {
    border: 0;
    height: var(--height);
    padding: 0;
  }
  [role='grid'] tbody tr {
    cursor: pointer;
  }
  [role='grid'] tbody tr:hover td {
    background: var(--surface);
  }
  tbody tr[aria-selected='true'] td {
    background: var(--accent-soft);
  }
  tr:focus-visible {
    outline-offset: -2px;
  }
  td bdi.cut {
    display: inline-block;
    max-width: 100%;
    vertical-align: middle;
  }
  .interval {
    background: var(--raised);
    border-radius: 3px;
    display: block;
    height: 8px;
    position: relative;
  }
  .interval::before {
    background: color-mix(in srgb, var(--accent) 40%, transparent);
    border-radius: 3px;
    content: '';
    inset: 0 auto 0 var(--from);
    position: absolute;
    width: var(--width);
  }
  .interval::after {
    background: var(--accent);
    content: '';
    inset: -2px auto -2px calc(var(--at) - 1px);
    position: absolute;
    width: 2px;
  }
`
