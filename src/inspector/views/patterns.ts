import { type CSSResultGroup, css, html, type TemplateResult } from 'lit'
import type { FailurePattern, Pattern } from '../../learning/patterns/pattern.ts'
import { agentChoice } from '../components/agent-select.ts'
import '../components/chart.ts'
import { basics } from '../basics.styles.ts'
import type { Plotted } from '../components/chart.ts'
import type { Column } from '../components/rows-table.ts'
import { count, keyText, percent, plural, text, time } from '../format.ts'
import { Live } from '../live.ts'
import './test-patterns.ts'
import { empty, View } from '../view.ts'

/** There are few: at most one for each agent, type of task and strategy. */
const EVERYTHING = 1_000_000

const COLUMNS: readonly Column<Pattern>[] = [
  { name: 'strategy', cell: ({ patternData }) => text(keyText(patternData)), by: nameOf, width: 18 },
  { name: 'task', cell: ({ patternType }) => text(patternType), by: ({ patternType }) => patternType, width: 20 },
  { name: 'agent', cell: ({ agentId }) => text(agentId ?? '–'), by: ({ agentId }) => agentId ?? '', width: 20 },
  {
    ...{ name: 'confidence', isNumber: true, width: 12 },
    cell: ({ confidence }) => percent(confidence),
    by: ({ confidence }) => confidence,
  },
  {
    ...{ name: 'success', isNumber: true, width: 9 },
    cell: ({ successRate }) => percent(successRate),
    by: ({ successRate }) => successRate,
  },
  {
    ...{ name: 'uses', isNumber: true, width: 7 },
    cell: ({ usageCount }) => count(usageCount),
    by: ({ usageCount }) => usageCount,
  },
  { name: 'last used', cell: ({ lastUsed }) => time(lastUsed), width: 20 },
]

const FAILURES: readonly Column<FailurePattern>[] = [
  { name: 'what fails', cell: ({ pattern }) => text(pattern), by: ({ pattern }) => pattern, width: 24 },
  { name: 'agent', cell: ({ agentId }) => text(agentId ?? '–'), by: ({ agentId }) => agentId ?? '', width: 20 },
  {
    ...{ name: 'times', isNumber: true, width: 8 },
    cell: ({ frequency }) => count(frequency),
    by: ({ frequency }) => frequency,
  },
  { name: 'cause, as last told', cell: ({ rootCause }) => text(rootCause ?? '–'), width: 20 },
  { name: 'what would help', cell: ({ mitigation }) => text(mitigation ?? '–'), width: 20 },
]

/** What proved itself: tests to write again, and strategies of agents; and what goes wrong. */
export class PatternsView extends View {
  static override styles: CSSResultGroup = [
    basics,
    css`
      learning-rows {
        --rows-height: 306px;
      }
    `,
  ]

  readonly #ids = new Live(this, async (queries) => (await queries.agents.list()).map(({ id }) => id))
  readonly #patterns = new Live(
    this,
    async (queries) => {
      const whose = this.agentId === undefined ? {} : { agentId: this.agentId }
      const [patterns, failures] = await Promise.all([
        queries.patterns.list({ ...whose, limit: EVERYTHING }),
        queries.patterns.listFailures({ ...whose, limit: EVERYTHING }),
      ])
      return { patterns, failures, points: plotted(patterns) }
    },
    { on: () => [this.agentId] },
  )

  override render(): TemplateResult {
    return html`<div class="stack">
      <learning-test-patterns .store=${this.store}></learning-test-patterns>
      <section class="panel" aria-labelledby="strategies">
        <div class="head">
          <h2 id="strategies">Strategies that proved themselves</h2>
          ${agentChoice(this.#ids.value, this.agentId, (agentId) => this.inspect({ agentId }))}
        </div>
        ${this.shown(this.#patterns, ({ patterns, points }) =>
          patterns.length === 0
            ? empty(
                'None yet: a strategy becomes a pattern when most of its uses succeeded (agent.learnFromExecution, store.patterns.recordUse).',
              )
            : html`<learning-chart
                  label="Confidence against use"
                  .summary=${`${plural(patterns.length, 'pattern')}; the best is ${nameOf(patterns[0] as Pattern)} with ${percent(patterns[0]?.confidence)}.`}
                  .plotted=${points}
                ></learning-chart>
                <learning-rows label="Strategies, the best first" .columns=${COLUMNS} .rows=${patterns}></learning-rows>`,
        )}
      </section>
      <section class="panel" aria-labelledby="failures">
        <h2 id="failures">What goes wrong</h2>
        ${this.shown(this.#patterns, ({ failures }) =>
          failures.length === 0
            ? empty('No failure was told.')
            : html`<learning-rows label="Failures, the most frequent first" .columns=${FAILURES} .rows=${failures}></learning-rows>`,
        )}
      </section>
    </div>`
  }
}

function nameOf({ patternData }: Pattern): string {
  return keyText(patternData)
}

/** Each pattern by how often it was used: how sure it is, and what its success is worth. */
function plotted(patterns: readonly Pattern[]): Plotted {
  const byUse = patterns.toSorted((a, b) => a.usageCount - b.usageCount)
  return {
    ...{ x: byUse.map(({ usageCount }) => usageCount), xLabel: 'number of uses', names: byUse.map(nameOf) },
    curves: [
      { label: 'confidence', values: byUse.map(({ confidence }) => confidence), isPoints: true },
      {
        ...{ label: 'lower bound of success', isFaint: true, isPoints: true },
        values: byUse.map(({ lowerBound }) => lowerBound),
      },
    ],
  }
}

customElements.define('learning-patterns', PatternsView)
