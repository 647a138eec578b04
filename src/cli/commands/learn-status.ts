import type { CommandSpec } from '../command.ts'
import type { Context, SelectedAgent } from '../context.ts'
import { AGENT } from '../options.ts'
import { plural, short, type Terminal } from '../terminal.ts'

export const learnStatus: CommandSpec = {
  name: 'learn status',
  summary: 'show the experiences, rewards, values and patterns of agents',
  options: [AGENT, ['--detailed', 'show more of each agent, with its best values']],
  examples: [
    'learn status',
    'learn status --agent qe-test-generator',
    'learn status --agent qe-test-generator-001 --detailed --json',
  ],
  async run(context) {
    const { terminal } = context
    const selected = await context.agents()
    const agents = await Promise.all(selected.map((one) => statusOf(context, one)))
    const { sequence, databaseBytes } = await (await context.store()).status()
    const json = { storage: context.storage, sequence, databaseBytes, agents }
    if (agents.length === 0) return { json, text: `No agent has learned anything in ${context.storage} yet.` }
    if (!context.has('detailed')) return { json, text: overview(agents, terminal) }
    return { json, text: agents.map((one) => detailed(one, terminal)).join('\n\n') }
  },
}

type Status = Awaited<ReturnType<typeof statusOf>>

async function statusOf(context: Context, { agent, status }: SelectedAgent) {
  const store = await context.store()
  const [statistics, isEnabled] = await Promise.all([agent.getStatistics(), agent.isLearningEnabled()])
  const all = { ...status, isEnabled, ...statistics }
  if (!context.has('detailed')) return { ...all, best: [], failures: [] }
  const [best, failures] = await Promise.all([
    store.values.list({ agentId: agent.id, limit: 5 }),
    store.patterns.listFailures({ agentId: agent.id, limit: 5 }),
  ])
  return { ...all, best, failures }
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

function detailed(one: Status, terminal: Terminal): string {
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
  return [terminal.style.bold(one.id), about, ...best].join('\n')
}

function percent(part: number | null): string {
  return part === null ? '-' : `${short(part * 100)} %`
}
