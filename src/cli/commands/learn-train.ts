import type { CommandSpec } from '../command.ts'
import type { SelectedAgent } from '../context.ts'
import { AGENT, count } from '../options.ts'
import { short } from '../terminal.ts'

export const learnTrain: CommandSpec = {
  name: 'learn train',
  summary: 'learn again from stored experiences',
  options: [
    AGENT,
    ['--iterations <count>', 'number of replays (default: 10)', count],
    ['--batch-size <count>', 'experiences per replay (default: 32)', count],
    ['--prioritized', 'prefer experiences with a large error'],
    ['--plan', 'instead, derive the values from all experiences by value iteration'],
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
      return { json: { agents }, text: context.terminal.table(['agent', 'states', 'sweeps', 'converged'], rows) }
    }
    const options = { batchSize: context.count('batchSize') ?? 32, prioritized: context.has('prioritized') }
    const bar = context.progress('training', iterations * chosen.length)
    const agents = []
    try {
      for (const [i, one] of chosen.entries()) {
        agents.push(await trained(one, iterations, options, (done) => bar.update(i * iterations + done)))
      }
    } finally {
      bar.stop()
    }
    const rows = agents.map((one) => [one.agentId, one.replayed, short(one.firstMeanError), short(one.lastMeanError)])
    const text = context.terminal.table(['agent', 'replayed', 'error before', 'error after'], rows)
    return { json: { iterations, agents }, text }
  },
}

async function trained(
  { agent }: SelectedAgent,
  iterations: number,
  options: { readonly batchSize: number; readonly prioritized: boolean },
  onProgress: (iterations: number) => void,
) {
  const errors: number[] = []
  let replayed = 0
  for (let i = 0; i < iterations; i++) {
    const result = await agent.replay(options)
    replayed += result.replayed
    if (result.replayed > 0) errors.push(result.meanError)
    onProgress(i + 1)
  }
  return { agentId: agent.id, replayed, firstMeanError: errors[0] ?? null, lastMeanError: errors.at(-1) ?? null }
}
