import { keyOf } from '../../algorithms/keys/keys.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { AGENT, LIMIT } from '../options.ts'
import { plural, short, titleOf } from '../terminal.ts'
import { followHistory } from './follow-history.ts'
import { strategyTable } from './patterns-list.ts'

const ALL = Number.MAX_SAFE_INTEGER

const listing = {
  name: 'learn history',
  summary: 'list the newest experiences and the patterns learned from them',
  isReading: true,
  options: [
    AGENT,
    LIMIT,
    ['--detailed', 'also show ids and next states'],
    ['--follow', 'then print new experiences as they are stored, until Ctrl-C; with --json one per line'],
  ],
  examples: ['learn history --agent qe-test-generator --limit 50', 'learn history --json', 'learn history --follow'],
  async run(context: Context) {
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
    const found = await Promise.all(
      ids.map((agentId) => store.patterns.list({ agentId, minLowerBound: 0, limit: ALL })),
    )
    const [patterns, patternCount] = [found.flat().slice(0, limit), found.flat().length]
    const counts = await Promise.all(ids.map((agentId) => store.experiences.count({ agentId })))
    const count = counts.reduce((sum, one) => sum + one, 0)
    const json = { experiences, patterns, experienceCount: count, patternCount }
    if (experiences.length === 0) {
      const text =
        count === 0 ? 'No experiences yet.' : `${plural(count, 'experience')}; none shown, because of --limit 0.`
      return { json, text }
    }
    const { terminal } = context
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
      one.timestamp,
      one.agentId,
      one.taskType,
      keyOf(one.state),
      keyOf(one.action),
      Number(short(one.reward)),
      ...(isDetailed ? [keyOf(one.nextState), one.id] : []),
    ])
    const strategies =
      patterns.length === 0
        ? []
        : [
            '',
            terminal.style.bold(titleOf('Patterns', patterns.length, patternCount)),
            strategyTable(patterns, terminal),
          ]
    const experienceTable = terminal.table(head, rows, ['state', 'action', 'task', 'next state'])
    const title =
      experiences.length === count ? [] : [terminal.style.bold(titleOf('Experiences', experiences.length, count))]
    return { json, text: [...title, experienceTable, ...strategies].join('\n') }
  },
} satisfies CommandSpec

export const learnHistory: CommandSpec = {
  ...listing,
  async run(context) {
    const report = await listing.run(context)
    return context.has('follow') ? followHistory(context, report.json.experiences, report.text) : report
  },
}
