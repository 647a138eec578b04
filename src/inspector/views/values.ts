import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { StateValues } from '../../learning/values.ts'
import { agentChoice } from '../components/agent-select.ts'
import { newestColumns } from '../components/experience-columns.ts'
import { count, number, plural } from '../format.ts'
import '../components/heat-map.ts'
import { basics } from '../basics.styles.ts'
import type { Cell } from '../components/heat-map.ts'
import { Live } from '../live.ts'
import '../components/rows-table.ts'
import { empty, View } from '../view.ts'

const ORDERS: { readonly [order: string]: readonly [name: string, by: (state: StateValues) => number] } = {
  name: ['name', () => 0],
  best: ['best value', ({ actions }) => -Math.max(...actions.map(({ value }) => value))],
  worst: ['worst value', ({ actions }) => Math.min(...actions.map(({ value }) => value))],
  visits: ['visits', ({ actions }) => -actions.reduce((sum, { visits }) => sum + visits, 0)],
  doubt: ['how near the two best are', doubt],
}

/** Columns that are drawn at a time. */
const ACTIONS = 16
/** Experiences behind a cell that are shown. */
const BEHIND = 200

/** What lies behind a value. */
interface Behind {
  readonly rows: readonly RecordedExperience[]
  readonly total: number
  readonly cell: Cell
}

