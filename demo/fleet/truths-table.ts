import { html, type TemplateResult } from 'lit'
import type { Project, Truth } from './project.ts'

/** The true success rates of the strategies, which the agents do not know. */
export function truthsTable({ truths }: Project): TemplateResult {
  return html`<p class="caption">Success rate of each strategy. The best one of each row is in bold.</p>
    <div class="scroller" role="region" aria-label="Ground truth" tabindex="0">
    <table id="truths">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Tasks</th>
          <th scope="col" colspan="4">Strategies and their success rates</th>
        </tr>
      </thead>
      <tbody>
        ${truths.map(row)}
      </tbody>
    </table>
  </div>`
}

function row({ type, difficulty, chances, best }: Truth): TemplateResult {
  return html`<tr>
    <th scope="row">${type}</th>
    <td>${difficulty}</td>
    ${[...chances].map(([strategy, chance]) => {
      const text = html`${strategy} <span class="number">${Math.round(100 * chance)} %</span>`
      return html`<td>${strategy === best ? html`<strong>${text}</strong>` : text}</td>`
    })}
  </tr>`
}
