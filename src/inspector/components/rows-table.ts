import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import { basicStyles } from '../basics.styles.ts'
import { styleProperties } from '../style-properties.ts'
import { rowsTableStyles } from './rows-table.styles.ts'

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => unknown
  /** Sort key of a row. Without it, the table cannot be sorted by this column. */
  readonly by?: (row: R) => number | string
  /** Whether the column is right-aligned. */
  readonly isNumber?: boolean
  /** Width in `ch`. Columns without a width share the remaining space. */
  readonly width?: number
}

/** Each row has one line, so that the position of a row is known without drawing the others. */
const ROW_PX = 30
/** Rows that are drawn above and below the visible ones. */
const MARGIN = 6

/**
 * A table of any number of rows. Only visible rows are drawn. With `can-choose`, rows can be selected by click, Enter or Space,
 * arrow keys move, and a selection dispatches `choose` with the row.
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
  static override styles: CSSResultGroup = [basicStyles, rowsTableStyles]

  declare label: string
  declare columns: readonly Column<R>[]
  declare rows: readonly R[]
  /** Whether a row is the selected one. */
  declare chosen: ((row: R) => boolean) | undefined
  declare canChoose: boolean
  /** If the rows are a page: the number of rows before it, and of all rows. */
  declare offset: number
  declare total: number | undefined
  declare protected first: number
  declare protected sorted: { readonly column: number; readonly isRising: boolean } | undefined
  /** Index of the row that has the focus when the table is focused. */
  declare protected active: number
  #drawnRows = 0
  #isScheduled = false
  #order: { readonly rows: readonly R[]; readonly by: unknown; readonly sorted: readonly R[] } | undefined
  readonly #sizes = new ResizeObserver(() => this.#scheduleLayout())

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

  /** Updates the drawn rows, at most once a frame. */
  #scheduleLayout(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    requestAnimationFrame(() => {
      this.#isScheduled = false
      const { scrollTop, clientHeight } = this.#scroller
      this.first = Math.max(0, Math.floor(scrollTop / ROW_PX) - MARGIN)
      const drawnRows = Math.ceil(clientHeight / ROW_PX) + 2 * MARGIN
      if (drawnRows !== this.#drawnRows) this.requestUpdate()
      this.#drawnRows = drawnRows
    })
  }

  /** Minimum width in `ch`. In a narrower space, the table scrolls horizontally. */
  get #minWidth(): number {
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
    const drawn = Math.max(this.#drawnRows, 2 * MARGIN)
    const first = Math.max(0, Math.min(this.first, rows.length - drawn))
    const last = Math.min(rows.length, first + drawn)
    const active = Math.min(this.active, rows.length - 1)
    return html`<div
      class="scroller"
      role="group"
      aria-label=${this.label}
      tabindex=${this.canChoose ? nothing : 0}
      @scroll=${() => this.#scheduleLayout()}
    >
      <table
        role=${this.canChoose ? 'grid' : 'table'}
        aria-label=${this.label}
        ${styleProperties({ 'min-width': `${this.#minWidth}ch` })}
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
      // Numbers sort in descending order first, texts in ascending order.
      this.sorted = { column: i, isRising: isSorted ? !this.sorted?.isRising : !isNumber }
    }
    const mark = isSorted ? (this.sorted?.isRising ? ' ↑' : ' ↓') : ''
    return html`<th
      scope="col"
      class=${classMap({ number: isNumber })}
      aria-sort=${direction}
      ${styleProperties({ width: width === undefined ? 'auto' : `calc(${width}ch + 16px)` })}
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
    // Not the focused row: the focus moves later than keys are pressed.
    const at = Math.min(this.active, rows.length - 1)
    const page = Math.max(1, this.#drawnRows - 2 * MARGIN - 1)
    const moves: { readonly [key: string]: number } = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
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
    const [top, bottom] = [row * ROW_PX, (row + 2) * ROW_PX - scroller.clientHeight]
    if (scroller.scrollTop > top) scroller.scrollTop = top
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom
    this.first = Math.max(0, Math.floor(scroller.scrollTop / ROW_PX) - MARGIN)
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`tr[data-row="${row}"]`)?.focus({ preventScroll: true })
  }
}

function gap(rows: number, columns: number): TemplateResult | typeof nothing {
  if (rows <= 0) return nothing
  return html`<tr class="gap" aria-hidden="true" ${styleProperties({ '--height': `${rows * ROW_PX}px` })}>
    <td colspan=${columns}></td>
  </tr>`
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

customElements.define('learning-rows', RowsTable)
