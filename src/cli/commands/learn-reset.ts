import type { CommandSpec } from '../command.ts'
import { Failure } from '../failure.ts'
import { AGENT, CONFIRM } from '../options.ts'
import { plural, table } from '../terminal.ts'

export const learnReset: CommandSpec = {
  name: 'learn reset',
  summary: 'remove all that agents learned; their configuration stays',
  options: [AGENT, CONFIRM],
  examples: ['learn reset --agent qe-test-generator-001', 'learn reset --agent qe-test-generator --confirm'],
  async run(context) {
    if (context.text('agent') === undefined) throw new Failure('USAGE', 'Expected --agent with an id or a type.')
    const chosen = await context.agents()
    const ids = chosen.map(({ agent }) => agent.id)
    const experiences = chosen.reduce((sum, { status }) => sum + status.experienceCount, 0)
    await context.confirm(`This removes all that ${ids.join(', ')} learned from ${plural(experiences, 'experience')}.`)
    const snapshot = await context.keepSnapshot()
    const store = await context.store()
    const agents = []
    for (const id of ids) agents.push({ agentId: id, removed: await store.resetAgent(id) })
    const rows = agents.map(({ agentId, removed }) => [agentId, removed.experiences, removed.values, removed.patterns])
    const removed = table(['removed from', 'experiences', 'values', 'patterns'], rows)
    return { json: { snapshot, agents }, text: `${removed}\n\nThe store as it was is in ${snapshot}` }
  },
}
