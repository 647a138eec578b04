import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { Rows } from '../../sql/connection.ts'
import { basicStyles } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { sqlColumns } from './sql-columns.ts'
import './rows-table.ts'
import { empty, problem, View } from '../view.ts'

const LIMIT = 1_000
const EXAMPLE = 'Example: SELECT agent_id, count(*), avg(reward) FROM learning_experiences GROUP BY agent_id'

interface QueryResult {
  readonly rows: Rows
  readonly plan: Rows
}

/** Runs a read-only SQL statement and shows its rows and query plan. */
export class SqlPanel extends View {
  static override properties: PropertyDeclarations = { ...View.properties, isRunning: { state: true } }
  static override styles: CSSResultGroup = [
    basicStyles,
    css`
      learning-rows {
        --rows-height: 336px;
      }
      .plan {
        background: var(--bg);
        border: 1px solid var(--line);
        border-radius: 6px;
        padding: 8px;
      }
    `,
  ]

  declare protected isRunning: boolean
  #result: QueryResult | undefined
  #error: unknown

  constructor() {
    super()
    this.isRunning = false
  }

  override render(): TemplateResult {
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#execute()
    }
    return html`<section class="panel" aria-labelledby="sql">
      <h2 id="sql">SQL query</h2>
      <p class="note">One read-only statement. Stopped after 10 seconds, unless the store is in memory or in this page's own thread.</p>
      <textarea rows="3" aria-label="SQL statement" spellcheck="false" autocapitalize="off" placeholder=${EXAMPLE} @keydown=${key}></textarea>
      <div class="row">
        <button type="button" class="primary" ?disabled=${this.isRunning} @click=${() => void this.#execute()}>
          ${this.isRunning ? 'Running …' : 'Run'}
        </button>
        <span class="note">or Ctrl + Enter</span>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error)}
      <div class="stack" aria-live="polite">${this.#result ? resultTables(this.#result) : nothing}</div>
    </section>`
  }

  async #execute(): Promise<void> {
    const sql = this.renderRoot.querySelector('textarea')?.value.trim() ?? ''
    const { store } = this
    if (!store || sql === '' || this.isRunning) return
    this.isRunning = true
    this.#error = undefined
    this.#result = undefined
    try {
      const rows = await store.query(sql, [], { limit: LIMIT })
      this.#result = { rows, plan: await this.#plan(sql) }
    } catch (error) {
      this.#error = error
    }
    this.isRunning = false
  }

  /** Empty for statements without a plan, such as a pragma. */
  async #plan(sql: string): Promise<Rows> {
    const none: Rows = { columns: [], rows: [], isTruncated: false }
    return (await this.store?.query(`EXPLAIN QUERY PLAN ${sql}`).catch(() => none)) ?? none
  }
}

function resultTables({ rows, plan }: QueryResult): TemplateResult {
  const rowCount = rows.isTruncated ? `first ${count(LIMIT)} rows, more are available` : plural(rows.rows.length, 'row')
  return html`<h3>${rowCount}</h3>
    ${
      rows.rows.length === 0
        ? empty('No rows.')
        : html`<learning-rows label="Query result" .columns=${sqlColumns(rows)} .rows=${rows.rows}></learning-rows>`
    }
    ${
      plan.rows.length === 0
        ? nothing
        : html`<h3>Query plan</h3>
            <ul class="plan mono">
              ${plan.rows.map((row) => html`<li class="wrap"><bdi>${row.at(-1)}</bdi></li>`)}
            </ul>`
    }`
}

customElements.define('learning-sql', SqlPanel)
