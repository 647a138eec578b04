import { html, svg, type TemplateResult } from 'lit'

export type IconName = 'warning' | 'chart' | 'table' | 'pause' | 'play' | 'close' | 'up' | 'down' | 'check'

const PATHS: { readonly [N in IconName]: TemplateResult<2> } = {
  warning: svg`<path d="M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6v.1" />`,
  chart: svg`<path d="M2 13.5h12M3 10l3.5-4 3 2.5L13.5 3" />`,
  table: svg`<path d="M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10" />`,
  pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9" />`,
  play: svg`<path d="M4.5 3v10l8-5z" />`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  up: svg`<path d="M8 13V3M4 7l4-4 4 4" />`,
  down: svg`<path d="M8 3v10M4 9l4 4 4-4" />`,
  check: svg`<path d="M3 8.5l3.5 3.5L13 4.5" />`,
}

/** Drawn beside words that say the same. */
export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`
}
