import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import uPlot from 'uplot'
import { basicStyles } from '../basics.styles.ts'
import { number } from '../format.ts'
import { icon } from '../icons.ts'
import { chartStyles } from './chart.styles.ts'
import type { Column } from './rows-table.ts'
import './rows-table.ts'

/** A line or a set of points. */
export interface Curve {
  readonly label: string
  readonly values: readonly (number | null)[]
  readonly isPoints?: boolean
  /** Drawn thinner and paler, for raw data beside its average. */
  readonly isFaint?: boolean
  /** A confidence band around the line. */
  readonly band?: {
    readonly label: string
    readonly lower: readonly (number | null)[]
    readonly upper: readonly (number | null)[]
  }
}

/** The data of a chart. */
export interface ChartData {
  /** In ascending order. */
  readonly x: readonly number[]
  readonly xLabel: string
  readonly curves: readonly Curve[]
  /** The name of each point in the table. */
  readonly names?: readonly string[]
}

const HEIGHT = 200
/** Tick intervals. Whole numbers, because x is always a count. */
const WHOLE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((power) => [power, 2 * power, 5 * power])

/** A uPlot chart with a legend, a text summary for screen readers, and its data as a table. */
export class Chart extends LitElement {
  static override properties: PropertyDeclarations = {
    label: {},
    summary: {},
    data: { attribute: false },
    isTable: { state: true },
    pointed: { state: true },
  }
  static override styles: CSSResultGroup = [basicStyles, chartStyles]

  declare label: string
  declare summary: string
  declare data: ChartData | undefined
  declare protected isTable: boolean
  declare protected pointed: number | null
  #plot: uPlot | undefined
  #shape = ''
  #drawn: ChartData | undefined
  readonly #sizes = new ResizeObserver(() => {
    const { clientWidth } = this.#plotArea ?? {}
    if (clientWidth && clientWidth !== this.#plot?.width) this.#plot?.setSize({ width: clientWidth, height: HEIGHT })
  })

  constructor() {
    super()
    this.label = ''
    this.summary = ''
    this.isTable = false
    this.pointed = null
    // See chart.styles.ts: a canvas must be drawn again when colors change.
    this.addEventListener('transitionend', () => this.#plot?.redraw(false))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#destroy()
  }

  get #plotArea(): HTMLElement | null {
    return this.renderRoot.querySelector('.plot')
  }

  override render(): TemplateResult {
    const { data } = this
    return html`<div class="legend">
        ${data?.curves.map(
          (curve, i) => html`<span>
            <i class="swatch ${curve.isFaint ? 'faint' : `c${i}`} ${curve.isPoints ? 'points' : ''}"></i>${curve.label}
            ${this.pointed === null ? nothing : html`<b>${number(curve.values[this.pointed])}</b>`}
          </span>
          ${curve.band ? html`<span><i class="swatch band b${i}"></i>${curve.band.label}</span>` : nothing}`,
        )}
        ${data ? html`<span class="dim">by ${data.xLabel}</span>` : nothing}
        <i class="grid" hidden></i><i class="axis" hidden></i>
        <button
          type="button"
          class="quiet"
          aria-pressed=${this.isTable}
          @click=${() => {
            this.isTable = !this.isTable
          }}
        >
          ${icon('table')}<span>As table</span><span class="hidden">: ${this.label}</span>
        </button>
      </div>
      ${this.isTable ? this.#table(data) : html`<div class="plot" role="img" aria-label=${`${this.label}. ${this.summary}`}></div>`}`
  }

  #table(data: ChartData | undefined): TemplateResult {
    const { x = [], xLabel = '', curves = [], names } = data ?? {}
    const columns: Column<number>[] = [
      ...(names ? [{ name: 'name', cell: (i: number) => html`<bdi>${names[i]}</bdi>` }] : []),
      { name: xLabel, cell: (i) => String(x[i]), isNumber: true },
      ...curves.flatMap(({ label, values, band }) => [
        { name: label, cell: (i: number) => number(values[i]), isNumber: true },
        ...(band
          ? [
              {
                name: band.label,
                cell: (i: number) => `${number(band.lower[i])} – ${number(band.upper[i])}`,
                isNumber: true,
              },
            ]
          : []),
      ]),
    ]
    return html`<learning-rows .label=${this.label} .columns=${columns} .rows=${x.map((_, i) => i)}></learning-rows>`
  }

  override updated(): void {
    const area = this.#plotArea
    if (!area || !this.data) {
      this.#destroy()
      return
    }
    const shape = this.data.curves.map(({ isPoints, band }) => `${isPoints}${band !== undefined}`).join()
    if (this.#plot && this.#shape === shape && this.#plot.root.isConnected) {
      if (this.#drawn !== this.data) this.#plot.setData(alignedData(this.data))
    } else {
      this.#destroy()
      this.#shape = shape
      this.#plot = new uPlot(this.#options(area.clientWidth || 320), alignedData(this.data), area)
      this.#sizes.observe(area)
    }
    this.#drawn = this.data
  }

  #destroy(): void {
    this.#sizes.disconnect()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  /** The current color of a class. A canvas cannot resolve custom properties itself. */
  #color(name: string): string {
    const element = this.renderRoot.querySelector(`.${name}`)
    return element ? getComputedStyle(element).color : 'gray'
  }

  #options(width: number): uPlot.Options {
    const axis = {
      font: '11px system-ui, sans-serif',
      stroke: () => this.#color('axis'),
      grid: { stroke: () => this.#color('grid'), width: 1 },
      ticks: { show: false },
    }
    const series: uPlot.Series[] = [{}]
    const bands: uPlot.Band[] = []
    for (const [i, { isPoints, isFaint, band }] of (this.data?.curves ?? []).entries()) {
      const stroke = (): string => this.#color(isFaint ? 'faint' : `c${i}`)
      if (band) {
        bands.push({ series: [series.length + 1, series.length], fill: () => this.#color(`b${i}`) })
        series.push({ width: 0, points: { show: false } }, { width: 0, points: { show: false } })
      }
      series.push(
        isPoints
          ? { stroke, width: 0, paths: () => null, points: { show: true, size: 7, width: 1.5, stroke, fill: stroke } }
          : { stroke, width: isFaint ? 1 : 2, points: { show: false } },
      )
    }
    return {
      width,
      height: HEIGHT,
      series,
      bands,
      legend: { show: false },
      padding: [8, 22, 0, 0],
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 22, gap: 4, incrs: WHOLE },
        { ...axis, size: 48, gap: 6 },
      ],
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        setCursor: [
          ({ cursor: { idx } }: uPlot) => {
            this.pointed = idx ?? null
          },
        ],
      },
    }
  }
}

function alignedData({ x, curves }: ChartData): uPlot.AlignedData {
  const columns = curves.flatMap(({ values, band }) => (band ? [band.lower, band.upper, values] : [values]))
  return [x, ...columns] as unknown as uPlot.AlignedData
}

customElements.define('learning-chart', Chart)
