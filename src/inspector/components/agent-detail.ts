import { html, type TemplateResult } from 'lit'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import type { AgentStatistics } from '../../learning/executions/statistics.ts'
import { count, number, percent, plural } from '../format.ts'
import { styled } from '../style-properties.ts'

/** How far an agent is. */
export function figures(status: AgentStatus, statistics: AgentStatistics): TemplateResult {
  const { explorationRate, currentExplorationRate, explorationDecay, minExplorationRate, policy } = status
  const { previousPerformance, newPerformance, improvementRate, improved } = statistics
  const gain = `${improvementRate > 0 ? '+' : ''}${percent(improvementRate / 100)}`
  const isKnown = statistics.experiences >= 20
  return html`<section class="panel" aria-labelledby="far">
    <h2 id="far">How far it is</h2>
    <div class="figures">
      <div class="figure">
        <h3>Improvement against the first 20</h3>
        <b class=${isKnown ? (improved ? 'good' : 'bad') : 'dim'}>${isKnown ? gain : 'not yet'}</b>
        <span class="note"
          >${
            isKnown
              ? `Mean reward ${number(newPerformance)} in the last 20, ${number(previousPerformance)} in the first 20.`
              : `It has ${plural(statistics.experiences, 'experience')}; it takes 20.`
          }</span
        >
      </div>
      <div class="figure">
        <h3>Exploration rate</h3>
        <b>${percent(currentExplorationRate)}</b>
        <span class="gauge" ${styled({ '--share': `${100 * currentExplorationRate}%` })}></span>
        <span class="note"
          >Began at ${percent(explorationRate)}, times ${explorationDecay} after each episode, not below
          ${percent(minExplorationRate)}.${policy === 'epsilon-greedy' ? '' : ` Its policy, ${policy}, does not explore by it.`}</span
        >
      </div>
    </div>
    <dl class="facts">
      <dt>experiences</dt>
      <dd data-count="experiences">${count(statistics.experiences)}</dd>
      <dt>mean reward</dt>
      <dd>${number(statistics.averageReward)}</dd>
      <dt>tasks</dt>
      <dd>${count(statistics.tasks)}${statistics.tasks > 0 ? `, ${percent(statistics.successRate)} succeeded` : ''}</dd>
      <dt>values</dt>
      <dd>${count(statistics.values)} in ${plural(statistics.states, 'state')}</dd>
      <dt>patterns</dt>
      <dd>${count(statistics.patterns)}, and ${count(statistics.failurePatterns)} of failures</dd>
    </dl>
  </section>`
}

/** How an agent learns. */
export function configuration(status: AgentStatus): TemplateResult {
  const {
    type,
    algorithm,
    learningRateSchedule,
    learningRate,
    discountFactor,
    policy,
    temperature,
    ucbScale,
    planningSteps,
  } = status
  const facts: readonly (readonly [string, unknown])[] = [
    ['type', html`<bdi>${type}</bdi>`],
    ['rule', algorithm],
    ['step size', learningRateSchedule === 'constant' ? `constant, ${learningRate}` : 'sample average, 1/N'],
    ['discount factor', discountFactor],
    ['policy', policy],
    ...(policy === 'softmax' ? [['temperature', temperature] as const] : []),
    ...(policy === 'ucb1' || algorithm === 'lin-ucb' ? [['width of bounds', number(ucbScale)] as const] : []),
    ['planning', planningSteps === 0 ? 'none' : plural(planningSteps, 'step')],
  ]
  return html`<section class="panel" aria-labelledby="how">
    <h2 id="how">How it learns</h2>
    <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
  </section>`
}
