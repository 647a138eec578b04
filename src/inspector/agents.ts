import { type CSSResultGroup, css, html, type TemplateResult } from 'lit'
import type { AgentStatus } from '../learning/agent.ts'
import type { AgentStatistics } from '../learning/statistics.ts'
import './chart.ts'
import { count, number, percent, plural, text } from './format.ts'
import { Live } from './live.ts'
import { basics } from './look.ts'
import { rewardCurve, rewardSummary, STRETCHES } from './reward-curve.ts'
import type { Column } from './rows-table.ts'
import { styled } from './styled.ts'
import { empty, View } from './view.ts'

const COLUMNS: readonly Column<AgentStatus>[] = [
  { name: 'agent', cell: ({ id }) => text(id), by: ({ id }) => id, width: 24 },
  { name: 'type', cell: ({ type }) => text(type), by: ({ type }) => type, width: 20 },
  { name: 'learns by', cell: ({ algorithm }) => text(algorithm), by: ({ algorithm }) => algorithm, width: 14 },
  {
    ...{ name: 'experiences', isNumber: true, width: 13 },
    cell: ({ experienceCount }) => count(experienceCount),
    by: ({ experienceCount }) => experienceCount,
  },
  {
    ...{ name: 'explores', isNumber: true, width: 10 },
    cell: ({ currentExplorationRate }) => percent(currentExplorationRate),
    by: ({ currentExplorationRate }) => currentExplorationRate,
  },
]

/** Of more agents the first are told, by id. */
const SHOWN = 1_000

/** Who learns, how, and how far each is. */
export class AgentsView extends View {
  static override styles: CSSResultGroup = [
    basics,
    css`
      learning-rows {
        --rows-height: 276px;
      }
      .gauge {
        background: var(--raised);
        border-radius: 3px;
        height: 6px;
        overflow: hidden;
      }
      .gauge::before {
        background: var(--accent);
        content: '';
        display: block;
        height: 100%;
        width: var(--share);
      }
      .figures {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
      }
      .figure {
        align-content: start;
        display: grid;
        gap: 4px;
      }
      .figure b {
        font-size: 20px;
        font-weight: 600;
        line-height: 28px;
      }
    `,
  ]

  readonly #agents = new Live(
    this,
    async (queries) => {
      const ids = (await queries.agentIds()).slice(0, SHOWN)
      return Promise.all(ids.map((id) => queries.agentStatus(id)))
    },
    { everyMs: 250 },
  )
  readonly #chosen = new Live(
    this,
    async (queries) => {
      const id = this.agentId ?? (await queries.agentIds())[0]
      if (id === undefined) return null
      const [status, statistics, stretches] = await Promise.all([
        queries.agentStatus(id),
        queries.agentStatistics(id),
        queries.experiences.rewards({ agentId: id, limit: STRETCHES }),
      ])
      return { status, statistics, stretches }
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
        const { status, statistics, stretches } = chosen
        return html`<section class="panel" aria-labelledby="curve">
            <div class="head">
              <h2 id="curve"><bdi class="wrap">${status.id}</bdi>: learning curve</h2>
              <span class="row">
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'values', agentId: status.id })}>Values</button>
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'experiences', agentId: status.id })}>Experiences</button>
                <button type="button" class="quiet" @click=${() => this.inspect({ view: 'recommend', agentId: status.id })}>Advice</button>
              </span>
            </div>
            ${
              stretches.length === 0
                ? empty('It has experienced nothing yet.')
                : html`<learning-chart
                    label=${`Reward of ${status.id}`}
                    .summary=${rewardSummary(stretches)}
                    .plotted=${rewardCurve(stretches)}
                  ></learning-chart>`
            }
          </section>
          <div class="columns">${figures(status, statistics)}${configuration(status)}</div>`
      })}
    </div>`
  }
}

function figures(status: AgentStatus, statistics: AgentStatistics): TemplateResult {
  const { explorationRate, currentExplorationRate, explorationDecay, minExplorationRate, policy } = status
  const { previousPerformance, newPerformance, improvementRate, improved } = statistics
  const gain = `${improvementRate > 0 ? '+' : ''}${percent(improvementRate / 100)}`
  const isKnown = statistics.experiences >= 20
  return html`<section class="panel" aria-labelledby="far">
    <h2 id="far">How far it is</h2>
    <div class="figures">
      <div class="figure">
        <h3>Improvement against the first 20</h3>
        <b class=${isKnown ? (improved ? 'good' : 'bad') : 'dim'}>${isKnown ? gain : 'not yet'}</b>
        <span class="note"
          >${
            isKnown
              ? `Mean reward ${number(newPerformance)} in the last 20, ${number(previousPerformance)} in the first 20.`
              : `It has ${plural(statistics.experiences, 'experience')}; it takes 20.`
          }</span
        >
      </div>
      <div class="figure">
        <h3>Exploration rate</h3>
        <b>${percent(currentExplorationRate)}</b>
        <span class="gauge" ${styled({ '--share': `${100 * currentExplorationRate}%` })}></span>
        <span class="note"
          >Began at ${percent(explorationRate)}, times ${explorationDecay} after each episode, not below
          ${percent(minExplorationRate)}.${policy === 'epsilon-greedy' ? '' : ` Its policy, ${policy}, does not explore by it.`}</span
        >
      </div>
    </div>
    <dl class="facts">
      <dt>experiences</dt>
      <dd data-count="experiences">${count(statistics.experiences)}</dd>
      <dt>mean reward</dt>
      <dd>${number(statistics.averageReward)}</dd>
      <dt>tasks</dt>
      <dd>${count(statistics.tasks)}, ${percent(statistics.successRate)} succeeded</dd>
      <dt>values</dt>
      <dd>${count(statistics.values)} in ${plural(statistics.states, 'state')}</dd>
      <dt>patterns</dt>
      <dd>${count(statistics.patterns)}, and ${count(statistics.failurePatterns)} of failures</dd>
    </dl>
  </section>`
}

function configuration(status: AgentStatus): TemplateResult {
  const { type, algorithm, stepSize, learningRate, discountFactor, policy, temperature, ucbScale, planningSteps } =
    status
  const facts: readonly (readonly [string, unknown])[] = [
    ['type', html`<bdi>${type}</bdi>`],
    ['rule', algorithm],
    ['step size', stepSize === 'constant' ? `constant, ${learningRate}` : 'sample average, 1/N'],
    ['discount factor', discountFactor],
    ['policy', policy],
    ...(policy === 'softmax' ? [['temperature', temperature] as const] : []),
    ...(policy === 'ucb1' || algorithm === 'lin-ucb' ? [['width of bounds', number(ucbScale)] as const] : []),
    ['planning', planningSteps === 0 ? 'none' : plural(planningSteps, 'step')],
  ]
  return html`<section class="panel" aria-labelledby="how">
    <h2 id="how">How it learns</h2>
    <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
  </section>`
}

customElements.define('learning-agents', AgentsView)
