import type { AsyncStore } from '../../client/async-store.ts'
import type { CommandSpec } from '../command.ts'
import type { SelectedAgent } from '../context.ts'
import { AGENT } from '../options.ts'
import { percent, plural, short, type Terminal } from '../terminal.ts'

export const learnStatus: CommandSpec = {
  name: 'learn status',
  summary: 'show the experiences, rewards, values and patterns of agents',
  isReading: true,
  options: [AGENT, ['--detailed', 'show more of each agent, with its best values']],
  examples: [
    'learn status',
    'learn status --agent qe-test-generator',
    'learn status --agent qe-test-generator-001 --detailed --json',
  ],
  async run(context) {
    const { terminal } = context
    const agents = await Promise.all((await context.agents()).map(statusOf))
    const store = await context.store()
    const { sequence, databaseBytes } = await store.status()
    const about = { storage: context.storage, sequence, databaseBytes }
    if (agents.length === 0) {
      return { json: { ...about, agents }, text: `No agent has learned anything in ${context.storage} yet.` }
    }
    if (!context.has('detailed')) return { json: { ...about, agents }, text: overview(agents, terminal) }
    const details = await Promise.all(agents.map((one) => detailsOf(store, one)))
    const text = details.map((one) => detailed(one, terminal)).join('\n\n')
    return { json: { ...about, agents: details }, text }
  },
}

type Status = Awaited<ReturnType<typeof statusOf>>
type Details = Awaited<ReturnType<typeof detailsOf>>

async function statusOf({ agent, status }: SelectedAgent) {
  const [statistics, isEnabled] = await Promise.all([agent.getStatistics(), agent.isLearningEnabled()])
  return { ...status, isEnabled, ...statistics }
}

async function detailsOf(store: AsyncStore, status: Status) {
  const [best, failures] = await Promise.all([
    store.values.list({ agentId: status.id, limit: 5 }),
    store.patterns.listFailures({ agentId: status.id, limit: 5 }),
  ])
  return { ...status, best, failures }
}

function overview(agents: readonly Status[], terminal: Terminal): string {
  const head = ['agent', 'type', 'experiences', 'reward', 'success', 'patterns', 'learning']
  const rows = agents.map((one) => [
    one.id,
    one.type,
    one.experiences,
    short(one.averageReward),
    percent(one.successRate),
    one.patterns - one.patternsLackingEvidence,
    one.isEnabled ? 'on' : 'off',
  ])
  return terminal.table(head, rows, ['type'])
}

function detailed(one: Details, terminal: Terminal): string {
  const about = terminal.facts([
    ['type', one.type],
    ['learning', one.isEnabled ? 'on' : 'off'],
    ['algorithm', `${one.algorithm}, learning rate ${one.learningRate}, discount factor ${one.discountFactor}`],
    [
      'exploration',
      `rate ${short(one.explorationRate)}, decay ${one.explorationDecay} per episode, minimum ${one.minExplorationRate}`,
    ],
    ...(one.rewardRange ? [['reward range', one.rewardRange.join(' to ')] as const] : []),
    ['experiences', `${one.experiences}, mean reward ${short(one.averageReward)}`],
    ['tasks', `${one.tasks}, success rate ${percent(one.successRate)}`],
    ['values', `${one.values} in ${plural(one.states, 'state')}`],
    [
      'patterns',
      `${one.patterns}, ${one.patternsLackingEvidence} of them without enough evidence, and ${plural(one.failurePatterns, 'failure pattern')}`,
    ],
  ])
  const rows = one.best.map(({ stateKey, actionKey, value, visits }) => [
    stateKey,
    actionKey,
    Number(short(value)),
    visits,
  ])
  const best =
    rows.length === 0
      ? []
      : ['', terminal.table(['state', 'best action', 'value', 'visits'], rows, ['state', 'best action'])]
  const failed = one.failures.map(({ pattern, frequency, confidence, rootCause, lastSeen }) => [
    pattern,
    frequency,
    Number(short(confidence)),
    rootCause,
    lastSeen,
  ])
  const failures =
    failed.length === 0
      ? []
      : [
          '',
          terminal.table(['failure', 'count', 'confidence', 'root cause', 'last'], failed, ['failure', 'root cause']),
        ]
  return [terminal.style.bold(one.id), about, ...best, ...failures].join('\n')
}
