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
import { AGENT, FRAMEWORK, fraction, LIMIT, oneOf, TYPE } from '../options.ts'
import { percent, short, type Terminal, titleOf } from '../terminal.ts'

export const patternsList: CommandSpec = {
  name: 'patterns list',
  summary: 'list test patterns and successful strategies of agents',
  isReading: true,
  options: [
    FRAMEWORK,
    TYPE,
    AGENT,
    ['--min-confidence <number>', 'minimum confidence of strategies, 0 to 1', fraction],
    ['--all', 'also list strategies that lack evidence: the lower bound of their success rate is below 0.7'],
    LIMIT,
  ],
  examples: [
    'patterns list',
    'patterns list --framework jest',
    'patterns list --min-confidence 0.8 --limit 10',
    'patterns list --all',
  ],
  async run(context) {
    const hasTestFilter = context.text('framework') !== undefined || context.text('type') !== undefined
    const hasStrategyFilter = context.text('agent') !== undefined || context.count('minConfidence') !== undefined
    if (hasTestFilter && hasStrategyFilter) {
      throw new Failure(
        'USAGE',
        'Expected options of test patterns (--framework, --type) or of strategies (--agent, --min-confidence), got both',
      )
    }
    const { terminal } = context
    const { bold } = terminal.style
    const store = await context.store()
    const limit = context.count('limit') ?? 20
    const testPatterns = hasStrategyFilter ? [] : await store.testPatterns.list({ ...filters(context), limit })
    const testPatternCount = hasStrategyFilter ? 0 : await store.testPatterns.count(filters(context))
    const found = hasTestFilter ? [] : await strategiesOf(context)
    const shown = context.has('all') ? found : found.filter(({ lacksEvidence }) => !lacksEvidence)
    const strategies = shown.slice(0, limit)
    const hidden = found.length - shown.length
    const testTitle = bold(titleOf('Test patterns', testPatterns.length, testPatternCount))
    const strategyTitle = bold(titleOf('Strategies', strategies.length, shown.length))
    const text = [
      ...(testPatternCount === 0 ? [] : [testTitle, testPatternTable(testPatterns, terminal), '']),
      ...(shown.length === 0 ? [] : [strategyTitle, strategyTable(strategies, terminal), '']),
      ...(hidden === 0 ? [] : [`Not listed for lack of evidence (see --all): ${hidden}`]),
    ]
    const counts = { testPatternCount, strategyCount: shown.length }
    const json = { testPatterns, strategies, ...counts, lackingEvidence: hidden }
    return { json, text: text.length === 0 ? 'No patterns.' : text.join('\n').trimEnd() }
  },
}

/** The filter that the options name. @throws USAGE for an unknown framework or type */
export function filters(context: Context): TestPatternFilterOptions {
  const [framework, patternType] = [context.text('framework'), context.text('type')]
  return {
    ...(framework !== undefined && { framework: oneOf('--framework', framework, TEST_FRAMEWORKS) }),
    ...(patternType !== undefined && { patternType: oneOf('--type', patternType, PATTERN_TYPES) }),
  }
}

async function strategiesOf(context: Context): Promise<Pattern[]> {
  const { patterns } = await context.store()
  const all = { minConfidence: context.count('minConfidence') ?? 0, minLowerBound: 0, limit: Number.MAX_SAFE_INTEGER }
  if (context.text('agent') === undefined) return patterns.list(all)
  const chosen = await context.agents()
  const found = await Promise.all(chosen.map(({ agent }) => patterns.list({ agentId: agent.id, ...all })))
  return found.flat().sort((a, b) => b.lowerBound - a.lowerBound)
}

export function testPatternTable(patterns: readonly TestPattern[], terminal: Terminal): string {
  const rows = patterns.map(({ id, metadata, framework, patternType, language, version }) => [
    id,
    metadata.name,
    framework,
    patternType,
    language,
    version,
  ])
  return terminal.table(['id', 'name', 'framework', 'type', 'language', 'version'], rows, ['name'])
}

export function strategyTable(patterns: readonly Pattern[], terminal: Terminal): string {
  const head = ['id', 'agent', 'type', 'strategy', 'confidence', 'success', 'uses', 'evidence']
  const rows = patterns.map((one) => [
    one.id,
    one.agentId,
    one.patternType,
    strategyName(one.patternData),
    Number(short(one.confidence)),
    percent(one.usageCount === 0 ? null : one.successRate),
    one.usageCount,
    one.lacksEvidence ? 'lacking' : 'enough',
  ])
  return terminal.table(head, rows, ['strategy', 'type'])
}

const MAX_NAME_LENGTH = 60

/** Its name if it has one, or the first line of its data. */
function strategyName(value: JsonValue): string {
  const { name, strategy } = typeof value === 'object' && value !== null ? (value as Named) : {}
  const whole = [name, strategy, value].find((one) => typeof one === 'string') ?? keyOf(value)
  const [line = ''] = String(whole).trimStart().split(/\r?\n/, 1)
  return line.length > MAX_NAME_LENGTH ? `${line.slice(0, MAX_NAME_LENGTH - 1)}…` : line
}

interface Named {
  readonly name?: unknown
  readonly strategy?: unknown
}
