import { invalid } from '../../checks.ts'
import { PATTERN_TYPES, TEST_FRAMEWORKS } from '../../learning/test-patterns/test-pattern.ts'
import { fitting } from '../fitting.ts'
import type { ObjectSchema } from '../json-schema.ts'
import { MAX_TEXT_LENGTH } from '../limits.ts'
import { DEFAULT_LIMIT, LIMIT, name, result } from '../schemas.ts'
import { READS, storedTextTool, type Tool } from '../tool.ts'

const STRATEGY: ObjectSchema = result({
  id: { type: 'integer' },
  agentId: { description: 'The agent, or null.' },
  patternType: { type: 'string' },
  patternData: { description: 'The strategy.' },
  usageCount: { type: 'integer' },
  successRate: { type: 'number' },
  lowerBound: { type: 'number', description: 'Lower bound of the 95 % interval of the success rate.' },
  confidence: { type: 'number' },
  lastUsed: { description: 'When it was last used.' },
})

const TEST_PATTERN: ObjectSchema = result({
  id: { type: 'string' },
  patternType: { type: 'string', enum: PATTERN_TYPES },
  framework: { type: 'string', enum: TEST_FRAMEWORKS },
  language: { type: 'string' },
  codeSignature: { description: 'The signature of the code under test.' },
  testTemplate: { description: 'The template of the test.' },
  metadata: { type: 'object' },
  version: { type: 'string' },
})

export const searchPatterns: Tool = storedTextTool({
  name: 'search_patterns',
  title: 'Search patterns',
  description:
    'Finds patterns that proved useful: with kind "strategy" the strategies of agents that succeed for a type of task, best first; with kind "test" test templates by the words of their name, description and tags.',
  inputSchema: {
    type: 'object',
    properties: {
      kind: { type: 'string', description: 'Which patterns to search.', enum: ['strategy', 'test'] },
      text: {
        type: 'string',
        description: 'For kind "test": words to search for; prefix* and "a phrase" are possible. Default: lists all.',
        minLength: 1,
        maxLength: MAX_TEXT_LENGTH,
      },
      framework: { type: 'string', description: 'For kind "test".', enum: TEST_FRAMEWORKS },
      patternType: { type: 'string', description: 'For kind "test".', enum: PATTERN_TYPES },
      agentId: name('For kind "strategy": only strategies of this agent.'),
      taskType: name('For kind "strategy": only strategies for tasks of this type.'),
      limit: LIMIT,
    },
    required: ['kind'],
    additionalProperties: false,
  },
  outputSchema: result({
    strategies: { type: 'array', items: STRATEGY },
    testPatterns: { type: 'array', items: TEST_PATTERN },
    isTruncated: { type: 'boolean', description: 'Whether some of these were too large for the result.' },
  }),
  annotations: READS,
  async run(store, { kind, limit = DEFAULT_LIMIT, text, framework, patternType, agentId, taskType }) {
    const ofTests = Object.entries({ text, framework, patternType })
    const ofStrategies = Object.entries({ agentId, taskType })
    const [wrong] = (kind === 'test' ? ofStrategies : ofTests).filter(([, value]) => value !== undefined)
    if (wrong) throw invalid(wrong[0], `left out for kind "${kind}"`, wrong[1])
    if (kind === 'strategy') {
      const found = await store.patterns.list({
        limit,
        ...(agentId === undefined ? {} : { agentId }),
        ...(taskType === undefined ? {} : { taskType }),
      })
      const { items, isTruncated } = fitting(found)
      return { strategies: items, testPatterns: [], isTruncated }
    }
    const filters = {
      limit,
      ...(framework === undefined ? {} : { framework }),
      ...(patternType === undefined ? {} : { patternType }),
    }
    const found =
      text === undefined
        ? await store.testPatterns.list(filters)
        : (await store.testPatterns.search(text, filters)).map(({ pattern }) => pattern)
    const { items, isTruncated } = fitting(found)
    return { strategies: [], testPatterns: items, isTruncated }
  },
})
