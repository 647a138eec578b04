import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { TableSummary } from '../../tables/inventory.ts'
import { basics } from '../basics.styles.ts'
import { cellsOf } from '../components/sql-columns.ts'
import { count, plural, text } from '../format.ts'
import { Live } from '../live.ts'
import { tablesLook } from './tables.styles.ts'
import '../components/rows-table.ts'
import '../components/sql-panel.ts'
import { empty, View } from '../view.ts'

const PAGE = 500

/** The tables of the database as they are, and questions in SQL that change nothing. */
export class TablesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    table: { state: true },
    page: { state: true },
    isAll: { state: true },
  }
  static override styles: CSSResultGroup = [basics, tablesLook]

  declare protected table: string | undefined
  declare protected page: number
  /** Whether tables without rows are named too. */
  declare protected isAll: boolean

  readonly #tables = new Live(this, (queries) => queries.tables(), { everyMs: 1_000 })
  readonly #rows = new Live(
    this,
    async (queries) => {
      const table = this.#chosen
      if (table === undefined) return null
      const rows = await queries.rows(table, { limit: PAGE, offset: this.page * PAGE })
      return { table, rows, cells: cellsOf(rows) }
    },
    { on: () => [this.#chosen, this.page], everyMs: 250 },
  )

  constructor() {
    super()
    this.page = 0
    this.isAll = false
  }

  get #named(): readonly TableSummary[] {
    const tables = this.#tables.value ?? []
    // A view may have no rows, and which it has must be worked out: tables come first.
    const all = tables.toSorted((a, b) => Number(a.kind === 'view') - Number(b.kind === 'view'))
    return this.isAll ? all : all.filter(({ rowCount, kind }) => kind === 'view' || (rowCount ?? 1) > 0)
  }

  get #chosen(): string | undefined {
    return this.table ?? this.#named[0]?.name
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Tables</h2>
          <label class="line"
            ><input
              type="checkbox"
              .checked=${this.isAll}
              @change=${({ currentTarget }: Event) => {
                this.isAll = (currentTarget as HTMLInputElement).checked
              }}
            /><span>also those without rows</span></label
          >
        </div>
        <div class="browse">
          <ul class="names">
            ${this.shown(this.#tables, () => this.#named.map((table) => this.#name(table)))}
          </ul>
          <div class="stack">
            ${this.shown(this.#rows, (shown) => {
              if (!shown) return this.#tables.value ? empty('No table has rows yet.') : ''
              const { table, rows, cells } = shown
              const summary = this.#tables.value?.find(({ name }) => name === table)
              return html`<div class="head">
                  <h3 class="wrap"><bdi>${table}</bdi> <span class="dim">${kindOf(summary)}</span></h3>
                  ${this.#pages(rows.isTruncated)}
                </div>
                ${
                  rows.rows.length === 0
                    ? empty('It has no rows.')
                    : html`<learning-rows
                        label=${`Rows of ${table}`}
                        .columns=${cells}
                        .rows=${rows.rows}
                        .offset=${this.page * PAGE}
                        .total=${summary?.rowCount ?? undefined}
                      ></learning-rows>`
                }`
            })}
          </div>
        </div>
      </section>
      <learning-sql .store=${this.store}></learning-sql>
    </div>`
  }

  #name({ name, rowCount, kind }: TableSummary): TemplateResult {
    return html`<li>
      <button
        type="button"
        aria-current=${name === this.#chosen}
        @click=${() => {
          this.table = name
          this.page = 0
        }}
      >
        ${text(name)}<span class="dim">${kind === 'view' ? 'view' : count(rowCount)}</span>
      </button>
    </li>`
  }

  #pages(isMore: boolean): TemplateResult | typeof nothing {
    if (this.page === 0 && !isMore) return nothing
    const go = (page: number) => (): void => {
      this.page = page
    }
    return html`<span class="row">
      <button type="button" ?disabled=${this.page === 0} @click=${go(this.page - 1)}>Before</button>
      <span class="dim" aria-live="polite">from row ${count(this.page * PAGE + 1)}</span>
      <button type="button" ?disabled=${!isMore} @click=${go(this.page + 1)}>After</button>
    </span>`
  }
}

function kindOf(table: TableSummary | undefined): string {
  if (!table) return ''
  return table.kind === 'view' ? 'view' : plural(table.rowCount ?? 0, 'row')
}

customElements.define('learning-tables', TablesView)
