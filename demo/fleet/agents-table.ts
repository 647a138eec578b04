import { QE_AGENT_TYPES, QE_AGENTS, type QeAgentType } from 'learning-store'
import { html, type TemplateResult } from 'lit'
import { countText, percentText } from '../shared/numbers.ts'
import { AGENT_WINDOW, type Comparison } from './comparison.ts'
import type { AgentDetails, FleetDetails } from './details.ts'
import type { Difficulty } from './project.ts'

/** Success rate and preferred strategies of each agent. */
export function agentsTable(comparison: Comparison, details: FleetDetails | undefined): TemplateResult {
  return html`<p class="caption">
      Success rates cover the latest ${AGENT_WINDOW} tasks of an agent. A check mark means that the strategy is the one with the
      highest true success rate.
    </p>
    <div class="scroller" role="region" aria-label="Agents" tabindex="0">
    <table id="agents">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" class="number">Tasks</th>
          <th scope="col" class="number">Success rate</th>
          <th scope="col" class="number">Uniform random</th>
          <th scope="col">Preferred for routine tasks</th>
          <th scope="col">Preferred for hard tasks</th>
          <th scope="col" class="number">Patterns</th>
        </tr>
      </thead>
      <tbody>
        ${QE_AGENT_TYPES.map((type) => row(type, comparison, details?.agents.get(type)))}
      </tbody>
    </table>
  </div>`
}

function row(type: QeAgentType, comparison: Comparison, details: AgentDetails | undefined): TemplateResult {
  const { tasks, rates } = comparison.ofAgent(type)
  const share = (rate: number): string => (tasks === 0 ? '–' : percentText(rate))
  return html`<tr>
    <th scope="row" title=${QE_AGENTS[type].focus}>${type}</th>
    <td class="number">${countText(tasks)}</td>
    <td class="number"><span class="meter" style="--share: ${tasks === 0 ? 0 : rates.learning}">${share(rates.learning)}</span></td>
    <td class="number muted">${share(rates.random)}</td>
    <td>${preferred(type, 'routine', comparison, details)}</td>
    <td>${preferred(type, 'hard', comparison, details)}</td>
    <td class="number">${details ? countText(details.patterns) : '–'}</td>
  </tr>`
}

function preferred(
  type: QeAgentType,
  difficulty: Difficulty,
  { project }: Comparison,
  details: AgentDetails | undefined,
): TemplateResult {
  const strategy = details?.preferred[difficulty]
  if (strategy === undefined) return html`–`
  const isBest = strategy === project.truthOf(type, difficulty).best
  return html`${strategy}${isBest ? html` <span class="check" role="img" aria-label="best strategy">✓</span>` : ''}`
}
