import type { AsyncStore } from 'learning-store'
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import {
  type Cycle,
  hasLastResults,
  InvalidLog,
  OWN_RESULTS,
  readCycles,
  withOwnResults,
} from '../../examples/prioritization/cycles.ts'
import { LAST, lastMeanOf, meanOf, napfdText, summaryOf } from '../../examples/prioritization/report.ts'
import { workload } from '../../examples/prioritization/workload.ts'
import type { ChartOptions, Points } from '../shared/line-chart.ts'
import { Pace } from '../shared/pace.ts'
import { showFailure } from '../shared/page.ts'
import type { RunCommand, Speeds } from '../shared/run-controls.ts'
import { browserClock, Tempo } from '../shared/tempo.ts'
import { CONTENDERS, type Contender, type CycleResult, contest, movingScore } from './contest.ts'
import type { LogFile } from './log-input.ts'
import { orderTable } from './order-table.ts'

const SEED = 1
const WINDOW = 20
const SPEEDS: Speeds = { unit: ['cycle', 'cycles'], slowest: 1, fastest: 100 }
const TITLES: { readonly [C in Contender]: string } = { agent: 'The agent', heuristic: 'Heuristic', random: 'Random' }
const NOTES: { readonly [C in Contender]: string } = {
  agent: 'learns from verdicts',
  heuristic: 'by recent failures',
  random: 'mean of 20 orders',
}
const COLORS: { readonly [C in Contender]: string } = { agent: '--accent', heuristic: '--second', random: '--muted' }
const CHART: ChartOptions = {
  title: `NAPFD, moving average of ${WINDOW} cycles with failures`,
  xLabel: 'Cycles',
  lines: CONTENDERS.map((one) => ({ label: TITLES[one], color: COLORS[one], isDashed: one === 'random' })),
  yText: (y) => y.toFixed(2),
}

const BUILT_IN: LogFile = { name: `Generated log, seed ${SEED}`, csv: workload(SEED) }

/** An agent learns from a log of continuous integration which tests to run first. */
export class PrioritizationPage extends LitElement {
  static override properties: PropertyDeclarations = {
    openStore: { attribute: false },
    store: { state: true },
    log: { state: true },
    cycles: { state: true },
    results: { state: true },
    refusal: { state: true },
    hasOwnResults: { state: true },
  }
  /** Opens an empty store. */
  declare openStore: () => Promise<AsyncStore>
  declare store: AsyncStore | undefined
  declare log: LogFile
  declare cycles: readonly Cycle[]
  declare results: readonly CycleResult[]
  /** The reason why the last file was rejected. */
  declare refusal: string
  declare hasOwnResults: boolean
  readonly #tempo = new Tempo(10, browserClock)
  readonly #drawing = new Pace(60)
  #run = new AbortController()

  constructor() {
    super()
    Object.assign(this, { results: [], cycles: [], refusal: '', hasOwnResults: false, log: BUILT_IN })
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#begin(this.log)
  }

  protected override render(): TemplateResult {
    const { results, cycles, log } = this
    const isOver = results.length === cycles.length
    const scoresOf = (one: Contender): (number | undefined)[] => results.map(({ scores }) => scores[one])
    const points: Points = [
      results.map((_, i) => i + 1),
      ...CONTENDERS.map((one) => movingScore(scoresOf(one), WINDOW)),
    ]
    const newest = results.at(-1)
    return html`
      <log-input @log=${this.#loadLog}></log-input>
      <p id="refusal" role="alert">${this.refusal}</p>
      <run-controls .speeds=${SPEEDS} .isPaused=${this.#tempo.isPaused} .perSecond=${this.#tempo.perSecond}
        .isOver=${isOver} @command=${this.#handleCommand}></run-controls>
      <p class="muted" id="log" role="status">${log.name}: ${cycles.length > 0 ? summaryOf(cycles) : ''}${this.hasOwnResults ? `. ${OWN_RESULTS}` : ''}</p>
      <dl class="tiles">
        <div class="tile">
          <dt>Cycles</dt>
          <dd><output id="cycles">${results.length}</output> <small>of ${cycles.length}</small></dd>
        </div>
        ${CONTENDERS.map((one) => {
          const scores = scoresOf(one)
          const known = scores.filter((score) => score !== undefined).length
          return html`<div class="tile">
            <dt>${TITLES[one]}, ${NOTES[one]}</dt>
            <dd>
              <output id=${one}>${napfdText(meanOf(scores))}</output>
              <small>${known > LAST ? `${napfdText(lastMeanOf(scores))} in the last ${LAST}` : 'mean NAPFD'}</small>
            </dd>
          </div>`
        })}
      </dl>
      <line-chart .options=${CHART} .points=${points}></line-chart>
      <section>
        <h2>Test order</h2>
        ${newest ? orderTable(newest) : html`<p class="muted">No cycle yet.</p>`}
      </section>
      ${this.store && html`<store-panel .store=${this.store}></store-panel>`}
    `
  }

  readonly #loadLog = ({ detail }: CustomEvent<LogFile>): void => this.#begin(detail)

  /** Starts again with a log. An invalid log changes nothing. */
  #begin(log: LogFile): void {
    try {
      const read = readCycles(log.csv)
      this.hasOwnResults = !hasLastResults(read)
      this.cycles = this.hasOwnResults ? withOwnResults(read) : read
    } catch (error) {
      if (!(error instanceof InvalidLog)) throw error
      this.refusal = `${log.name} is not a valid log. ${error.message}`
      return
    }
    Object.assign(this, { log, refusal: '', results: [] })
    this.#run.abort()
    const run = new AbortController()
    this.#run = run
    this.#compete(this.cycles, run.signal).catch((error: unknown) => {
      if (!run.signal.aborted) showFailure(error)
    })
  }

  async #compete(cycles: readonly Cycle[], signal: AbortSignal): Promise<void> {
    const store = await this.openStore()
    const results: CycleResult[] = []
    const show = (): void => {
      if (!signal.aborted) this.results = [...results]
    }
    try {
      signal.throwIfAborted()
      this.store = store
      for await (const result of contest(store, cycles, SEED)) {
        results.push(result)
        this.#drawing.schedule(show)
        await this.#tempo.step(signal)
      }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      await store.close()
    }
  }

  readonly #handleCommand = ({ detail: command }: CustomEvent<RunCommand>): void => {
    if (command === 'reset') this.#begin(this.log)
    else Object.assign(this.#tempo, command)
    this.requestUpdate()
  }
}
