import { html, svg, type TemplateResult } from 'lit'

export type IconName = 'warning' | 'table' | 'pause' | 'play' | 'close' | 'check'

const PATHS: { readonly [N in IconName]: TemplateResult<2> } = {
  warning: svg`<path d="M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6v.1" />`,
  table: svg`<path d="M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10" />`,
  pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9" />`,
  play: svg`<path d="M4.5 3v10l8-5z" />`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  check: svg`<path d="M3 8.5l3.5 3.5L13 4.5" />`,
}

/** A decorative icon. The text beside it has the same meaning. */
export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`
}
