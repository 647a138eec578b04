import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import { basics } from '../basics.styles.ts'
import { styled } from '../style-properties.ts'
import { rowsLook } from './rows-table.styles.ts'

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => unknown
  /** What rows are sorted by when the head is pressed; without it they are not. */
  readonly by?: (row: R) => number | string
  /** Numbers stand on the right. */
  readonly isNumber?: boolean
  /** In the unit of `ch`; the columns without one share what is left. */
  readonly width?: number
}

/** In px. Each row has one line, so that where a row stands is known without drawing the others. */
const ROW = 30
/** Rows that are drawn above and below what is seen. */
const MARGIN = 6

/**
 * A table of any number of rows, of which only those are drawn that are seen. Where it can be chosen from, it tells `choose`
 * with the row; arrow keys move, Enter and Space choose.
 */
export class RowsTable<R> extends LitElement {
  static override properties: PropertyDeclarations = {
    label: {},
    columns: { attribute: false },
    rows: { attribute: false },
    chosen: { attribute: false },
    canChoose: { type: Boolean, attribute: 'can-choose' },
    offset: { type: Number },
    total: { type: Number },
    first: { state: true },
    sorted: { state: true },
    active: { state: true },
  }
  static override styles: CSSResultGroup = [basics, rowsLook]

  declare label: string
  declare columns: readonly Column<R>[]
  declare rows: readonly R[]
  /** The row that is chosen, by what tells it from the others. */
  declare chosen: ((row: R) => boolean) | undefined
  declare canChoose: boolean
  /** How many rows come before these, and how many there are, where these are a page. */
  declare offset: number
  declare total: number | undefined
  declare protected first: number
  declare protected sorted: { readonly column: number; readonly isRising: boolean } | undefined
  /** The row that has the focus when the table has it. */
  declare protected active: number
  #seen = 0
  #isDue = false
  #order: { readonly rows: readonly R[]; readonly by: unknown; readonly sorted: readonly R[] } | undefined
  readonly #sizes = new ResizeObserver(() => this.#look())

  constructor() {
    super()
    this.columns = []
    this.rows = []
    this.label = ''
    this.canChoose = false
    this.offset = 0
    this.first = 0
    this.active = 0
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
  }

  override firstUpdated(): void {
    this.#sizes.observe(this.#scroller)
  }

