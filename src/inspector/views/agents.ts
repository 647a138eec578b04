import { type CSSResultGroup, html, type TemplateResult } from 'lit'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import { configuration, figures } from '../components/agent-detail.ts'
import '../components/chart.ts'
import { basics } from '../basics.styles.ts'
import { rewardCurve, rewardSummary, STRETCHES } from '../components/reward-curve.ts'
import type { Column } from '../components/rows-table.ts'
import { count, percent, text } from '../format.ts'
import { Live } from '../live.ts'
import { empty, View } from '../view.ts'
import { agentsLook } from './agents.styles.ts'

const COLUMNS: readonly Column<AgentStatus>[] = [
  { name: 'agent', cell: ({ id }) => text(id), by: ({ id }) => id, width: 24 },
  { name: 'type', cell: ({ type }) => text(type), by: ({ type }) => type, width: 20 },
  { name: 'learns by', cell: ({ algorithm }) => text(algorithm), by: ({ algorithm }) => algorithm, width: 11 },
  {
    ...{ name: 'experiences', isNumber: true, width: 11 },
    cell: ({ experienceCount }) => count(experienceCount),
    by: ({ experienceCount }) => experienceCount,
  },
  {
    ...{ name: 'explores', isNumber: true, width: 8 },
    cell: ({ currentExplorationRate }) => percent(currentExplorationRate),
    by: ({ currentExplorationRate }) => currentExplorationRate,
  },
]

/** Of more agents the first are told, by id. */
const SHOWN = 1_000

/** Who learns, how, and how far each is. */
export class AgentsView extends View {
  static override styles: CSSResultGroup = [basics, agentsLook]

  readonly #agents = new Live(
    this,
    async (queries) => {
      const ids = (await queries.agents.list()).map(({ id }) => id).slice(0, SHOWN)
      return Promise.all(ids.map((id) => queries.agentStatus(id)))
    },
    { everyMs: 250 },
  )
  readonly #chosen = new Live(
    this,
    async (queries) => {
      const id = this.agentId ?? (await queries.agents.list()).map(({ id }) => id)[0]
      if (id === undefined) return null
      const [status, statistics, stretches] = await Promise.all([
        queries.agentStatus(id),
        queries.agentStatistics(id),
        queries.experiences.rewardHistory({ agentId: id, limit: STRETCHES }),
      ])
      return { status, statistics, stretches, plotted: rewardCurve(stretches) }
    },
    { on: () => [this.agentId] },
  )

  override render(): TemplateResult {
    const chosenId = this.#chosen.value?.status.id
    return html`<div class="stack">
      <section class="panel" aria-labelledby="all">
        <h2 id="all">Agents</h2>
        ${this.shown(this.#agents, (agents) =>
          agents.length === 0
            ? empty('No agent yet: store.agent(id) makes one, and importing a file brings its agents.')
            : html`<learning-rows
                label="Agents"
                can-choose
                .columns=${COLUMNS}
                .rows=${agents}
                .chosen=${({ id }: AgentStatus) => id === chosenId}
                @choose=${({ detail }: CustomEvent<AgentStatus>) => this.inspect({ agentId: detail.id })}
              ></learning-rows>`,
        )}
      </section>
      ${this.shown(this.#chosen, (chosen) => {
        if (!chosen) return ''
        const { status, statistics, stretches, plotted } = chosen
        return html`<section class="panel" aria-labelledby="curve">
            <div class="head">
              <h2 id="curve"><bdi class="wrap">${status.id}</bdi>: learning curve</h2>
              <span class="row">
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'values', agentId: status.id })}>Values</button>
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'experiences', agentId: status.id })}>Experiences</button>
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'recommend', agentId: status.id })}>Recommendation</button>
              </span>
            </div>
            ${
              stretches.length === 0
                ? empty('It has experienced nothing yet.')
                : html`<learning-chart
                    label=${`Reward of ${status.id}`}
                    .summary=${rewardSummary(stretches)}
                    .plotted=${plotted}
                  ></learning-chart>`
            }
          </section>
          <div class="columns">${figures(status, statistics)}${configuration(status)}</div>`
      })}
    </div>`
  }
}

customElements.define('learning-agents', AgentsView)
