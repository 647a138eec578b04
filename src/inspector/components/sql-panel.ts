import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { Rows } from '../../sql/connection.ts'
import { basics } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { cellsOf } from './sql-columns.ts'
import './rows-table.ts'
import { empty, problem, View } from '../view.ts'

const LIMIT = 1_000
const EXAMPLE = 'Such as: SELECT agent_id, count(*), avg(reward) FROM learning_experiences GROUP BY agent_id'

interface Answer {
  readonly rows: Rows
  readonly plan: Rows
}

/** One SQL statement that reads, its rows and its plan. Whatever it says, nothing is changed. */
export class SqlPanel extends View {
  static override properties: PropertyDeclarations = { ...View.properties, isAsking: { state: true } }
  static override styles: CSSResultGroup = [
    basics,
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

  declare protected isAsking: boolean
  #answer: Answer | undefined
  #error: unknown

  constructor() {
    super()
    this.isAsking = false
  }

  override render(): TemplateResult {
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#ask()
    }
    return html`<section class="panel" aria-labelledby="sql">
      <h2 id="sql">Ask in SQL</h2>
      <p class="note">One statement that reads. A query that does not end blocks the store for everyone who uses it.</p>
      <textarea rows="3" aria-label="SQL statement" spellcheck="false" autocapitalize="off" placeholder=${EXAMPLE} @keydown=${key}></textarea>
      <div class="row">
        <button type="button" class="primary" ?disabled=${this.isAsking} @click=${() => void this.#ask()}>
          ${this.isAsking ? 'Asking …' : 'Ask'}
        </button>
        <span class="note">or Ctrl + Enter</span>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error)}
      <div class="stack" aria-live="polite">${this.#answer ? answered(this.#answer) : nothing}</div>
    </section>`
  }

  async #ask(): Promise<void> {
    const sql = this.renderRoot.querySelector('textarea')?.value.trim() ?? ''
    const { store } = this
    if (!store || sql === '' || this.isAsking) return
    this.isAsking = true
    this.#error = undefined
    this.#answer = undefined
    try {
      const rows = await store.query(sql, [], { limit: LIMIT })
      this.#answer = { rows, plan: await this.#plan(sql) }
    } catch (error) {
      this.#error = error
    }
    this.isAsking = false
  }

  /** Of a pragma, say, there is none. */
  async #plan(sql: string): Promise<Rows> {
    const none: Rows = { columns: [], rows: [], isTruncated: false }
    return (await this.store?.query(`EXPLAIN QUERY PLAN ${sql}`).catch(() => none)) ?? none
  }
}

function answered({ rows, plan }: Answer): TemplateResult {
  const many = rows.isTruncated ? `the first ${count(LIMIT)} rows; there are more` : plural(rows.rows.length, 'row')
  return html`<h3>${many}</h3>
    ${
      rows.rows.length === 0
        ? empty('No row is like this.')
        : html`<learning-rows label="Rows that were answered" .columns=${cellsOf(rows)} .rows=${rows.rows}></learning-rows>`
    }
    ${
      plan.rows.length === 0
        ? nothing
        : html`<h3>Plan</h3>
            <ul class="plan mono">
              ${plan.rows.map((row) => html`<li class="wrap"><bdi>${row.at(-1)}</bdi></li>`)}
            </ul>`
    }`
}

customElements.define('learning-sql', SqlPanel)
