import type { CommandSpec } from '../command.ts'
import type { Chosen } from '../context.ts'
import { AGENT, count } from '../options.ts'
import { short, table } from '../terminal.ts'

export const learnTrain: CommandSpec = {
  name: 'learn train',
  summary: 'learn again from the experiences that are kept',
  options: [
    AGENT,
    ['--iterations <count>', 'how often to replay (default: 10)', count],
    ['--batch-size <count>', 'experiences in each replay (default: 32)', count],
    ['--prioritized', 'prefer experiences whose value is furthest from what it should be'],
    ['--plan', 'derive the values from all experiences by value iteration instead'],
  ],
  examples: ['learn train --agent qe-test-generator --iterations 100', 'learn train --plan'],
  async run(context) {
    const iterations = context.count('iterations') ?? 10
    const chosen = await context.agents()
    if (context.has('plan')) {
      const agents = await Promise.all(
        chosen.map(async ({ agent }) => ({ agentId: agent.id, ...(await agent.plan()) })),
      )
      const rows = agents.map((one) => [one.agentId, one.states, one.sweeps, one.converged ? 'yes' : 'no'])
      return { json: { agents }, text: table(['agent', 'states', 'sweeps', 'converged'], rows) }
    }
    const options = { batchSize: context.count('batchSize') ?? 32, prioritized: context.has('prioritized') }
    const bar = context.progress('training', iterations * chosen.length)
    const agents = []
    try {
      for (const [i, one] of chosen.entries()) {
        agents.push(await trained(one, iterations, options, (at) => bar.at(i * iterations + at)))
      }
    } finally {
      bar.end()
    }
    const rows = agents.map((one) => [one.agentId, one.replayed, short(one.firstMeanError), short(one.lastMeanError)])
    return { json: { iterations, agents }, text: table(['agent', 'replayed', 'error before', 'error after'], rows) }
  },
}

async function trained(
  { agent }: Chosen,
  iterations: number,
  options: { readonly batchSize: number; readonly prioritized: boolean },
  tell: (iteration: number) => void,
) {
  const errors: number[] = []
  let replayed = 0
  for (let i = 0; i < iterations; i++) {
    const result = await agent.replay(options)
    replayed += result.replayed
    if (result.replayed > 0) errors.push(result.meanError)
    tell(i + 1)
  }
  return { agentId: agent.id, replayed, firstMeanError: errors[0] ?? null, lastMeanError: errors.at(-1) ?? null }
}
