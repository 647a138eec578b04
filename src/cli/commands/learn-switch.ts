import type { CommandSpec } from '../command.ts'
import { Failure } from '../failure.ts'
import { AGENT } from '../options.ts'

function switching(word: 'enable' | 'disable', summary: string): CommandSpec {
  return {
    name: `learn ${word}`,
    summary,
    options: [AGENT, ['--all', 'select all agents']],
    examples: [`learn ${word} --agent qe-test-generator`, `learn ${word} --all`],
    async run(context) {
      if ((context.text('agent') === undefined) !== context.has('all')) {
        throw new Failure('USAGE', 'Expected either --agent with an id or a type, or --all')
      }
      const isEnabled = word === 'enable'
      const agents = []
      for (const { agent } of await context.agents()) {
        await agent.setLearningEnabled(isEnabled)
        agents.push({ agentId: agent.id, isEnabled })
      }
      const ids = agents.map(({ agentId }) => agentId).join(', ')
      return { json: { agents }, text: agents.length === 0 ? 'No agents yet.' : `Learning is ${word}d for ${ids}.` }
    },
  }
}

export const learnEnable: CommandSpec = switching('enable', 'turn learning on')
export const learnDisable: CommandSpec = switching('disable', 'turn learning off, from the next start of an agent')
