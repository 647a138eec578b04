import { html, type TemplateResult } from 'lit'
import type { AgentStatus } from '../../learning/agents/agent-status.ts'
import type { AgentStatistics } from '../../learning/executions/statistics.ts'
import { count, milliseconds, number, percent, plural } from '../format.ts'
import { styleProperties } from '../style-properties.ts'

/** The learning progress of an agent. */
export function progressPanel(status: AgentStatus, statistics: AgentStatistics): TemplateResult {
  const { explorationRate, currentExplorationRate, explorationDecay, minExplorationRate, policy } = status
  const { previousPerformance, newPerformance, improvementRate, improved } = statistics
  const gain = `${improvementRate > 0 ? '+' : ''}${percent(improvementRate / 100)}`
  const isKnown = statistics.experiences >= 20
  return html`<section class="panel" aria-labelledby="progress">
    <h2 id="progress">Progress</h2>
    <div class="figures">
      <div class="figure">
        <h3>Improvement over the first 20</h3>
        <b class=${isKnown && improved ? 'good' : 'dim'}>${isKnown ? gain : 'not enough data'}</b>
        <span class="note"
          >${
            isKnown
              ? `Mean reward ${number(newPerformance)} in the last 20 experiences, ${number(previousPerformance)} in the first 20; ${improved ? 'an improvement' : 'no improvement'} at the 5 % level.`
              : `${plural(statistics.experiences, 'experience')}; at least 20 are needed.`
          }</span
        >
      </div>
      <div class="figure">
        <h3>Exploration rate</h3>
        <b>${percent(currentExplorationRate)}</b>
        <span class="gauge" ${styleProperties({ '--share': `${100 * currentExplorationRate}%` })}></span>
        <span class="note"
          >Initially ${percent(explorationRate)}, multiplied by ${explorationDecay} after each episode, at least
          ${percent(minExplorationRate)}.${policy === 'epsilon-greedy' ? '' : ` Not used by the policy ${policy}.`}</span
        >
      </div>
    </div>
    <dl class="facts">
      <dt>experiences</dt>
      <dd data-count="experiences">${count(statistics.experiences)}</dd>
      <dt>mean reward</dt>
      <dd>${number(statistics.averageReward)}</dd>
      ${decisionCounts(status.decisions)}
      <dt>tasks</dt>
      <dd>${count(statistics.tasks)}${statistics.tasks > 0 ? `, ${percent(statistics.successRate)} successful` : ''}</dd>
      <dt>values</dt>
      <dd>${count(statistics.values)} in ${plural(statistics.states, 'state')}${
        statistics.statesSeenOnce === null ? '' : `, ${percent(statistics.statesSeenOnce)} of them seen once`
      }</dd>
      <dt>patterns</dt>
      <dd>${plural(statistics.patterns, 'pattern')}, ${plural(statistics.failurePatterns, 'failure pattern')}</dd>
    </dl>
  </section>`
}

/** Nothing for an agent without decisions. */
function decisionCounts({ open, rewarded, expired }: AgentStatus['decisions']): TemplateResult | string {
  if (open + rewarded + expired === 0) return ''
  return html`<dt>decisions</dt>
    <dd>${count(open)} open, ${count(rewarded)} rewarded, ${count(expired)} expired</dd>`
}

/** The configuration of an agent. */
export function configurationPanel(status: AgentStatus): TemplateResult {
  const {
    type,
    algorithm,
    learningRateSchedule,
    learningRate,
    discountFactor,
    policy,
    temperature,
    ucbScale,
    nStep,
    traceDecay,
    planningSteps,
    modelWindow,
    modelHalfLife,
    explorationBonus,
    rewardRange,
    rewardScale,
    learnedScale,
    unseenStates,
    features,
    actionFeatures,
    defaultTaskType,
    rewardWithinMs,
    defaultReward,
    warnings,
  } = status
  const facts: readonly (readonly [unknown, unknown])[] = [
    ['type', html`<bdi>${type}</bdi>`],
    ['algorithm', algorithm],
    ['learning rate', learningRateSchedule === 'constant' ? `constant, ${learningRate}` : 'sample average, 1/N'],
    ['discount factor', discountFactor],
    ['policy', policy],
    ...(policy === 'softmax' ? [['temperature', temperature ?? 'a share of the reward scale'] as const] : []),
    ...(policy === 'ucb1' || algorithm === 'lin-ucb' ? [['confidence bound scale', number(ucbScale)] as const] : []),
    ...(rewardRange ? [['reward range', rewardRange.map((end) => number(end)).join(' to ')] as const] : []),
    ['reward scale', rewardScale ?? (learnedScale === null ? 'not learned yet' : `${number(learnedScale)}, learned`)],
    ...(unseenStates === 'auto' ? [] : [['states without values', `${unseenStates} actions`] as const]),
    ...(nStep > 1 ? [['rewards per target', nStep] as const] : []),
    ...(traceDecay > 0 ? [['trace decay', number(traceDecay)] as const] : []),
    ...Object.entries(features).map(([path, kind]) => [html`feature <bdi>${path}</bdi>`, kind] as const),
    ...(actionFeatures ? [['actions', 'share weights by their features'] as const] : []),
    ...(defaultTaskType === null ? [] : [['tasks without a type', html`<bdi>${defaultTaskType}</bdi>`] as const]),
    ...(rewardWithinMs === null ? [] : [['rewards expected within', milliseconds(rewardWithinMs)] as const]),
    ...(defaultReward === null ? [] : [['default reward', number(defaultReward)] as const]),
    ['planning', planningSteps === 0 ? 'none' : plural(planningSteps, 'step')],
    ...(modelWindow > 0 ? [['model window', plural(modelWindow, 'experience')] as const] : []),
    ...(modelHalfLife > 0 ? [['model half-life', plural(modelHalfLife, 'experience')] as const] : []),
    ...(explorationBonus > 0 ? [['exploration bonus', number(explorationBonus)] as const] : []),
  ]
  return html`<section class="panel" aria-labelledby="configuration">
    <h2 id="configuration">Configuration</h2>
    <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${warnings.map((warning) => html`<p class="note wrap">${warning}</p>`)}
  </section>`
}
