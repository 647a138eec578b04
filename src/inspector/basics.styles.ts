import { type CSSResult, css } from 'lit'

/** Styles shared by all views and components. */
export const basicStyles: CSSResult = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  pre {
    margin: 0;
    padding: 0;
  }
  h2 {
    font-size: 13px;
    font-weight: 600;
  }
  h3 {
    color: var(--dim);
    font-size: 12px;
    font-weight: 600;
  }
  ul,
  ol {
    list-style: none;
  }
  svg {
    fill: none;
    flex: none;
    height: 16px;
    stroke: currentcolor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.5;
    width: 16px;
  }
  bdi {
    unicode-bidi: isolate;
  }
  code,
  pre,
  .mono {
    font-family: var(--mono);
    font-size: 12px;
  }
  pre {
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  a {
    color: var(--accent);
  }
  :focus-visible {
    border-radius: 4px;
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  button,
  input,
  select,
  textarea {
    background: var(--bg);
    border: 1px solid color-mix(in srgb, var(--dim) 55%, transparent);
    border-radius: 6px;
    color: inherit;
    font: inherit;
    max-width: 100%;
    min-height: 28px;
    min-width: 0;
    padding: 3px 8px;
  }
  textarea {
    font-family: var(--mono);
    font-size: 12px;
    padding: 8px;
    resize: vertical;
    width: 100%;
  }
  ::placeholder {
    color: var(--dim);
    opacity: 1;
  }
  button {
    align-items: center;
    cursor: pointer;
    display: inline-flex;
    gap: 6px;
    white-space: nowrap;
  }
  button:hover:not(:disabled) {
    background: var(--raised);
  }
  button:disabled {
    color: var(--dim);
    cursor: default;
    opacity: 0.65;
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 88%, var(--text));
  }
  button.quiet {
    background: none;
    border-color: transparent;
    color: var(--accent);
  }
  button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  label {
    color: var(--dim);
    display: grid;
    font-size: 12px;
    gap: 2px;
    min-width: 0;
  }
  label > * {
    color: var(--text);
    font-size: 13px;
  }
  label.line {
    align-items: center;
    display: flex;
    gap: 6px;
    min-height: 28px;
  }
  label.line > input {
    accent-color: var(--accent);
    margin: 0;
    min-height: 0;
  }
  .stack {
    align-content: start;
    display: grid;
    gap: 12px;
    grid-template-columns: minmax(0, 1fr);
  }
  .columns {
    align-items: start;
    display: grid;
    gap: 12px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
  }
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 8px;
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr);
    padding: 12px;
  }
  .head,
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .head {
    justify-content: space-between;
    min-height: 28px;
  }
  .row.end {
    align-items: end;
  }
  @container (width < 560px) {
    .row.end > label {
      flex: 1 1 160px;
    }
    .row.end select,
    .row.end input {
      width: 100%;
    }
  }
  /* Aligns borderless buttons with the text of the panel. */
  .head > .quiet,
  .head > .row:has(> .quiet) {
    margin-inline: -8px;
  }
  .dim {
    color: var(--dim);
  }
  .good {
    color: var(--good);
  }
  .bad {
    color: var(--bad);
  }
  .note {
    color: var(--dim);
    font-size: 12px;
    line-height: 16px;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .wrap {
    overflow-wrap: anywhere;
  }
  .empty {
    color: var(--dim);
    padding: 16px 4px;
  }
  .problem {
    align-items: center;
    background: var(--bad-soft);
    border: 1px solid color-mix(in srgb, var(--bad) 40%, transparent);
    border-radius: 8px;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    overflow-wrap: anywhere;
    padding: 8px 12px;
  }
  .problem > span {
    flex: 1 1 200px;
    min-width: 0;
  }
  .problem code {
    color: var(--bad);
    font-weight: 600;
  }
  .facts {
    display: grid;
    gap: 4px 16px;
    grid-template-columns: max-content minmax(0, 1fr);
  }
  .facts dt {
    color: var(--dim);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  /* An empty live region takes no space. */
  [aria-live]:not(:has(*)):is(.stack > *, .panel > *) {
    position: absolute;
  }
  .hidden {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }
`
