import type { AsyncStore } from '../../client/async-store.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import { TEST_FRAMEWORKS } from '../../learning/test-patterns/test-pattern.ts'
import type { CommandSpec, Report } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { CONFIRM, FRAMEWORK, oneOf } from '../options.ts'
import { plural, short } from '../terminal.ts'
import { strategyTable } from './patterns-list.ts'

const ID = ['<id>', 'id, as `patterns list` shows it'] as const

export const patternsShow: CommandSpec = {
  name: 'patterns show',
  summary: 'show one pattern with its statistics',
  isReading: true,
  arguments: [ID],
  examples: ['patterns show api-guard', 'patterns show 12 --json'],
  async run(context) {
    const id = context.args[0] ?? ''
    const { testPatterns, patterns } = await context.store()
    const pattern = await testPatterns.get(id)
    if (!pattern) {
      const strategy = await strategyOf(patterns, id)
      if (!strategy) throw notFound(id)
      const whole = JSON.stringify(strategy.patternData, undefined, 2)
      return { json: { strategy }, text: `${strategyTable([strategy], context.terminal)}\n\n${whole}` }
    }
    const [statistics, usage, mappings] = await Promise.all([
      testPatterns.getStatistics(id),
      testPatterns.listUsage(id),
      testPatterns.listMappings({ patternId: id }),
    ])
    const { metadata, framework, patternType, language, version, updatedAt } = pattern
    const text = [
      context.terminal.style.bold(metadata.name ?? id),
      context.terminal.facts([
        ['id', id],
        ['description', metadata.description],
        ['tags', metadata.tags?.join(', ')],
        ['framework', framework],
        ['type', patternType],
        ['language', language],
        ['version', `${version}, ${updatedAt}`],
        ['uses', statistics?.totalUses],
        ['success', short(statistics?.successRate)],
        ['trend', statistics?.trend],
        ['signature', JSON.stringify(pattern.codeSignature)],
        [
          'compatible',
          mappings.map((one) => `${one.targetFramework} (${short(one.compatibilityScore)})`).join(', ') || null,
        ],
      ]),
      '',
      typeof pattern.testTemplate === 'string'
        ? pattern.testTemplate
        : JSON.stringify(pattern.testTemplate, undefined, 2),
    ]
    return { json: { testPattern: pattern, statistics: statistics ?? null, usage, mappings }, text: text.join('\n') }
  },
}

export const patternsShare: CommandSpec = {
  name: 'patterns share',
  summary: 'share a test pattern with another framework',
  arguments: [ID],
  options: [FRAMEWORK, ['--project <ids...>', 'projects to share it with']],
  examples: [
    'patterns share api-guard --framework vitest',
    'patterns share api-guard --framework mocha --project web api',
  ],
  async run(context) {
    const id = context.args[0] ?? ''
    const framework = context.text('framework')
    if (framework === undefined) throw new Failure('USAGE', 'Expected --framework with the framework to share with')
    const { testPatterns } = await context.store()
    if (!(await testPatterns.get(id))) throw notFound(id)
    const projects = context.options.project as string[] | undefined
    const mapping = await testPatterns.shareAcrossProjects(id, {
      targetFramework: oneOf('--framework', framework, TEST_FRAMEWORKS),
      ...(projects ? { projectIds: projects } : {}),
    })
    const { sourceFramework, targetFramework, projectCount, compatibilityScore } = mapping
    const text = `${id} of ${sourceFramework} is shared with ${targetFramework} in ${plural(projectCount, 'project')} (compatibility ${short(compatibilityScore)}).`
    return { json: { mapping }, text }
  },
}

export const patternsDelete: CommandSpec = {
  name: 'patterns delete',
  summary: 'delete a test pattern and its usage',
  arguments: [ID],
  options: [CONFIRM],
  examples: ['patterns delete api-guard', 'patterns delete api-guard --confirm'],
  async run(context) {
    const id = context.args[0] ?? ''
    const { testPatterns, patterns } = await context.store()
    if (!(await testPatterns.get(id))) {
      if (!(await strategyOf(patterns, id))) throw notFound(id)
      const reason = 'strategies follow from experiences; only test patterns can be deleted'
      throw new Failure('USAGE', `Expected the id of a test pattern, got the strategy ${id}: ${reason}`)
    }
    await context.confirm(`This deletes the test pattern ${id} and its usage.`)
    const snapshot = await context.backUp()
    await (await context.store()).testPatterns.delete(id)
    return { json: { deleted: id, snapshot }, text: `Deleted ${id}. The previous store is in ${snapshot}` }
  },
}

export const patternsStats: CommandSpec = {
  name: 'patterns stats',
  summary: 'show statistics of all patterns',
  isReading: true,
  examples: ['patterns stats', 'patterns stats --json'],
  run: (context) => stats(context),
}

async function stats(context: Context): Promise<Report> {
  const { testPatterns, patterns } = await context.store()
  const everything = { limit: Number.MAX_SAFE_INTEGER }
  const [bank, frameworks, strategies, failures] = await Promise.all([
    testPatterns.getBankStatistics(),
    testPatterns.getFrameworkStatistics(),
    patterns.list({ ...everything, minLowerBound: 0 }),
    patterns.listFailures(everything),
  ])
  const counts = {
    strategies: strategies.length,
    lackingEvidence: strategies.filter(({ lacksEvidence }) => lacksEvidence).length,
    failurePatterns: failures.length,
  }
  const rows = frameworks.map((one) => [
    one.framework,
    one.patternCount,
    one.projectCount,
    one.totalUses,
    short(one.successRate),
    short(one.avgQuality),
  ])
  const text = [
    context.terminal.facts([
      ['test patterns', bank.patterns],
      ['used', bank.usedPatterns],
      ['projects', bank.projects],
      ['uses', bank.totalUses],
      ['success', short(bank.successRate)],
      ['mappings', bank.mappings],
      ['strategies', `${counts.strategies}, ${counts.lackingEvidence} of them without enough evidence`],
      ['failure patterns', counts.failurePatterns],
    ]),
    ...(rows.length === 0
      ? []
      : ['', context.terminal.table(['framework', 'patterns', 'projects', 'uses', 'success', 'quality'], rows)]),
  ]
  return { json: { bank, frameworks, ...counts }, text: text.join('\n') }
}

function strategyOf(patterns: AsyncStore['patterns'], id: string): Promise<Pattern | undefined> {
  return /^[1-9]\d{0,14}$/.test(id) ? patterns.get(Number(id)) : Promise.resolve(undefined)
}

function notFound(id: string): Failure {
  return new Failure('NOT_FOUND', `No pattern has the id "${id}". \`learning-store patterns list\` shows the ids.`)
}