/** What an agent has learned that its actions are worth, state by state, and the experiences behind it. */
export class ValuesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    order: { state: true },
    from: { state: true },
    wanted: { state: true },
    cell: { state: true },
  }
  static override styles: CSSResultGroup = [
    basics,
    css`
      .scale {
        background: linear-gradient(
          to right,
          color-mix(in srgb, var(--bad) 42%, var(--bg)),
          var(--bg),
          color-mix(in srgb, var(--good) 42%, var(--bg))
        );
        border: 1px solid var(--line);
        border-radius: 4px;
        height: 12px;
        width: 120px;
      }
      learning-rows {
        --rows-height: 276px;
      }
    `,
  ]

  declare protected order: string
  /** The first action that is drawn. */
  declare protected from: number
  /** What the keys of states contain. */
  declare protected wanted: string
  declare protected cell: Cell | undefined

  readonly #ids = new Live(this, async (queries) => (await queries.agents.list()).map(({ id }) => id))
  readonly #values = new Live(
    this,
    async (queries) => {
      const id = this.agentId ?? (await queries.agents.list()).map(({ id }) => id)[0]
      return id === undefined ? null : { id, states: await queries.values.listByState(id) }
    },
    { on: () => [this.agentId] },
  )
  readonly #behind = new Live(
    this,
    async (queries) => {
      const [agentId, cell] = [this.#values.value?.id ?? this.agentId, this.cell]
      if (agentId === undefined || !cell) return null
      const asked = { agentId, state: parseKey(cell.stateKey), action: parseKey(cell.actionKey) }
      const [rows, total] = await Promise.all([
        queries.experiences.list({ ...asked, limit: BEHIND }),
        queries.experiences.count(asked),
      ])
      return { rows, total, cell }
    },
    { on: () => [this.agentId, this.cell] },
  )

  constructor() {
    super()
    this.order = 'name'
    this.from = 0
    this.wanted = ''
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <div class="row end">
          ${agentChoice(
            this.#ids.value,
            this.agentId ?? this.#values.value?.id,
            (agentId) => {
              this.cell = undefined
              this.from = 0
              this.inspect({ agentId })
            },
            false,
          )}
          <label
            >Sort states by
            <select
              @change=${({ currentTarget }: Event) => {
                this.order = (currentTarget as HTMLSelectElement).value
              }}
            >
              ${Object.entries(ORDERS).map(([id, [name]]) => html`<option value=${id}>${name}</option>`)}
            </select>
          </label>
          <label
            >States with
            <input
              type="search"
              placeholder="any text"
              @input=${({ currentTarget }: Event) => {
                this.wanted = (currentTarget as HTMLInputElement).value
              }}
            />
          </label>
        </div>
        <h2 id="title">Values of actions in states</h2>
        ${this.shown(this.#values, (values) =>
          values === null || values.states.length === 0
            ? empty(
                'No value yet: an agent learns one with its first experience. One that learns by lin-ucb keeps a line instead; see Recommend.',
              )
            : this.#map(values.states),
        )}
      </section>
      ${this.cell ? this.shown(this.#behind, (behind) => (behind ? this.#experiences(behind) : '')) : nothing}
    </div>`
  }

  #map(all: readonly StateValues[]): TemplateResult {
    const [, by] = ORDERS[this.order] ?? (ORDERS.name as (typeof ORDERS)[string])
    const wanted = this.wanted.toLowerCase()
    const states = all
      .filter(({ stateKey }) => stateKey.toLowerCase().includes(wanted))
      .toSorted((a, b) => by(a) - by(b))
    const actionKeys = actionsOf(all)
    const greatest = greatestOf(all)
    const drawn = actionKeys.slice(this.from, this.from + ACTIONS)
    const go = (from: number) => (): void => {
      this.from = from
    }
    return html`<div class="head">
        <span class="dim" data-count="states">${plural(states.length, 'state')}, ${plural(actionKeys.length, 'action')}</span>
        ${
          actionKeys.length > ACTIONS
            ? html`<span class="row">
                <button type="button" ?disabled=${this.from === 0} @click=${go(this.from - ACTIONS)}>Actions before</button>
                <span class="dim">${count(this.from + 1)} – ${count(this.from + drawn.length)}</span>
                <button type="button" ?disabled=${this.from + ACTIONS >= actionKeys.length} @click=${go(this.from + ACTIONS)}>
                  Actions after
                </button>
              </span>`
            : nothing
        }
        <span class="row dim">${number(-greatest)}<span class="scale"></span>${number(greatest)}</span>
      </div>
      ${
        states.length === 0
          ? empty('No state is like this.')
          : html`<learning-heat-map
              .states=${states}
              .actionKeys=${drawn}
              .greatest=${greatest}
              .chosen=${this.cell}
              @choose=${({ detail }: CustomEvent<Cell>) => {
                this.cell = detail
              }}
            ></learning-heat-map>`
      }
      <p class="note">★ the best of a state. Arrow keys move, Enter shows the experiences behind a value.</p>`
  }

  #experiences({ rows, total, cell }: Behind): TemplateResult {
    return html`<section class="panel" aria-labelledby="behind">
      <h2 id="behind" class="wrap">
        <bdi>${cell.actionKey}</bdi> in <bdi>${cell.stateKey}</bdi>:
        <span data-count="behind">${plural(total, 'experience')}</span>
      </h2>
      ${
        rows.length === 0
          ? empty('None is kept: the value came with an import, or its experiences were removed.')
          : html`<learning-rows
              label="Experiences behind the value, newest first"
              .columns=${newestColumns}
              .rows=${rows}
              .total=${total}
            ></learning-rows>`
      }
    </section>`
  }
}

/** The keys of all actions, by name: columns stay where they are while an agent learns. */
function actionsOf(states: readonly StateValues[]): string[] {
  return [...new Set(states.flatMap(({ actions }) => actions.map(({ actionKey }) => actionKey)))].sort()
}

/** The greatest size of a value. */
function greatestOf(states: readonly StateValues[]): number {
  let greatest = 0
  for (const { actions } of states) for (const { value } of actions) greatest = Math.max(greatest, Math.abs(value))
  return greatest
}

/** By how much the best value is above the next; states with one action come last. */
function doubt({ actions }: StateValues): number {
  const [best, next] = actions.map(({ value }) => value).sort((a, b) => b - a)
  return best === undefined || next === undefined ? Number.POSITIVE_INFINITY : best - next
}

customElements.define('learning-values', ValuesView)
