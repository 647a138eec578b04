import { type CSSResultGroup, html, type PropertyValues, type TemplateResult } from 'lit'
import type { Subscription } from '../../client/async-store.ts'
import type { Collection } from '../../collections.ts'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import '../components/chart.ts'
import { basics } from '../basics.styles.ts'
import { newestColumns } from '../components/experience-columns.ts'
import { rewardCurve, rewardSummary, STRETCHES } from '../components/reward-curve.ts'
import { count, percent, plural, text, wordsOf } from '../format.ts'
import { Live } from '../live.ts'
import { styled } from '../style-properties.ts'
import { empty, View } from '../view.ts'
import { overviewLook } from './overview.styles.ts'

const NEWEST = 8
/** There are few patterns: at most one for each agent, type of task and strategy. */
const EVERYTHING = 1_000_000
/** Of more agents the Agents view tells. */
const AGENTS_SHOWN = 40

/** What was touched since the view is open. */
interface Touched {
  readonly sequence: number
  readonly commits: number
}

/** How the store is as a whole, and what changed just now. */
export class Overview extends View {
  static override styles: CSSResultGroup = [basics, overviewLook]

  readonly #counts = new Live(this, async (queries) => {
    const [experiences, agentIds] = await Promise.all([queries.experiences.count(), queries.agents.list()])
    return { experiences, agentIds }
  })
  readonly #agents = new Live(
    this,
    async (queries) => {
      const ids = (await queries.agents.list()).map(({ id }) => id).slice(0, AGENTS_SHOWN)
      return Promise.all(ids.map((id) => queries.agentStatus(id)))
    },
    { everyMs: 250 },
  )
  readonly #others = new Live(
    this,
    async (queries) => {
      const [status, patterns, testPatterns] = await Promise.all([
        queries.status(),
        queries.patterns.list({ limit: EVERYTHING }),
        queries.testPatterns.count(),
      ])
      return { values: status.counts.values, patterns: patterns.length, testPatterns }
    },
    { everyMs: 1_000 },
  )
  readonly #rewards = new Live(this, async (queries) => {
    const stretches = await queries.experiences.rewardHistory({ limit: STRETCHES })
    return { stretches, plotted: rewardCurve(stretches) }
  })
  readonly #newest = new Live(this, (queries) => queries.experiences.list({ limit: NEWEST }))
  readonly #touched = new Map<Collection, Touched>()
  #watching: Subscription | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#watching?.unsubscribe()
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('store')) return
    this.#watching?.unsubscribe()
    this.#touched.clear()
    // The next answer draws it: no drawing of its own for each commit.
    this.#watching = this.store?.subscribe(({ sequence, collections }) => {
      for (const collection of collections) {
        this.#touched.set(collection, { sequence, commits: (this.#touched.get(collection)?.commits ?? 0) + 1 })
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
        ${this.shown(this.#rewards, ({ stretches, plotted }) =>
          stretches.length === 0
            ? empty('No experience yet. The curve begins when an agent learns from its first.')
            : html`<learning-chart
                label="Reward of all agents"
                .summary=${rewardSummary(stretches)}
                .plotted=${plotted}
              ></learning-chart>`,
        )}
      </section>
      <div class="columns">
        <section class="panel" aria-labelledby="agents">
          <div class="head">
            <h2 id="agents">Agents</h2>
            <span class="note" aria-hidden="true">experiences<span class="rate">explores</span></span>
          </div>
          ${this.shown(this.#agents, (agents) => this.#agentList(agents))}
        </section>
        <section class="panel" aria-labelledby="touched">
          <h2 id="touched">Changed just now</h2>
          ${this.#touchedList()}
        </section>
      </div>
      <section class="panel" aria-labelledby="newest">
        <div class="head">
          <h2 id="newest">Newest experiences</h2>
          <button type="button" class="quiet" @click=${() => this.inspect({ view: 'experiences' })}>All experiences</button>
        </div>
        ${this.shown(this.#newest, (rows) =>
          rows.length === 0
            ? empty('None yet: call agent.learn(…), or import a file in the Storage view.')
            : html`<learning-rows label="Newest experiences" .columns=${newestColumns} .rows=${rows}></learning-rows>`,
        )}
      </section>
    </div>`
  }

  #tiles(): [name: string, value: string, what: string][] {
    const counts = this.#counts.value
    const others = this.#others.value
    return [
      ['Agents', count(counts?.agentIds.length), 'agents'],
      ['Experiences', count(counts?.experiences), 'experiences'],
      ['Values', count(others?.values), 'values'],
      ['Patterns', count(others?.patterns), 'patterns'],
      ['Test patterns', count(others?.testPatterns), 'test-patterns'],
    ]
  }

  #agentList(agents: readonly AgentStatus[]): TemplateResult {
    if (agents.length === 0) return empty('No agent yet: store.agent(id) makes one.')
    const most = Math.max(1, ...agents.map(({ experienceCount }) => experienceCount))
    const sorted = agents.toSorted((a, b) => b.experienceCount - a.experienceCount)
    const more = (this.#counts.value?.agentIds.length ?? 0) - agents.length
    return html`<ul class="agents">
        ${sorted.map(
          ({ id, experienceCount, currentExplorationRate }) => html`<li>
            <button type="button" @click=${() => this.inspect({ view: 'agents', agentId: id })}>
              ${text(id)}
              <span class="dim">${count(experienceCount)}<span class="hidden"> experiences, explores</span></span>
              <span class="dim rate">${percent(currentExplorationRate)}</span>
              <span class="bar" ${styled({ '--share': `${(100 * experienceCount) / most}%` })}></span>
            </button>
          </li>`,
        )}
      </ul>
      ${more > 0 ? html`<p class="note">and ${plural(more, 'more agent')}</p>` : ''}`
  }

  #touchedList(): TemplateResult {
    const touched = [...this.#touched].sort(([, a], [, b]) => b.sequence - a.sequence)
    if (touched.length === 0) return empty('Nothing has changed since this view was opened. It follows every tab.')
    const newest = touched[0]?.[1].sequence
    return html`<ul class="touched">
      ${touched.map(
        ([collection, { sequence, commits }]) => html`<li>
          <span class=${sequence === newest ? 'fresh' : ''}>${wordsOf(collection)}</span>
          <span class="dim">${plural(commits, 'commit')}</span>
          <span class="dim">last #${count(sequence)}</span>
        </li>`,
      )}
    </ul>`
  }
}

customElements.define('learning-overview', Overview)
