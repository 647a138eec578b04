import { html, type TemplateResult } from 'lit'
import { countText } from '../shared/numbers.ts'
import type { CycleResult, Ordered } from './contest.ts'

const SHOWN = 12
const RESULTS = 8

/** The first tests in the order of the agent, with their verdicts. */
export function orderTable({ number, order }: CycleResult): TemplateResult {
  return html`<p class="caption">
      Cycle ${countText(number)}: the first ${Math.min(SHOWN, order.length)} of ${countText(order.length)} tests as the agent
      ordered them before it knew any verdict. Durations are in the unit of the log.
    </p>
    <div class="scroller" role="region" aria-label="Test order of the agent" tabindex="0">
    <table id="order">
      <thead>
        <tr>
          <th scope="col" class="number">Rank</th>
          <th scope="col">Test</th>
          <th scope="col">Last results, newest first</th>
          <th scope="col" class="number">Duration</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${order.slice(0, SHOWN).map(row)}
      </tbody>
    </table>
  </div>`
}

function row({ test, verdict }: Ordered, i: number): TemplateResult {
  const last = test.lastResults.slice(0, RESULTS)
  const failures = last.filter((one) => one === 1).length
  return html`<tr>
    <td class="number">${i + 1}</td>
    <th scope="row" class="name">${test.name}</th>
    <td>
      <span class="results" role="img" aria-label="${failures} of ${last.length} failed"
        >${last.map((one) => html`<i class=${one === 1 ? 'failed' : ''}></i>`)}</span
      >
    </td>
    <td class="number">${countText(test.duration)}</td>
    <td>${verdict === 1 ? html`<strong class="failed">failed</strong>` : html`<span class="muted">passed</span>`}</td>
  </tr>`
}
