import { type CSSResult, css } from 'lit'

/** What intervals on one scale looks like. */
export const whatIfLook: CSSResult = css`
  learning-rows {
    --rows-height: 336px;
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
