import { type CSSResultGroup, html, type PropertyValues, type TemplateResult } from 'lit'
import type { Subscription } from '../../client/async-store.ts'
import type { Collection } from '../../collections.ts'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import '../components/chart.ts'
import { basicStyles } from '../basics.styles.ts'
import { experienceColumns } from '../components/experience-columns.ts'
import { BUCKETS, rewardCurve, rewardSummary } from '../components/reward-curve.ts'
import { collectionTitle, count, percent, plural, text } from '../format.ts'
import { Live } from '../live.ts'
import { styleProperties } from '../style-properties.ts'
import { empty, View } from '../view.ts'
import { overviewStyles } from './overview.styles.ts'

const NEWEST = 8
/** There are few patterns: at most one for each agent, task type and strategy. */
const NO_LIMIT = 1_000_000
/** Maximum number of agents shown. The Agents view shows more. */
const MAX_AGENTS = 40

/** Changes of a collection since the view was opened. */
interface CollectionChanges {
  readonly sequence: number
  readonly commits: number
}

/** Counts, rewards, agents, recent changes and latest experiences of the store. */
export class Overview extends View {
  static override styles: CSSResultGroup = [basicStyles, overviewStyles]

  readonly #counts = new Live(this, async (queries) => {
    const [experiences, agents] = await Promise.all([queries.experiences.count(), queries.agents.list()])
    return { experiences, agents: agents.length }
  })
  readonly #agents = new Live(this, async (queries) => (await queries.agents.list()).slice(0, MAX_AGENTS), {
    everyMs: 250,
  })
  readonly #others = new Live(
    this,
    async (queries) => {
      const [status, patterns, testPatterns] = await Promise.all([
        queries.status(),
        queries.patterns.list({ limit: NO_LIMIT }),
        queries.testPatterns.count(),
      ])
      return { values: status.counts.values, patterns: patterns.length, testPatterns }
    },
    { everyMs: 1_000 },
  )
  readonly #rewards = new Live(this, async (queries) => {
    const buckets = await queries.experiences.rewardHistory({ limit: BUCKETS })
    return { buckets, curve: rewardCurve(buckets) }
  })
  readonly #newest = new Live(this, (queries) => queries.experiences.list({ limit: NEWEST }))
  readonly #changes = new Map<Collection, CollectionChanges>()
  #subscription: Subscription | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#subscription?.unsubscribe()
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('store')) return
    this.#subscription?.unsubscribe()
    this.#changes.clear()
    // Drawn with the next query result, not once per commit.
    this.#subscription = this.store?.subscribe(({ sequence, collections }) => {
      for (const collection of collections) {
        this.#changes.set(collection, { sequence, commits: (this.#changes.get(collection)?.commits ?? 0) + 1 })
      }
    })
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <dl class="tiles">
        ${this.#tiles().map(
          ([name, value, what]) => html`<div class="panel"><dt>${name}</dt><dd data-count=${what}>${value}</dd></div>`,
        )}
      </dl>
      <section class="panel" aria-labelledby="rewards">
        <h2 id="rewards">Reward of all agents</h2>
        ${this.renderLive(this.#rewards, ({ buckets, curve }) =>
          buckets.length === 0
            ? empty('No experiences yet. The curve starts with the first one.')
            : html`<learning-chart
                label="Reward of all agents"
                .summary=${rewardSummary(buckets)}
                .data=${curve}
              ></learning-chart>`,
        )}
      </section>
      <div class="columns">
        <section class="panel" aria-labelledby="agents">
          <div class="head">
            <h2 id="agents">Agents</h2>
            <span class="note" aria-hidden="true">experiences<span class="rate">exploration</span></span>
          </div>
          ${this.renderLive(this.#agents, (agents) => this.#agentList(agents))}
        </section>
        <section class="panel" aria-labelledby="changes">
          <h2 id="changes">Recent changes</h2>
          ${this.#changeList()}
        </section>
      </div>
      <section class="panel" aria-labelledby="newest">
        <div class="head">
          <h2 id="newest">Latest experiences</h2>
          <button type="button" class="quiet" @click=${() => this.inspect({ view: 'experiences' })}>All experiences</button>
        </div>
        ${this.renderLive(this.#newest, (rows) =>
          rows.length === 0
            ? empty('No experiences yet. Call agent.learn(…) or import a file in the Storage view.')
            : html`<learning-rows label="Latest experiences" .columns=${experienceColumns} .rows=${rows}></learning-rows>`,
        )}
      </section>
    </div>`
  }

  #tiles(): [name: string, value: string, what: string][] {
    const counts = this.#counts.value
    const others = this.#others.value
    return [
      ['Agents', count(counts?.agents), 'agents'],
      ['Experiences', count(counts?.experiences), 'experiences'],
      ['Values', count(others?.values), 'values'],
      ['Patterns', count(others?.patterns), 'patterns'],
      ['Test patterns', count(others?.testPatterns), 'test-patterns'],
    ]
  }

  #agentList(agents: readonly AgentStatus[]): TemplateResult {
    if (agents.length === 0) return empty('No agents yet. store.agent(id) creates one.')
    const most = Math.max(1, ...agents.map(({ experienceCount }) => experienceCount))
    const sorted = agents.toSorted((a, b) => b.experienceCount - a.experienceCount)
    const more = (this.#counts.value?.agents ?? 0) - agents.length
    return html`<ul class="agents">
        ${sorted.map(
          ({ id, experienceCount, currentExplorationRate }) => html`<li>
            <button type="button" @click=${() => this.inspect({ view: 'agents', agentId: id })}>
              ${text(id)}
              <span class="dim">${count(experienceCount)}<span class="hidden"> experiences, exploration rate</span></span>
              <span class="dim rate">${percent(currentExplorationRate)}</span>
              <span class="bar" ${styleProperties({ '--share': `${(100 * experienceCount) / most}%` })}></span>
            </button>
          </li>`,
        )}
      </ul>
      ${more > 0 ? html`<p class="note">and ${plural(more, 'more agent')}</p>` : ''}`
  }

  #changeList(): TemplateResult {
    const changes = [...this.#changes].sort(([, a], [, b]) => b.sequence - a.sequence)
    if (changes.length === 0)
      return empty('No changes since this view was opened. Changes by other tabs appear here too.')
    const newest = changes[0]?.[1].sequence
    return html`<ul class="changes">
      ${changes.map(
        ([collection, { sequence, commits }]) => html`<li>
          <span class=${sequence === newest ? 'fresh' : ''}>${collectionTitle(collection)}</span>
          <span class="dim">${plural(commits, 'commit')}</span>
          <span class="dim">last #${count(sequence)}</span>
        </li>`,
      )}
    </ul>`
  }
}

customElements.define('learning-overview', Overview)
