import { html, type TemplateResult } from 'lit'
import type { Project, Truth } from './project.ts'

/** What the agents do not know: how often each strategy succeeds. */
export function truthsTable({ truths }: Project): TemplateResult {
  return html`<p class="caption">The chance of each strategy to succeed; the best one of each row is in bold.</p>
    <div class="scroller" role="region" aria-label="The hidden truths" tabindex="0">
    <table id="truths">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Tasks</th>
          <th scope="col" colspan="4">Strategies and their chances</th>
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
