import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { StateValues } from '../../learning/values.ts'
import { type AgentStates, statesOf } from '../agent-states.ts'
import { agentIds, agentSelect, shownAgentId } from '../components/agent-select.ts'
import { experienceColumns } from '../components/experience-columns.ts'
import { count, number, plural } from '../format.ts'
import '../components/heat-map.ts'
import { basicStyles } from '../basics.styles.ts'
import type { Cell } from '../components/heat-map.ts'
import { Live } from '../live.ts'
import '../components/rows-table.ts'
import { empty, View } from '../view.ts'

const ORDERS: { readonly [order: string]: readonly [name: string, by: (state: StateValues) => number] } = {
  name: ['name', () => 0],
  best: ['best value', ({ actions }) => -Math.max(...actions.map(({ value }) => value))],
  worst: ['worst value', ({ actions }) => Math.min(...actions.map(({ value }) => value))],
  visits: ['visits', ({ actions }) => -actions.reduce((sum, { visits }) => sum + visits, 0)],
  gap: ['gap between the two best actions', valueGap],
}

/** Actions on a page of the heat map. */
const ACTIONS = 16
/** Maximum number of experiences shown for a cell. */
const MAX_EXPERIENCES = 200

/** The experiences that a value was learned from. */
interface CellExperiences {
  readonly rows: readonly RecordedExperience[]
  readonly total: number
  readonly cell: Cell
}

/** The values of an agent by state and action, and the experiences that each was learned from. */
export class ValuesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    order: { state: true },
    from: { state: true },
    filter: { state: true },
    cell: { state: true },
  }
  static override styles: CSSResultGroup = [
    basicStyles,
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
  /** Index of the first action that is drawn. */
  declare protected from: number
  /** Text that the keys of the shown states contain. */
  declare protected filter: string
  declare protected cell: Cell | undefined

  readonly #ids = new Live(this, agentIds)
  readonly #values: Live<AgentStates | null> = new Live<AgentStates | null>(
    this,
    async (queries) => {
      const id = await shownAgentId(queries, this.agentId, this.#values.value?.id)
      return id === undefined ? null : statesOf(queries, id)
    },
    { inputs: () => [this.agentId] },
  )
  readonly #cellExperiences = new Live(
    this,
    async (queries) => {
      const [agentId, cell] = [this.#values.value?.id ?? this.agentId, this.cell]
      if (agentId === undefined || !cell) return null
      const filters = { agentId, state: parseKey(cell.stateKey), action: parseKey(cell.actionKey) }
      const [rows, total] = await Promise.all([
        queries.experiences.list({ ...filters, limit: MAX_EXPERIENCES }),
        queries.experiences.count(filters),
      ])
      return { rows, total, cell }
    },
    { inputs: () => [this.agentId, this.cell] },
  )

  constructor() {
    super()
    this.order = 'name'
    this.from = 0
    this.filter = ''
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <div class="row end">
          ${agentSelect(
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
            >Filter states
            <input
              type="search"
              placeholder="any text"
              @input=${({ currentTarget }: Event) => {
                this.filter = (currentTarget as HTMLInputElement).value
              }}
            />
          </label>
        </div>
        <h2 id="title">State-action values</h2>
        ${this.renderLive(this.#values, (values) =>
          values === null || values.states.length === 0
            ? empty('No values yet. An agent learns the first one from its first experience.')
            : this.#map(values),
        )}
      </section>
      ${this.cell ? this.renderLive(this.#cellExperiences, (experiences) => (experiences ? this.#experiences(experiences) : '')) : nothing}
    </div>`
  }

  #map({ states: all, isPredicted }: AgentStates): TemplateResult {
    const [, by] = ORDERS[this.order] ?? (ORDERS.name as (typeof ORDERS)[string])
    const filter = this.filter.toLowerCase()
    const states = all
      .filter(({ stateKey }) => stateKey.toLowerCase().includes(filter))
      .toSorted((a, b) => by(a) - by(b))
    const actionKeys = actionsOf(all)
    const maxValue = maxAbsoluteValue(all)
    const drawn = actionKeys.slice(this.from, this.from + ACTIONS)
    const go = (from: number) => (): void => {
      this.from = from
    }
    return html`<div class="head">
        <span class="dim" data-count="states">${plural(states.length, 'state')}, ${plural(actionKeys.length, 'action')}</span>
        ${
          actionKeys.length > ACTIONS
            ? html`<span class="row">
                <button type="button" ?disabled=${this.from === 0} @click=${go(this.from - ACTIONS)}>Previous actions</button>
                <span class="dim">${count(this.from + 1)} – ${count(this.from + drawn.length)}</span>
                <button type="button" ?disabled=${this.from + ACTIONS >= actionKeys.length} @click=${go(this.from + ACTIONS)}>
                  Next actions
                </button>
              </span>`
            : nothing
        }
        <span class="row dim">${number(-maxValue)}<span class="scale"></span>${number(maxValue)}</span>
      </div>
      ${
        states.length === 0
          ? empty('No states match the filter.')
          : html`<learning-heat-map
              .states=${states}
              .actionKeys=${drawn}
              .maxValue=${maxValue}
              .chosen=${this.cell}
              @choose=${({ detail }: CustomEvent<Cell>) => {
                this.cell = detail
              }}
            ></learning-heat-map>`
      }
      ${isPredicted ? html`<p class="note">Predicted by the agent's linear model for the states of its newest experiences.</p>` : nothing}
      <p class="note">★ marks the best action of a state. Arrow keys move; Enter shows the experiences behind a value.</p>`
  }

  #experiences({ rows, total, cell }: CellExperiences): TemplateResult {
    return html`<section class="panel" aria-labelledby="behind">
      <h2 id="behind" class="wrap">
        <bdi>${cell.actionKey}</bdi> in <bdi>${cell.stateKey}</bdi>:
        <span data-count="behind">${plural(total, 'experience')}</span>
      </h2>
      ${
        rows.length === 0
          ? empty('No experiences are stored: the value was imported, or its experiences were pruned.')
          : html`<learning-rows
              label="Experiences behind the value, newest first"
              .columns=${experienceColumns}
              .rows=${rows}
              .total=${total}
            ></learning-rows>`
      }
    </section>`
  }
}

/** The keys of all actions, sorted, so that columns keep their place while an agent learns. */
function actionsOf(states: readonly StateValues[]): string[] {
  return [...new Set(states.flatMap(({ actions }) => actions.map(({ actionKey }) => actionKey)))].sort()
}

/** The largest absolute value. */
function maxAbsoluteValue(states: readonly StateValues[]): number {
  let max = 0
  for (const { actions } of states) for (const { value } of actions) max = Math.max(max, Math.abs(value))
  return max
}

/** The difference between the best and the second-best value; infinite for states with one action. */
function valueGap({ actions }: StateValues): number {
  const [best, next] = actions.map(({ value }) => value).sort((a, b) => b - a)
  return best === undefined || next === undefined ? Number.POSITIVE_INFINITY : best - next
}

customElements.define('learning-values', ValuesView)
