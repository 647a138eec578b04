import type { CommandSpec } from '../command.ts'
import type { Chosen, Context } from '../context.ts'
import { AGENT } from '../options.ts'
import { facts, plural, short, style, table } from '../terminal.ts'

export const learnStatus: CommandSpec = {
  name: 'learn status',
  summary: 'how far agents are: experiences, rewards, values, patterns',
  options: [AGENT, ['--detailed', 'tell more of each agent, with its best values']],
  examples: [
    'learn status',
    'learn status --agent qe-test-generator',
    'learn status --agent qe-test-generator-001 --detailed --json',
  ],
  async run(context) {
    const chosen = await context.agents()
    const agents = await Promise.all(chosen.map((one) => statusOf(context, one)))
    const { sequence, databaseBytes } = await (await context.store()).status()
    const json = { storage: context.storage, sequence, databaseBytes, agents }
    if (agents.length === 0) return { json, text: `No agent has learned anything in ${context.storage} yet.` }
    return { json, text: context.has('detailed') ? agents.map(detailed).join('\n\n') : overview(agents) }
  },
}

type Status = Awaited<ReturnType<typeof statusOf>>

async function statusOf(context: Context, { agent, status }: Chosen) {
  const store = await context.store()
  const [statistics, isEnabled] = await Promise.all([agent.getStatistics(), agent.isLearningEnabled()])
  const known = { ...status, isEnabled, ...statistics }
  if (!context.has('detailed')) return { ...known, best: [], failures: [] }
  const [best, failures] = await Promise.all([
    store.values.list({ agentId: agent.id, limit: 5 }),
    store.patterns.listFailures({ agentId: agent.id, limit: 5 }),
  ])
  return { ...known, best, failures }
}

function overview(agents: readonly Status[]): string {
  const head = ['agent', 'type', 'experiences', 'reward', 'success', 'patterns', 'learns']
  const rows = agents.map((one) => [
    ...[one.id, one.type, one.experiences, short(one.averageReward), percent(one.successRate)],
    ...[one.patterns, one.isEnabled ? 'yes' : 'no'],
  ])
  return table(head, rows, ['type'])
}

function detailed(one: Status): string {
  const about = facts([
    ['type', one.type],
    ['learns', one.isEnabled ? 'yes' : 'no (disabled)'],
    ['rule', `${one.algorithm}, rate ${one.learningRate}, discount ${one.discountFactor}`],
    [
      'exploration',
      `${short(one.explorationRate)} (x ${one.explorationDecay} an episode, floor ${one.minExplorationRate})`,
    ],
    ['experiences', `${one.experiences}, mean reward ${short(one.averageReward)}`],
    ['tasks', `${one.tasks}, ${percent(one.successRate)} of them succeeded`],
    ['values', `${one.values} in ${plural(one.states, 'state')}`],
    ['patterns', `${one.patterns}, and ${one.failurePatterns} of failures`],
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
      : ['', table(['best in state', 'action', 'value', 'visits'], rows, ['best in state', 'action'])]
  return [style.bold(one.id), about, ...best].join('\n')
}

function percent(part: number | null): string {
  return part === null ? '-' : `${short(part * 100)} %`
}
