import type { Algorithm, AsyncStore } from 'learning-store'
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ChartOptions, Points } from '../shared/line-chart.ts'
import { Pace } from '../shared/pace.ts'
import { showFailure } from '../shared/page.ts'
import type { RunCommand, Speeds } from '../shared/run-controls.ts'
import { browserClock, Tempo } from '../shared/tempo.ts'
import { gridView, text } from './grid-view.ts'
import { type CellView, movingAverage, Walker } from './walker.ts'
import './grid.css'

const EPISODES = 500
const WINDOW = 20
const SPEEDS: Speeds = { unit: ['step', 'steps'], slowest: 1, fastest: 1_000 }
const ALGORITHMS: readonly (readonly [Algorithm, string, string])[] = [
  ['q-learning', 'Q-learning', 'Off-policy: learns the values of the greedy policy.'],
  ['sarsa', 'SARSA', 'On-policy: learns the values of its own policy, including exploration.'],
]
const CHART: ChartOptions = {
  title: `Reward per episode, moving average of ${WINDOW} episodes`,
  xLabel: 'Episode',
  lines: [
    { label: 'Q-learning', color: '--accent' },
    { label: 'SARSA', color: '--second' },
    { label: 'Shortest path', color: '--muted', isDashed: true },
  ],
  yText: text,
  // The first episodes cost hundreds and would flatten the rest of the curve.
  yRange: ([x, ...lines]) => {
    const newer = lines.flatMap((line) => line.slice(Math.floor(x.length / 3)))
    return [Math.min(-60, ...newer.map((y) => y ?? 0)), 0]
  },
}
const SHORTEST = -13

interface Shown {
  readonly walker: Walker
  readonly view: readonly CellView[]
}

/** Two agents walk along the cliff, on a store in memory. */
export class GridPage extends LitElement {
  static override properties: PropertyDeclarations = {
    openStore: { attribute: false },
    store: { state: true },
    shown: { state: true },
    isOver: { state: true },
    seed: { state: true },
  }
  /** Opens an empty store with this random seed. */
  declare openStore: (seed: number) => Promise<AsyncStore>
  declare store: AsyncStore | undefined
  declare shown: readonly Shown[]
  declare isOver: boolean
  declare seed: number
  readonly #tempo = new Tempo(240, browserClock)
  readonly #drawing = new Pace(60)
  #run = new AbortController()

  constructor() {
    super()
    Object.assign(this, { shown: [], isOver: false, seed: 0 })
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#begin()
  }

  protected override render(): TemplateResult {
    const returns = this.shown.map(({ walker }) => movingAverage(walker.returns, WINDOW))
    // One agent may be an episode ahead.
    const episodes = returns.length === 0 ? 0 : Math.min(...returns.map(({ length }) => length))
    const x = Array.from({ length: episodes }, (_, i) => i + 1)
    const lines = returns.map((line) => x.map((_, i) => line[i] ?? null))
    const points: Points = [x, lines[0] ?? [], lines[1] ?? [], x.map(() => SHORTEST)]
    return html`
      <run-controls .speeds=${SPEEDS} .isPaused=${this.#tempo.isPaused} .perSecond=${this.#tempo.perSecond}
        .isOver=${this.isOver} @command=${this.#handleCommand}></run-controls>
      <p class="muted" role="status">
        ${this.isOver ? `All ${EPISODES} episodes are done. Reset to start another run.` : `${EPISODES} episodes, seed ${this.seed}.`}
      </p>
      <div class="columns">
        ${this.shown.map(({ walker, view }, i) => this.#panel(walker, view, returns[i] ?? []))}
      </div>
      <line-chart .options=${CHART} .points=${points}></line-chart>
      ${this.store && html`<store-panel .store=${this.store}></store-panel>`}
    `
  }

  #panel(walker: Walker, view: readonly CellView[], returns: readonly number[]): TemplateResult {
    const [, title = '', description = ''] = ALGORITHMS.find(([algorithm]) => algorithm === walker.algorithm) ?? []
    const last = returns.at(-1)
    const done = walker.returns.length
    return html`<section class="panel walker" id=${walker.algorithm}>
      <h2>${title}</h2>
      <p class="muted">${description}</p>
      ${gridView(view, walker.cell)}
      <p class="muted">
        <output>${done}</output> ${done === 1 ? 'episode' : 'episodes'}, mean reward${done > WINDOW ? ` of the last ${WINDOW}` : ''}:
        ${last === undefined ? '–' : text(last)}
      </p>
    </section>`
  }

  #begin(): void {
    this.#run.abort()
    const run = new AbortController()
    this.#run = run
    this.seed++
    this.isOver = false
    this.#walk(run.signal).catch((error: unknown) => {
      if (!run.signal.aborted) showFailure(error)
    })
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const store = await this.openStore(this.seed)
    try {
      const walkers = await Promise.all(ALGORITHMS.map(([algorithm]) => Walker.open(store, algorithm)))
      this.store = store
      const step = async (): Promise<void> => {
        await this.#tempo.step(signal)
        // The store may be closed meanwhile.
        this.#drawing.schedule(() => this.#show(walkers, signal).catch(() => {}))
      }
      await this.#show(walkers, signal)
      for (let episode = 1; episode <= EPISODES; episode++) {
        await Promise.all(walkers.map((walker) => walker.walk(step)))
      }
      await this.#show(walkers, signal)
      this.isOver = true
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      await store.close()
    }
  }

  async #show(walkers: readonly Walker[], signal: AbortSignal): Promise<void> {
    const shown = await Promise.all(walkers.map(async (walker) => ({ walker, view: await walker.view() })))
    if (!signal.aborted) this.shown = shown
  }

  readonly #handleCommand = ({ detail: command }: CustomEvent<RunCommand>): void => {
    if (command === 'reset') this.#begin()
    else Object.assign(this.#tempo, command)
    this.requestUpdate()
  }
}
