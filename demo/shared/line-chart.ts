import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './line-chart.css'

export interface Line {
  readonly label: string
  /** The name of a custom property of the style sheet. */
  readonly color: string
  readonly isDashed?: boolean
}

export interface ChartOptions {
  /** Title of the chart. */
  readonly title: string
  readonly xLabel: string
  readonly lines: readonly Line[]
  readonly yText: (y: number) => string
  /** Range of the y axis. Default: the range of the values. */
  readonly yRange?: (points: Points) => [number, number]
}

/** x, and y of each line; null if a line has no value. */
export type Points = readonly [x: readonly number[], ...y: readonly (readonly (number | null)[])[]]

const HEIGHT = 220
const FONT = '12px system-ui, sans-serif'
/** Tick intervals. Whole numbers, because x is always a count. */
const WHOLE = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()

/** Lines over a common x. The legend shows the values under the pointer, otherwise the latest. */
export class LineChart extends LitElement {
  static override properties: PropertyDeclarations = { options: { attribute: false }, points: { attribute: false } }
  declare options: ChartOptions
  declare points: Points
  #plot: uPlot | undefined
  readonly #resized = new ResizeObserver(() => this.#fit())
  readonly #isDark = matchMedia('(prefers-color-scheme: dark)')

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#isDark.addEventListener('change', this.#redraw)
    this.#resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#isDark.removeEventListener('change', this.#redraw)
    this.#resized.disconnect()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  protected override render(): TemplateResult {
    return html`<figure>
      <figcaption>${this.options.title}</figcaption>
      <div class="plot" role="img" aria-label=${this.#summary()}></div>
    </figure>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('options')) {
      this.#plot?.destroy()
      this.#plot = undefined
    }
    if (this.#plot) this.#plot.setData(this.#aligned())
    else this.#make()
    this.#showNewest()
  }

  #make(): void {
    const target = this.querySelector<HTMLElement>('.plot')
    if (!target) return
    const { lines, yText, yRange, xLabel } = this.options
    const axis = { stroke: () => this.#color('--muted'), font: FONT, ticks: { show: false } }
    const grid = { stroke: () => this.#color('--line'), width: 1 }
    const options: uPlot.Options = {
      width: target.clientWidth || 320,
      height: HEIGHT,
      scales: { x: { time: false }, y: yRange ? { range: () => yRange(this.points) } : {} },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 70,
          incrs: WHOLE,
          size: 28,
          values: (_, ticks) => ticks.map((x) => x.toLocaleString('en')),
        },
        { ...axis, grid, size: 52, values: (_, ticks) => ticks.map(yText) },
      ],
      series: [
        { label: xLabel, value: (_, x) => x?.toLocaleString('en') ?? '–' },
        ...lines.map(({ label, color, isDashed }) => ({
          label,
          width: isDashed ? 1.5 : 2,
          stroke: () => this.#color(color),
          // A single value makes no line.
          points: { show: (plot: uPlot) => plot.data[0].length === 1, size: 6, fill: () => this.#color(color) },
          ...(isDashed ? { dash: [5, 5] } : {}),
          value: (_: uPlot, y: number | null) => (y === null || y === undefined ? '–' : yText(y)),
        })),
      ],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      hooks: { setCursor: [({ cursor }) => cursor.idx === null && this.#showNewest()] },
    }
    this.#plot = new uPlot(options, this.#aligned(), target)
  }

  #aligned(): uPlot.AlignedData {
    return this.points.map((values) => [...values]) as unknown as uPlot.AlignedData
  }

  readonly #redraw = (): void => {
    this.#plot?.redraw(false)
    // uPlot does not update the colors of the legend.
    for (const [i, marker] of this.querySelectorAll<HTMLElement>('.u-legend .u-marker').entries()) {
      const line = this.options.lines[i - 1]
      if (line) marker.style.borderColor = this.#color(line.color)
    }
  }

  #fit(): void {
    const width = this.querySelector('.plot')?.clientWidth
    if (width && this.#plot && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT })
  }

  #showNewest(): void {
    const plot = this.#plot
    if (!plot || plot.cursor.idx != null || this.points[0].length === 0) return
    plot.setLegend({ idx: this.points[0].length - 1 }, false)
  }

  #summary(): string {
    const { title, lines, yText } = this.options
    const newest = lines.map(({ label }, i) => {
      const y = this.points[i + 1]?.findLast((value) => value !== null)
      return `${label} ${y === undefined || y === null ? 'no value yet' : yText(y)}`
    })
    return `${title}. Latest values: ${newest.join(', ')}.`
  }

  /** The current color of a custom property. A canvas resolves neither these nor `light-dark()`. */
  #color(name: string): string {
    const probe = this.querySelector<HTMLElement>('.plot') ?? this
    probe.style.color = `var(${name})`
    const { color } = getComputedStyle(probe)
    probe.style.color = ''
    return color
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'line-chart': LineChart
  }
}
