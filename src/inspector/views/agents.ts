import { type CSSResultGroup, html, type TemplateResult } from 'lit'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import type { AgentStatistics } from '../../learning/executions/statistics.ts'
import type { RewardBucket } from '../../tables/experience-rewards.ts'
import { configurationPanel, progressPanel } from '../components/agent-detail.ts'
import '../components/chart.ts'
import { basicStyles } from '../basics.styles.ts'
import { shownAgentId } from '../components/agent-select.ts'
import type { ChartData } from '../components/chart.ts'
import { BUCKETS, rewardCurve, rewardSummary } from '../components/reward-curve.ts'
import type { Column } from '../components/rows-table.ts'
import { count, percent, text } from '../format.ts'
import { Live } from '../live.ts'
import { empty, View } from '../view.ts'
import { agentsStyles } from './agents.styles.ts'

const COLUMNS: readonly Column<AgentStatus>[] = [
  { name: 'agent', cell: ({ id }) => text(id), by: ({ id }) => id, width: 24 },
  { name: 'type', cell: ({ type }) => text(type), by: ({ type }) => type, width: 20 },
  { name: 'algorithm', cell: ({ algorithm }) => text(algorithm), by: ({ algorithm }) => algorithm, width: 11 },
  {
    name: 'experiences',
    isNumber: true,
    width: 11,
    cell: ({ experienceCount }) => count(experienceCount),
    by: ({ experienceCount }) => experienceCount,
  },
  {
    name: 'exploration',
    isNumber: true,
    width: 11,
    cell: ({ currentExplorationRate }) => percent(currentExplorationRate),
    by: ({ currentExplorationRate }) => currentExplorationRate,
  },
]

/** Maximum number of agents shown, the first by id. */
const MAX_AGENTS = 1_000

interface AgentDetail {
  readonly status: AgentStatus
  readonly statistics: AgentStatistics
  readonly buckets: readonly RewardBucket[]
  readonly curve: ChartData
}

/** All agents, and the learning curve, progress and configuration of one. */
export class AgentsView extends View {
  static override styles: CSSResultGroup = [basicStyles, agentsStyles]

  readonly #agents = new Live(this, async (queries) => (await queries.agents.list()).slice(0, MAX_AGENTS), {
    everyMs: 250,
  })
  readonly #selected: Live<AgentDetail | null> = new Live<AgentDetail | null>(
    this,
    async (queries) => {
      const id = await shownAgentId(queries, this.agentId, this.#selected.value?.status.id)
      if (id === undefined) return null
      const [status, statistics, buckets] = await Promise.all([
        queries.agentStatus(id),
        queries.agentStatistics(id),
        queries.experiences.rewardHistory({ agentId: id, limit: BUCKETS }),
      ])
      return { status, statistics, buckets, curve: rewardCurve(buckets) }
    },
    { inputs: () => [this.agentId] },
  )

  override render(): TemplateResult {
    const selectedId = this.#selected.value?.status.id
    return html`<div class="stack">
      <section class="panel" aria-labelledby="all">
        <h2 id="all">Agents</h2>
        ${this.renderLive(this.#agents, (agents) =>
          agents.length === 0
            ? empty('No agents yet. store.agent(id) creates one, and importing a file adds its agents.')
            : html`<learning-rows
                label="Agents"
                can-choose
                .columns=${COLUMNS}
                .rows=${agents}
                .chosen=${({ id }: AgentStatus) => id === selectedId}
                @choose=${({ detail }: CustomEvent<AgentStatus>) => this.inspect({ agentId: detail.id })}
              ></learning-rows>`,
        )}
      </section>
      ${this.renderLive(this.#selected, (selected) => {
        if (!selected) return ''
        const { status, statistics, buckets, curve } = selected
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
              buckets.length === 0
                ? empty('No experiences yet.')
                : html`<learning-chart
                    label=${`Reward of ${status.id}`}
                    .summary=${rewardSummary(buckets)}
                    .data=${curve}
                  ></learning-chart>`
            }
          </section>
          <div class="columns">${progressPanel(status, statistics)}${configurationPanel(status)}</div>`
      })}
    </div>`
  }
}

customElements.define('learning-agents', AgentsView)
