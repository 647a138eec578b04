import { type CSSResultGroup, css, html, type TemplateResult } from 'lit'
import type { FailurePattern, Pattern } from '../../learning/patterns/pattern.ts'
import { agentIds, agentSelect } from '../components/agent-select.ts'
import '../components/chart.ts'
import { basicStyles } from '../basics.styles.ts'
import type { ChartData } from '../components/chart.ts'
import type { Column } from '../components/rows-table.ts'
import { count, keyText, percent, plural, text, time } from '../format.ts'
import { Live } from '../live.ts'
import './test-patterns.ts'
import { empty, View } from '../view.ts'

/** There are few patterns: at most one for each agent, task type and strategy. */
const NO_LIMIT = 1_000_000

const COLUMNS: readonly Column<Pattern>[] = [
  { name: 'strategy', cell: ({ patternData }) => text(keyText(patternData)), by: nameOf, width: 18 },
  { name: 'task', cell: ({ patternType }) => text(patternType), by: ({ patternType }) => patternType, width: 20 },
  { name: 'agent', cell: ({ agentId }) => text(agentId ?? '–'), by: ({ agentId }) => agentId ?? '', width: 20 },
  {
    name: 'confidence',
    isNumber: true,
    width: 12,
    cell: ({ confidence }) => percent(confidence),
    by: ({ confidence }) => confidence,
  },
  {
    name: 'success rate',
    isNumber: true,
    width: 12,
    cell: ({ successRate, usageCount }) => percent(usageCount === 0 ? null : successRate),
    by: ({ successRate }) => successRate,
  },
  {
    name: 'uses',
    isNumber: true,
    width: 7,
    cell: ({ usageCount }) => count(usageCount),
    by: ({ usageCount }) => usageCount,
  },
  {
    name: 'evidence',
    cell: ({ lacksEvidence }) => text(lacksEvidence ? 'lacking' : 'enough'),
    by: ({ lowerBound }) => lowerBound,
    width: 10,
  },
  { name: 'last used', cell: ({ lastUsed }) => time(lastUsed), width: 20 },
]

const FAILURES: readonly Column<FailurePattern>[] = [
  { name: 'failure', cell: ({ pattern }) => text(pattern), by: ({ pattern }) => pattern, width: 24 },
  { name: 'agent', cell: ({ agentId }) => text(agentId ?? '–'), by: ({ agentId }) => agentId ?? '', width: 20 },
  {
    name: 'count',
    isNumber: true,
    width: 8,
    cell: ({ frequency }) => count(frequency),
    by: ({ frequency }) => frequency,
  },
  { name: 'root cause', cell: ({ rootCause }) => text(rootCause ?? '–'), width: 20 },
  { name: 'mitigation', cell: ({ mitigation }) => text(mitigation ?? '–'), width: 20 },
]

/** Test patterns, strategy patterns and failure patterns. */
export class PatternsView extends View {
  static override styles: CSSResultGroup = [
    basicStyles,
    css`
      learning-rows {
        --rows-height: 306px;
      }
    `,
  ]

  readonly #ids = new Live(this, agentIds)
  readonly #patterns = new Live(
    this,
    async (queries) => {
      const filters = this.agentId === undefined ? {} : { agentId: this.agentId }
      const [patterns, failures] = await Promise.all([
        queries.patterns.list({ ...filters, minLowerBound: 0, limit: NO_LIMIT }),
        queries.patterns.listFailures({ ...filters, limit: NO_LIMIT }),
      ])
      return { patterns, failures, chart: confidenceChart(patterns) }
    },
    { inputs: () => [this.agentId] },
  )

  override render(): TemplateResult {
    return html`<div class="stack">
      <learning-test-patterns .store=${this.store}></learning-test-patterns>
      <section class="panel" aria-labelledby="strategies">
        <div class="head">
          <h2 id="strategies">Strategy patterns</h2>
          ${agentSelect(this.#ids.value, this.agentId, (agentId) => this.inspect({ agentId }))}
        </div>
        ${this.renderLive(this.#patterns, ({ patterns, chart }) =>
          patterns.length === 0
            ? empty(
                'No patterns yet. A strategy becomes a pattern when the lower bound of its success rate is above 0.7 (agent.learnFromExecution, store.patterns.recordUse).',
              )
            : html`<learning-chart
                  label="Confidence by number of uses"
                  .summary=${`${plural(patterns.length, 'pattern')}; highest lower bound of the success rate: ${nameOf(patterns[0] as Pattern)}, ${percent(patterns[0]?.lowerBound)}.`}
                  .data=${chart}
                ></learning-chart>
                <learning-rows label="Strategy patterns, highest lower bound first" .columns=${COLUMNS} .rows=${patterns}></learning-rows>`,
        )}
      </section>
      <section class="panel" aria-labelledby="failures">
        <h2 id="failures">Failure patterns</h2>
        ${this.renderLive(this.#patterns, ({ failures }) =>
          failures.length === 0
            ? empty('No failures recorded.')
            : html`<learning-rows label="Failure patterns, most frequent first" .columns=${FAILURES} .rows=${failures}></learning-rows>`,
        )}
      </section>
    </div>`
  }
}

function nameOf({ patternData }: Pattern): string {
  return keyText(patternData)
}

/** Confidence and lower bound of the success rate by number of uses. */
function confidenceChart(patterns: readonly Pattern[]): ChartData {
  const byUse = patterns.toSorted((a, b) => a.usageCount - b.usageCount)
  return {
    x: byUse.map(({ usageCount }) => usageCount),
    xLabel: 'number of uses',
    names: byUse.map(nameOf),
    curves: [
      { label: 'confidence', values: byUse.map(({ confidence }) => confidence), isPoints: true },
      {
        label: 'success rate, lower bound',
        isFaint: true,
        isPoints: true,
        values: byUse.map(({ lowerBound }) => lowerBound),
      },
    ],
  }
}

customElements.define('learning-patterns', PatternsView)
