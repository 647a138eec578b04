import { checkMayUse } from '../principal.ts'
import { list, number, object, oneOf, text } from '../schema/json-schema.ts'
import { pattern, patternHit, testPattern, testPatternFilters } from '../schema/patterns.ts'
import { notFound, PAGE, param, type Route } from './route.ts'

const share = { minimum: 0, maximum: 1 }

/** Patterns: strategies that work, and test templates. */
export const patternRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/patterns',
    operationId: 'listPatterns',
    summary: 'List the strategies that work',
    tag: 'patterns',
    kind: 'read',
    query: {
      ...PAGE,
      agentId: text('Only patterns of this agent.', { minLength: 1 }),
      taskType: text('Only patterns for tasks of this type.', { minLength: 1 }),
      minConfidence: number('Minimum confidence.', { ...share, default: 0 }),
      minSuccessRate: number('Minimum success rate.', { ...share, default: 0 }),
      minLowerBound: number('Minimum of `lowerBound`.', { ...share, default: 0.7 }),
    },
    bodyWithoutStore: { patterns: [] },
    responses: { 200: ['The patterns, best first.', object({ patterns: list('The patterns.', pattern) })] },
    async run({ store, query, principal }) {
      checkMayUse(principal, (query as { agentId?: string }).agentId)
      return { body: { patterns: await store.patterns.list(query) } }
    },
  },
  {
    method: 'get',
    path: '/v1/patterns/{number}',
    operationId: 'getPattern',
    summary: 'Get a strategy',
    tag: 'patterns',
    kind: 'read',
    responses: { 200: ['The pattern.', pattern] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const found = await call.store.patterns.get(Number(param(call, 'number')))
      if (!found || (call.principal.agents && !call.principal.agents.includes(found.agentId ?? ''))) {
        throw notFound('pattern')
      }
      return { body: found }
    },
  },
  {
    method: 'get',
    path: '/v1/test-patterns',
    operationId: 'searchTestPatterns',
    summary: 'Search test patterns by words',
    tag: 'patterns',
    kind: 'read',
    query: {
      ...PAGE,
      ...testPatternFilters,
      text: text('Words, `prefix*` and `"a phrase"`.', { minLength: 1, maxLength: 1000 }),
      matching: oneOf('Whether all words and phrases must match, or any.', ['all', 'any'], 'all'),
    },
    bodyWithoutStore: { hits: [] },
    responses: { 200: ['The hits, best first.', object({ hits: list('The hits.', patternHit) })] },
    async run({ store, query }) {
      const { text = '', ...options } = query as { text?: string }
      return { body: { hits: await store.testPatterns.search(text, options) } }
    },
  },
  {
    method: 'get',
    path: '/v1/test-patterns/{id}',
    operationId: 'getTestPattern',
    summary: 'Get a test pattern',
    tag: 'patterns',
    kind: 'read',
    responses: { 200: ['The test pattern.', testPattern] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const found = await call.store.testPatterns.get(param(call, 'id'))
      if (!found) throw notFound('test pattern')
      return { body: found }
    },
  },
]
