import type { AsyncStore, Pattern, Subscription } from 'learning-store'
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ChartOptions } from '../shared/line-chart.ts'
import { countText, percentText } from '../shared/numbers.ts'
import { Pace } from '../shared/pace.ts'
import { showFailure } from '../shared/page.ts'
import type { RunCommand } from '../shared/run-controls.ts'
import { agentsTable } from './agents-table.ts'
import { Comparison, WINDOW } from './comparison.ts'
import { type Controls, controlsIn, SPEEDS, setControls } from './controls.ts'
import { type FleetDetails, fleetDetails } from './details.ts'
import { followFleet } from './following.ts'
import { bestRate, type Project } from './project.ts'
import { LAST_TASK } from './runner.ts'
import { truthsTable } from './truths-table.ts'

const POINTS = 600
const PATTERNS = 8

const LINES = [
  { label: 'The fleet', color: '--accent' },
  { label: 'Uniform random', color: '--second' },
] as const

const SUCCESS: ChartOptions = {
  title: `Success rate, moving average of ${WINDOW} tasks`,
  xLabel: 'Tasks',
  lines: [...LINES, { label: 'Optimal', color: '--muted', isDashed: true }],
  yText: (y) => `${Math.round(100 * y)} %`,
  yRange: () => [0.3, 1],
}
const REGRET: ChartOptions = {
  title: 'Regret: cumulative successes forgone',
  xLabel: 'Tasks',
  lines: LINES,
  yText: countText,
  yRange: ([, ...lines]) => [0, Math.max(10, ...lines.map((line) => line.at(-1) ?? 0))],
}

/** The fleet at work, compared with uniform random choice. Every tab reads all it shows from the store. */
export class FleetPage extends LitElement {
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    project: { attribute: false },
    isRunner: { attribute: false },
    comparison: { state: true },
    controls: { state: true },
    details: { state: true },
  }
  declare store: AsyncStore
  declare project: Project
  /** Whether the fleet runs in this tab. */
  declare isRunner: boolean
  declare comparison: Comparison | undefined
  declare controls: Controls | undefined
  declare details: FleetDetails | undefined
  #subscriptions: readonly Subscription[] = []
  #saving: Promise<void> = Promise.resolve()
  readonly #drawing = new Pace(100)
  readonly #querying = new Pace(500)

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const { store, project } = this
    const comparisonQuery = followFleet(store, project, (comparison) => {
      this.#drawing.schedule(() => {
        this.comparison = comparison
        this.requestUpdate()
      })
      this.#querying.schedule(() => this.#loadDetails(comparison))
    })
    const controlsQuery = store.live(controlsIn, (controls) => {
      this.controls = controls
    })
    this.#subscriptions = [comparisonQuery, controlsQuery]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
  }

  protected override render(): TemplateResult {
    const { comparison = new Comparison(this.project), controls, project } = this
    const { tasks, rates, regret } = comparison
    const { tasks: x, rates: rateCurve, regret: regretCurve } = comparison.curve(POINTS)
    const best = bestRate(project)
    return html`
      ${
        controls &&
        html`<run-controls .speeds=${SPEEDS} .isPaused=${controls.isPaused} .perSecond=${controls.tasksPerSecond}
          .isOver=${tasks >= LAST_TASK} @command=${this.#handleCommand}></run-controls>`
      }
      <p class="muted" id="role" role="status">${this.#roleText(tasks)}</p>
      <dl class="tiles">
        ${tile('tasks', 'Tasks done', countText(tasks), `of ${countText(LAST_TASK)}`)}
        ${tile('rate', `Success rate, last ${WINDOW}`, percentText(rates.learning), `${percentText(rates.random)} uniform random`)}
        ${tile('regret', 'Successes forgone', countText(regret.learning), `${countText(regret.random)} uniform random`)}
        ${tile('patterns', 'Patterns with evidence', countText(this.details?.patterns.length ?? 0), `of ${4 * project.truths.length} possible`)}
      </dl>
      <div class="columns">
        <line-chart id="success-chart" .options=${SUCCESS} .points=${[x, rateCurve.learning, rateCurve.random, x.map(() => best)]}></line-chart>
        <line-chart id="regret-chart" .options=${REGRET} .points=${[x, regretCurve.learning, regretCurve.random]}></line-chart>
      </div>
      <section>
        <h2>Latest patterns</h2>
        ${this.#patterns()}
      </section>
      <section>
        <h2>Agents</h2>
        ${agentsTable(comparison, this.details)}
      </section>
      <details id="truths-panel">
        <summary>Ground truth</summary>
        <p>
          Every agent has four strategies and two kinds of tasks. The success rates of the strategies and the random draws of
          the tasks follow from the seed ${project.seed}; both fleets get the same tasks with the same draws.
          A success earns a reward of 1.0 to 1.4, a failure −0.7 to −0.5. An agent sees only the task and the reward.
        </p>
        ${truthsTable(project)}
      </details>
      <store-panel .store=${this.store}></store-panel>
    `
  }

  #roleText(tasks: number): string {
    if (tasks >= LAST_TASK) return `All ${countText(LAST_TASK)} tasks are done. Reset to start again.`
    return this.isRunner
      ? 'The fleet runs in this tab. After a reload, or in another tab, it continues where it stopped.'
      : 'The fleet runs in another tab. This tab shows the same store and takes over when that tab is closed.'
  }

  #patterns(): TemplateResult {
    const patterns = this.details?.patterns.slice(0, PATTERNS) ?? []
    if (patterns.length === 0) {
      return html`<p class="muted">No patterns yet. A strategy is listed when the lower bound of its success rate is above 70 %.</p>`
    }
    return html`<ul class="patterns">
      ${patterns.map(patternItem)}
    </ul>`
  }

  async #loadDetails(comparison: Comparison): Promise<void> {
    if (comparison.tasks === 0) this.details = undefined
    else this.details = await fleetDetails(this.store).catch(() => this.details)
  }

  readonly #handleCommand = ({ detail: command }: CustomEvent<RunCommand>): void => {
    const changes = command === 'reset' ? { resets: (this.controls?.resets ?? 0) + 1, isPaused: false } : command
    const update = 'perSecond' in changes ? { tasksPerSecond: changes.perSecond } : changes
    // One after the other: each update reads the controls and writes them back.
    this.#saving = this.#saving.then(() => setControls(this.store, update)).catch(showFailure)
  }
}

function tile(id: string, title: string, value: string, note: string): TemplateResult {
  return html`<div class="tile">
    <dt>${title}</dt>
    <dd><output id=${id}>${value}</output> <small>${note}</small></dd>
  </div>`
}

function patternItem({
  agentId,
  patternType,
  patternData,
  successCount,
  usageCount,
  confidence,
}: Pattern): TemplateResult {
  const { strategy } = patternData as { readonly strategy: string }
  const [, kind = ''] = patternType.replace(/-strategy$/, '').split('/')
  return html`<li>
    <strong>${strategy}</strong>
    <span>${agentId}, ${kind} tasks</span>
    <span class="muted">${countText(successCount)} of ${countText(usageCount)} succeeded, confidence ${percentText(confidence)}</span>
  </li>`
}

declare global {
  interface HTMLElementTagNameMap {
    'fleet-page': FleetPage
  }
}
