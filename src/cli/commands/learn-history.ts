import { keyOf } from '../../algorithms/keys/keys.ts'
import type { CommandSpec } from '../command.ts'
import { AGENT, LIMIT } from '../options.ts'
import { plural, short, style, table } from '../terminal.ts'
import { strategyRows } from './patterns-list.ts'

export const learnHistory: CommandSpec = {
  name: 'learn history',
  summary: 'the newest experiences, and the patterns that came of them',
  options: [AGENT, LIMIT, ['--detailed', 'show the ids and the next states, too']],
  examples: ['learn history --agent qe-test-generator --limit 50', 'learn history --json'],
  async run(context) {
    const store = await context.store()
    const limit = context.count('limit') ?? 20
    const chosen = await context.agents()
    const ids = chosen.map(({ agent }) => agent.id)
    const listed = await Promise.all(ids.map((agentId) => store.experiences.list({ agentId, limit })))
    // Each list is newest first, and sorting keeps the order of equals.
    const experiences = listed
      .flat()
      .sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0))
    experiences.splice(limit)
    const found = await Promise.all(ids.map((agentId) => store.patterns.list({ agentId, limit })))
    const patterns = found.flat().slice(0, limit)
    const json = { experiences, patterns }
    if (experiences.length === 0) {
      const kept = chosen.reduce((sum, { status }) => sum + status.experienceCount, 0)
      return { json, text: kept === 0 ? 'No experiences yet.' : `None of ${plural(kept, 'experience')} are shown.` }
    }
    const isDetailed = context.has('detailed')
    const head = [
      'time (UTC)',
      'agent',
      'task',
      'state',
      'action',
      'reward',
      ...(isDetailed ? ['next state', 'id'] : []),
    ]
    const rows = experiences.map((one) => [
      ...[one.timestamp, one.agentId, one.taskType, keyOf(one.state), keyOf(one.action), Number(short(one.reward))],
      ...(isDetailed ? [keyOf(one.nextState), one.id] : []),
    ])
    const strategies = patterns.length === 0 ? [] : ['', style.bold('Patterns'), strategyRows(patterns)]
    return { json, text: [table(head, rows, ['state', 'action', 'task', 'next state']), ...strategies].join('\n') }
  },
}