  get #scroller(): HTMLElement {
    return this.renderRoot.querySelector('.scroller') as HTMLElement
  }

  /** What is seen now, at most once a frame. */
  #look(): void {
    if (this.#isDue) return
    this.#isDue = true
    requestAnimationFrame(() => {
      this.#isDue = false
      const { scrollTop, clientHeight } = this.#scroller
      this.first = Math.max(0, Math.floor(scrollTop / ROW) - MARGIN)
      const seen = Math.ceil(clientHeight / ROW) + 2 * MARGIN
      if (seen !== this.#seen) this.requestUpdate()
      this.#seen = seen
    })
  }

  /** In `ch`: narrower, the table is scrolled sideways. */
  get #least(): number {
    return this.columns.reduce((sum, { width = 14 }) => sum + width + 2, 0)
  }

  #sortedRows(): readonly R[] {
    const by = this.sorted && this.columns[this.sorted.column]?.by
    if (!this.sorted || !by) return this.rows
    if (this.#order?.rows !== this.rows || this.#order.by !== this.sorted) {
      const sign = this.sorted.isRising ? 1 : -1
      const sorted = this.rows.toSorted((a, b) => sign * compare(by(a), by(b)))
      this.#order = { rows: this.rows, by: this.sorted, sorted }
    }
    return this.#order.sorted
  }

  override render(): TemplateResult {
    const rows = this.#sortedRows()
    const drawn = Math.max(this.#seen, 2 * MARGIN)
    const first = Math.max(0, Math.min(this.first, rows.length - drawn))
    const last = Math.min(rows.length, first + drawn)
    const active = Math.min(this.active, rows.length - 1)
    return html`<div
      class="scroller"
      role="group"
      aria-label=${this.label}
      tabindex=${this.canChoose ? nothing : 0}
      @scroll=${() => this.#look()}
    >
      <table
        role=${this.canChoose ? 'grid' : 'table'}
        aria-label=${this.label}
        ${styled({ 'min-width': `${this.#least}ch` })}
        aria-rowcount=${(this.total ?? rows.length) + 1}
        @keydown=${(event: KeyboardEvent) => this.#key(event, rows)}
      >
        <thead>
          <tr aria-rowindex="1">
            ${this.columns.map((column, i) => this.#head(column, i))}
          </tr>
        </thead>
        <tbody>
          ${gap(first, this.columns.length)}
          ${rows.slice(first, last).map((row, i) => this.#row(row, first + i, active))}
          ${gap(rows.length - last, this.columns.length)}
        </tbody>
      </table>
    </div>`
  }

  #head({ name, by, isNumber = false, width }: Column<R>, i: number): TemplateResult {
    const isSorted = this.sorted?.column === i
    const direction = isSorted ? (this.sorted?.isRising ? 'ascending' : 'descending') : nothing
    const sort = (): void => {
      // Of numbers the greatest are asked for first, of names the first.
      this.sorted = { column: i, isRising: isSorted ? !this.sorted?.isRising : !isNumber }
    }
    const mark = isSorted ? (this.sorted?.isRising ? ' ↑' : ' ↓') : ''
    return html`<th
      scope="col"
      class=${classMap({ number: isNumber })}
      aria-sort=${direction}
      ${styled({ width: width === undefined ? 'auto' : `calc(${width}ch + 16px)` })}
    >
      ${by ? html`<button type="button" @click=${sort}>${name}<span aria-hidden="true">${mark}</span></button>` : name}
    </th>`
  }

  #row(row: R, i: number, active: number): TemplateResult {
    return html`<tr
      aria-rowindex=${this.offset + i + 2}
      aria-selected=${this.canChoose ? String(this.chosen?.(row) ?? false) : nothing}
      tabindex=${this.canChoose ? (i === active ? 0 : -1) : nothing}
      data-row=${i}
      @click=${this.canChoose ? () => this.#choose(row, i) : nothing}
    >
      ${this.columns.map((column) => html`<td class=${column.isNumber ? 'number' : ''}>${column.cell(row)}</td>`)}
    </tr>`
  }

  #choose(row: R, i: number): void {
    this.active = i
    this.dispatchEvent(new CustomEvent<R>('choose', { detail: row }))
  }

  #key(event: KeyboardEvent, rows: readonly R[]): void {
    const { key, target } = event
    if (!this.canChoose || !(target instanceof HTMLTableRowElement)) return
    // Where the focus is going: keys may be faster than it is.
    const at = Math.min(this.active, rows.length - 1)
    const page = Math.max(1, this.#seen - 2 * MARGIN - 1)
    const moves: { readonly [key: string]: number } = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 },
    }
    const to = moves[key]
    if (to !== undefined) {
      event.preventDefault()
      void this.#moveTo(Math.max(0, Math.min(rows.length - 1, to)))
    } else if (key === 'Enter' || key === ' ') {
      event.preventDefault()
      this.#choose(rows[at] as R, at)
    }
  }

  async #moveTo(row: number): Promise<void> {
    const scroller = this.#scroller
    this.active = row
    const [top, bottom] = [row * ROW, (row + 2) * ROW - scroller.clientHeight]
    if (scroller.scrollTop > top) scroller.scrollTop = top
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom
    this.first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - MARGIN)
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`tr[data-row="${row}"]`)?.focus({ preventScroll: true })
  }
}

function gap(rows: number, columns: number): TemplateResult | typeof nothing {
  if (rows <= 0) return nothing
  return html`<tr class="gap" aria-hidden="true" ${styled({ '--height': `${rows * ROW}px` })}>
    <td colspan=${columns}></td>
  </tr>`
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

customElements.define('learning-rows', RowsTable)
