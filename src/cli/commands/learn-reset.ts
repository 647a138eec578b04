import type { CommandSpec } from '../command.ts'
import { Failure } from '../failure.ts'
import { AGENT, CONFIRM } from '../options.ts'
import { plural } from '../terminal.ts'

export const learnReset: CommandSpec = {
  name: 'learn reset',
  summary: 'delete everything that agents learned; their configuration stays',
  options: [AGENT, CONFIRM],
  examples: ['learn reset --agent qe-test-generator-001', 'learn reset --agent qe-test-generator --confirm'],
  async run(context) {
    if (context.text('agent') === undefined) throw new Failure('USAGE', 'Expected --agent with an id or a type')
    const chosen = await context.agents()
    const ids = chosen.map(({ agent }) => agent.id)
    const experiences = chosen.reduce((sum, { status }) => sum + status.experienceCount, 0)
    await context.confirm(
      `This deletes everything that ${ids.join(', ')} learned from ${plural(experiences, 'experience')}.`,
    )
    const snapshot = await context.backUp()
    const store = await context.store()
    const agents = []
    for (const id of ids) agents.push({ agentId: id, deleted: await store.resetAgent(id) })
    const rows = agents.map(({ agentId, deleted }) => [agentId, deleted.experiences, deleted.values, deleted.patterns])
    const summary = context.terminal.table(['deleted from', 'experiences', 'values', 'patterns'], rows)
    return { json: { snapshot, agents }, text: `${summary}\n\nThe previous store is in ${snapshot}` }
  },
}
