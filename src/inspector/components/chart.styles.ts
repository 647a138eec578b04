import { type CSSResult, css } from 'lit'

/** Styles of the chart. The last rules are the part of the style sheet of uPlot that the chart needs. */
export const chartStyles: CSSResult = css`
  /* The end of this invisible transition signals that colors have changed. */
  :host {
    --rows-height: 200px;
    transition: color 1ms;
  }
  .plot {
    height: 200px;
    overflow: hidden;
    position: relative;
    touch-action: pan-y;
  }
  .legend {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    font-size: 12px;
    gap: 4px 12px;
    min-height: 28px;
  }
  .legend > span {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  .legend button {
    margin-inline: auto -8px;
  }
  .swatch {
    background: currentcolor;
    border-radius: 2px;
    height: 3px;
    width: 14px;
  }
  .swatch.points {
    border-radius: 50%;
    height: 8px;
    width: 8px;
  }
  .swatch.band {
    height: 10px;
  }
  .c0,
  .c1 {
    color: var(--accent);
  }
  .b0,
  .b1 {
    color: color-mix(in srgb, var(--accent) 20%, transparent);
  }
  .faint {
    color: color-mix(in srgb, var(--dim) 60%, transparent);
  }
  .grid {
    color: var(--line);
  }
  .axis {
    color: var(--dim);
  }
  .uplot,
  .u-wrap {
    position: relative;
    user-select: none;
  }
  .u-over,
  .u-under,
  .u-axis,
  .u-cursor-x,
  .u-cursor-y,
  .u-cursor-pt,
  .u-select {
    position: absolute;
  }
  .u-under {
    overflow: hidden;
  }
  .uplot canvas {
    display: block;
    height: 100%;
    position: relative;
    width: 100%;
  }
  .u-cursor-x {
    border-inline-end: 1px dashed var(--dim);
    height: 100%;
    inset: 0 auto auto 0;
    pointer-events: none;
    will-change: transform;
  }
  .u-cursor-pt {
    border: 0 solid;
    border-radius: 50%;
    inset: 0 auto auto 0;
    pointer-events: none;
    will-change: transform;
  }
  .u-off {
    display: none;
  }
`
