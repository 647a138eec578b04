import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { TableSummary } from '../../tables/inventory.ts'
import { basicStyles } from '../basics.styles.ts'
import { sqlColumns } from '../components/sql-columns.ts'
import { count, plural, text } from '../format.ts'
import { Live } from '../live.ts'
import { tablesStyles } from './tables.styles.ts'
import '../components/rows-table.ts'
import '../components/sql-panel.ts'
import { empty, View } from '../view.ts'

const PAGE = 500

/** The tables of the database page by page, and read-only SQL queries. */
export class TablesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    table: { state: true },
    page: { state: true },
    showsEmpty: { state: true },
  }
  static override styles: CSSResultGroup = [basicStyles, tablesStyles]

  declare protected table: string | undefined
  declare protected page: number
  /** Whether tables without rows are listed. */
  declare protected showsEmpty: boolean

  readonly #tables = new Live(this, (queries) => queries.tables(), { everyMs: 1_000 })
  readonly #rows = new Live(
    this,
    async (queries) => {
      const table = this.#selected
      if (table === undefined) return null
      const rows = await queries.rows(table, { limit: PAGE, offset: this.page * PAGE })
      return { table, rows, columns: sqlColumns(rows) }
    },
    { inputs: () => [this.#selected, this.page], everyMs: 250 },
  )

  constructor() {
    super()
    this.page = 0
    this.showsEmpty = false
  }

  get #listedTables(): readonly TableSummary[] {
    const tables = this.#tables.value ?? []
    // The row count of views is unknown, so they are always listed, after the tables.
    const all = tables.toSorted((a, b) => Number(a.kind === 'view') - Number(b.kind === 'view'))
    return this.showsEmpty ? all : all.filter(({ rowCount, kind }) => kind === 'view' || (rowCount ?? 1) > 0)
  }

  get #selected(): string | undefined {
    return this.table ?? this.#listedTables[0]?.name
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Tables</h2>
          <label class="line"
            ><input
              type="checkbox"
              .checked=${this.showsEmpty}
              @change=${({ currentTarget }: Event) => {
                this.showsEmpty = (currentTarget as HTMLInputElement).checked
              }}
            /><span>Show empty tables</span></label
          >
        </div>
        <div class="browse">
          <ul class="names">
            ${this.renderLive(this.#tables, () => this.#listedTables.map((table) => this.#tableButton(table)))}
          </ul>
          <div class="stack">
            ${this.renderLive(this.#rows, (page) => {
              if (!page) return this.#tables.value ? empty('All tables are empty.') : ''
              const { table, rows, columns } = page
              const summary = this.#tables.value?.find(({ name }) => name === table)
              return html`<div class="head">
                  <h3 class="wrap"><bdi>${table}</bdi> <span class="dim">${kindOf(summary)}</span></h3>
                  ${this.#pageButtons(rows.isTruncated)}
                </div>
                ${
                  rows.rows.length === 0
                    ? empty('No rows.')
                    : html`<learning-rows
                        label=${`Rows of ${table}`}
                        .columns=${columns}
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

  #tableButton({ name, rowCount, kind }: TableSummary): TemplateResult {
    return html`<li>
      <button
        type="button"
        aria-current=${name === this.#selected}
        @click=${() => {
          this.table = name
          this.page = 0
        }}
      >
        ${text(name)}<span class="dim">${kind === 'view' ? 'view' : count(rowCount)}</span>
      </button>
    </li>`
  }

  #pageButtons(hasMore: boolean): TemplateResult | typeof nothing {
    if (this.page === 0 && !hasMore) return nothing
    const go = (page: number) => (): void => {
      this.page = page
    }
    return html`<span class="row">
      <button type="button" ?disabled=${this.page === 0} @click=${go(this.page - 1)}>Previous</button>
      <span class="dim" aria-live="polite">from row ${count(this.page * PAGE + 1)}</span>
      <button type="button" ?disabled=${!hasMore} @click=${go(this.page + 1)}>Next</button>
    </span>`
  }
}

function kindOf(table: TableSummary | undefined): string {
  if (!table) return ''
  return table.kind === 'view' ? 'view' : plural(table.rowCount ?? 0, 'row')
}

customElements.define('learning-tables', TablesView)
