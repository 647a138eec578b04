import type { AsyncStore, Pattern, Subscription } from 'learning-store'
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ChartOptions } from '../shared/line-chart.ts'
import { countText, percentText } from '../shared/numbers.ts'
import { Pace } from '../shared/pace.ts'
import { showFailure } from '../shared/page.ts'
import type { Wish } from '../shared/run-controls.ts'
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
  { label: 'The fleet', colour: '--accent' },
  { label: 'By chance', colour: '--second' },
] as const

const SUCCESS: ChartOptions = {
  title: `Success rate, moving average of ${WINDOW} tasks`,
  xLabel: 'Tasks',
  lines: [...LINES, { label: 'Best possible', colour: '--muted', isDashed: true }],
  yText: (y) => `${Math.round(100 * y)} %`,
  yRange: () => [0.3, 1],
}
const REGRET: ChartOptions = {
  title: 'Regret: successes forgone since the beginning',
  xLabel: 'Tasks',
  lines: LINES,
  yText: countText,
  yRange: ([, ...lines]) => [0, Math.max(10, ...lines.map((line) => line.at(-1) ?? 0))],
}

/** The fleet at work, beside one that chooses by chance: all that is shown is read from the store, in every tab. */
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
  /** Whether this is the tab in which the fleet works. */
  declare isRunner: boolean
  declare comparison: Comparison | undefined
  declare controls: Controls | undefined
  declare details: FleetDetails | undefined
  #subscriptions: readonly Subscription[] = []
  readonly #drawing = new Pace(100)
  readonly #asking = new Pace(500)

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const { store, project } = this
    const told = followFleet(store, project, (comparison) => {
      this.#drawing.soon(() => {
        this.comparison = comparison
        this.requestUpdate()
      })
      this.#asking.soon(() => this.#ask(comparison))
    })
    const controlled = store.live(controlsIn, (controls) => {
      this.controls = controls
    })
    this.#subscriptions = [told, controlled]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
  }

  protected override render(): TemplateResult {
    const { comparison = new Comparison(this.project), controls, project } = this
    const { tasks, rates, regret } = comparison
    const { tasks: x, rates: way, regret: forgone } = comparison.curve(POINTS)
    const best = bestRate(project)
    return html`
      ${
        controls &&
        html`<run-controls .speeds=${SPEEDS} .isPaused=${controls.isPaused} .perSecond=${controls.tasksPerSecond}
          .isOver=${tasks >= LAST_TASK} @wish=${this.#wish}></run-controls>`
      }
      <p class="muted" id="role" role="status">${this.#roleText(tasks)}</p>
      <dl class="tiles">
        ${tile('tasks', 'Tasks done', countText(tasks), `of ${countText(LAST_TASK)}`)}
        ${tile('rate', `Success rate, last ${WINDOW}`, percentText(rates.taught), `${percentText(rates.untaught)} by chance`)}
        ${tile('regret', 'Successes forgone', countText(regret.taught), `${countText(regret.untaught)} by chance`)}
        ${tile('patterns', 'Patterns discovered', countText(this.details?.patterns.length ?? 0), `of ${4 * project.truths.length} possible`)}
      </dl>
      <div class="columns">
        <line-chart id="success-chart" .options=${SUCCESS} .points=${[x, way.taught, way.untaught, x.map(() => best)]}></line-chart>
        <line-chart id="regret-chart" .options=${REGRET} .points=${[x, forgone.taught, forgone.untaught]}></line-chart>
      </div>
      <section>
        <h2>Discovered last</h2>
        ${this.#patterns()}
      </section>
      <section>
        <h2>The agents</h2>
        ${agentsTable(comparison, this.details)}
      </section>
      <details id="truths-panel">
        <summary>Hidden truths</summary>
        <p>
          Every agent has four strategies and two kinds of tasks, and for each kind the chances were dealt out by the seed
          ${project.seed}. So was the luck that every task meets: both fleets try the same tasks with the same luck.
          A success earns a reward of 1.0 to 1.4, a failure one of −0.7 to −0.5. An agent sees the task and the reward, nothing else.
        </p>
        ${truthsTable(project)}
      </details>
      <store-panel .store=${this.store}></store-panel>
    `
  }

  #roleText(tasks: number): string {
    if (tasks >= LAST_TASK) return `All ${countText(LAST_TASK)} tasks are done. Reset, and the fleet begins anew.`
    return this.isRunner
      ? 'The fleet works in this tab. Reload, or open another tab: it goes on where it was.'
      : 'The fleet works in another tab; this one shows the same store, and takes over when that one is closed.'
  }

  #patterns(): TemplateResult {
    const patterns = this.details?.patterns.slice(0, PATTERNS) ?? []
    if (patterns.length === 0) {
      return html`<p class="muted">No strategy has proved itself yet: that takes five uses, of which more than 70 % succeed.</p>`
    }
    return html`<ul class="patterns">
      ${patterns.map(patternItem)}
    </ul>`
  }

  async #ask(comparison: Comparison): Promise<void> {
    if (comparison.tasks === 0) this.details = undefined
    else this.details = await fleetDetails(this.store).catch(() => this.details)
  }

  readonly #wish = ({ detail: wish }: CustomEvent<Wish>): void => {
    const changes = wish === 'reset' ? { resets: (this.controls?.resets ?? 0) + 1, isPaused: false } : wish
    setControls(this.store, 'perSecond' in changes ? { tasksPerSecond: changes.perSecond } : changes).catch(showFailure)
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
