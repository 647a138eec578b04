import { type CSSResult, css } from 'lit'

/** What intervals on one scale looks like. */
export const whatIfLook: CSSResult = css`
  learning-rows {
    --rows-height: 336px;
  }
`
