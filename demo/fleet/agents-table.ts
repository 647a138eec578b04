import { QE_AGENT_TYPES, QE_AGENTS, type QeAgentType } from 'learning-store'
import { html, type TemplateResult } from 'lit'
import { countText, percentText } from '../shared/numbers.ts'
import { AGENT_WINDOW, type Comparison } from './comparison.ts'
import type { AgentDetails, FleetDetails } from './details.ts'
import type { Difficulty } from './project.ts'

/** How each agent does, and what it would do now. */
export function agentsTable(comparison: Comparison, details: FleetDetails | undefined): TemplateResult {
  return html`<p class="caption">
      A success rate is that of an agent's newest ${AGENT_WINDOW} tasks. A check mark says that the strategy is the one with
      the best hidden chance.
    </p>
    <div class="scroller" role="region" aria-label="The agents, one by one" tabindex="0">
    <table id="agents">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" class="number">Tasks</th>
          <th scope="col" class="number">Success rate</th>
          <th scope="col" class="number">By chance</th>
          <th scope="col" class="number">Exploration</th>
          <th scope="col">Routine tasks by</th>
          <th scope="col">Hard tasks by</th>
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
    <td class="number"><span class="meter" style="--share: ${tasks === 0 ? 0 : rates.taught}">${share(rates.taught)}</span></td>
    <td class="number muted">${share(rates.untaught)}</td>
    <td class="number">${details ? percentText(details.explorationRate) : '–'}</td>
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
  return html`${strategy}${isBest ? html` <span class="check" role="img" aria-label="the best">✓</span>` : ''}`
}
