import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import {
  PATTERN_TYPES,
  TEST_FRAMEWORKS,
  type TestPattern,
  type TestPatternFilterOptions,
} from '../../learning/test-patterns/test-pattern.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { AGENT, FRAMEWORK, LIMIT, oneOf, share, TYPE } from '../options.ts'
import { short, style, table } from '../terminal.ts'

export const patternsList: CommandSpec = {
  name: 'patterns list',
  summary: 'test patterns, and strategies of agents that proved themselves',
  options: [FRAMEWORK, TYPE, AGENT, ['--min-confidence <share>', 'strategies at least so confident', share], LIMIT],
  examples: ['patterns list', 'patterns list --framework jest', 'patterns list --min-confidence 0.8 --limit 10'],
  async run(context) {
    const ofTests = context.text('framework') !== undefined || context.text('type') !== undefined
    const ofStrategies = context.text('agent') !== undefined || context.count('minConfidence') !== undefined
    if (ofTests && ofStrategies) {
      const unlike = 'test patterns have no agent and no confidence, strategies no framework and no type'
      throw new Failure('USAGE', `Expected options of one kind: ${unlike}.`)
    }
    const store = await context.store()
    const limit = context.count('limit') ?? 20
    const testPatterns = ofStrategies ? [] : await store.testPatterns.list({ ...filters(context), limit })
    const strategies = ofTests ? [] : await strategiesOf(context, limit)
    const text = [
      ...(testPatterns.length === 0 ? [] : [style.bold('Test patterns'), testPatternRows(testPatterns), '']),
      ...(strategies.length === 0 ? [] : [style.bold('Strategies'), strategyRows(strategies), '']),
    ]
    return { json: { testPatterns, strategies }, text: text.length === 0 ? 'No patterns.' : text.join('\n').trimEnd() }
  },
}

/** What is left out is not asked. @throws USAGE for what is no framework or type. */
export function filters(context: Context): TestPatternFilterOptions {
  const [framework, patternType] = [context.text('framework'), context.text('type')]
  return {
    ...(framework !== undefined && { framework: oneOf('--framework', framework, TEST_FRAMEWORKS) }),
    ...(patternType !== undefined && { patternType: oneOf('--type', patternType, PATTERN_TYPES) }),
  }
}

async function strategiesOf(context: Context, limit: number): Promise<Pattern[]> {
  const { patterns } = await context.store()
  const minConfidence = context.count('minConfidence') ?? 0
  if (context.text('agent') === undefined) return patterns.list({ minConfidence, limit })
  const chosen = await context.agents()
  const found = await Promise.all(chosen.map(({ agent }) => patterns.list({ agentId: agent.id, minConfidence, limit })))
  return found
    .flat()
    .sort((a, b) => b.lowerBound - a.lowerBound)
    .slice(0, limit)
}

export function testPatternRows(patterns: readonly TestPattern[]): string {
  const rows = patterns.map(({ id, metadata, framework, patternType, language, version }) => [
    ...[id, metadata.name, framework, patternType, language, version],
  ])
  return table(['id', 'name', 'framework', 'type', 'language', 'version'], rows, ['name'])
}

export function strategyRows(patterns: readonly Pattern[]): string {
  const head = ['id', 'agent', 'type', 'strategy', 'confidence', 'success', 'uses']
  const rows = patterns.map((one) => [
    ...[one.id, one.agentId, one.patternType, strategyName(one.patternData), Number(short(one.confidence))],
    ...[`${short(one.successRate * 100)} %`, one.usageCount],
  ])
  return table(head, rows, ['strategy', 'type'])
}

const LONGEST = 60

/** Its name where it has one, else the beginning of all that it is. */
function strategyName(value: JsonValue): string {
  const { name, strategy } = typeof value === 'object' && value !== null ? (value as Named) : {}
  const whole = [name, strategy, value].find((one) => typeof one === 'string') ?? keyOf(value)
  const [line = ''] = String(whole).trimStart().split(/\r?\n/, 1)
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

interface Named {
  readonly name?: unknown
  readonly strategy?: unknown
}
