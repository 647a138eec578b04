import { type CSSResult, css } from 'lit'

/** Colors and fonts of the inspector, as custom properties that the embedding page may set. */
export const themeStyles: CSSResult = css`
  :host {
    --bg: light-dark(#ffffff, #0f1319);
    --surface: light-dark(#f6f7f9, #161b23);
    --raised: light-dark(#eceff3, #202733);
    --line: light-dark(#dde2e8, #2b3440);
    --text: light-dark(#1a212b, #e6ebf2);
    --dim: light-dark(#556170, #9aa7b8);
    --accent: light-dark(#2456c9, #82abff);
    --on-accent: light-dark(#ffffff, #0b1220);
    --accent-soft: light-dark(#e6edfb, #1b2942);
    --warm: light-dark(#a34d00, #f2a65e);
    --good: light-dark(#14713f, #56ca92);
    --bad: light-dark(#b3261e, #ff9488);
    --bad-soft: light-dark(#fdecea, #3a1c1c);
    --warn-soft: light-dark(#fff4dc, #352a12);
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'Liberation Mono', monospace;
    color: var(--text);
    font: 13px / 20px system-ui, sans-serif;
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`
