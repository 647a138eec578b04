import { keyOf } from '../../algorithms/keys.ts'
import type { Pattern } from '../../learning/pattern.ts'
import type { CommandSpec } from '../command.ts'
import { AGENT, LIMIT, share } from '../options.ts'
import { short, table } from '../terminal.ts'

export const patternsList: CommandSpec = {
  name: 'patterns list',
  summary: 'the patterns of the store, the best first',
  options: [AGENT, LIMIT, ['--min-confidence <share>', 'at least so confident, from 0 to 1', share]],
  examples: ['patterns list --agent qe-test-generator', 'patterns list --min-confidence 0.8'],
  async run(context) {
    const store = await context.store()
    const limit = context.count('limit') ?? 20
    const minConfidence = context.count('minConfidence') ?? 0
    const found = await Promise.all(
      (await context.agents()).map(({ agent }) => store.patterns.list({ agentId: agent.id, minConfidence, limit })),
    )
    const strategies = found.flat().slice(0, limit)
    const text = strategies.length === 0 ? 'No patterns yet.' : strategyRows(strategies)
    return { json: { strategies }, text }
  },
}

export function strategyRows(patterns: readonly Pattern[]): string {
  const head = ['id', 'agent', 'type', 'strategy', 'confidence', 'success', 'uses']
  const rows = patterns.map((one) => [
    ...[one.id, one.agentId, one.patternType, keyOf(one.patternData), Number(short(one.confidence))],
    ...[`${short(one.successRate * 100)} %`, one.usageCount],
  ])
  return table(head, rows)
}
