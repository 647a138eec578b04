import type { AsyncStore } from '../../src/entry/node.ts'
import type { Sent } from './client.ts'

/** A request for an operation of the OpenAPI document, with the status of its response. */
export interface Example extends Sent {
  readonly operationId: string
  readonly path: string
  readonly status: number
}

const state = { load: 'high' }
const learned = { state, action: 'queue', reward: 1, terminated: true }
const logged = { ...learned, actions: ['queue', 'reject'], behaviorProbability: 0.5 }

/** Fills the store with what the requests below ask for. */
export async function prepare(store: AsyncStore): Promise<void> {
  const use = { agentId: 'router', taskType: 'unit-test', strategy: 'boundary values', success: true }
  for (let i = 0; i < 12; i++) await store.patterns.recordUse(use)
  const pattern = { patternType: 'unit', framework: 'vitest', testTemplate: 'expect' } as const
  await store.testPatterns.upsert({ ...pattern, id: 'parse', codeSignature: 1, metadata: { name: 'Parses a date' } })
}

/** At least one request for every operation and every successful status, in the order in which they are sent. */
export const EXAMPLES: readonly Example[] = [
  { operationId: 'setAgent', method: 'PUT', path: '/v1/agents/router', body: { explorationRate: 0.1 }, status: 200 },
  { operationId: 'setAgent', method: 'PUT', path: '/v1/agents/linear', body: { algorithm: 'lin-ucb' }, status: 200 },
  { operationId: 'learn', path: '/v1/agents/router/experiences', body: { ...logged, id: 'e1' }, status: 201 },
  { operationId: 'learn', path: '/v1/agents/router/experiences', body: { ...logged, id: 'e1' }, status: 200 },
  { operationId: 'learn', path: '/v1/agents/linear/experiences', body: learned, status: 201 },
  { operationId: 'learn', path: '/v1/agents/router/experiences', body: { state }, status: 400 },
  {
    operationId: 'learnMany',
    path: '/v1/agents/router/experiences/batch',
    body: { experiences: [{ ...logged, action: 'reject', reward: 0 }, learned] },
    headers: { 'idempotency-key': 'batch-1' },
    status: 200,
  },
  {
    operationId: 'decide',
    path: '/v1/agents/router/decisions',
    body: { state, actions: ['queue', 'reject'], id: 'd1', metadata: { model: 'small', usage: { tokens: 120 } } },
    status: 201,
  },
  { operationId: 'decide', path: '/v1/agents/router/decisions', body: { state, greedy: true }, status: 201 },
  {
    operationId: 'reward',
    method: 'PUT',
    path: '/v1/agents/router/decisions/d1/reward',
    body: { reward: 1 },
    status: 200,
  },
  {
    operationId: 'reward',
    method: 'PUT',
    path: '/v1/agents/router/decisions/d1/reward',
    body: { reward: 0 },
    status: 409,
  },
  {
    operationId: 'reward',
    method: 'PUT',
    path: '/v1/agents/router/decisions/d9/reward',
    body: { reward: 0 },
    status: 404,
  },
  { operationId: 'listDecisions', path: '/v1/agents/router/decisions?status=open', status: 200 },
  {
    operationId: 'listDecisions',
    path: '/v1/agents/router/decisions?metadata=%7B%22model%22%3A%22small%22%7D',
    status: 200,
  },
  { operationId: 'getDecision', path: '/v1/agents/router/decisions/d1', status: 200 },
  { operationId: 'listAgents', path: '/v1/agents?limit=10&offset=0', status: 200 },
  { operationId: 'getAgent', path: '/v1/agents/linear', status: 200 },
  { operationId: 'getAgent', path: '/v1/agents/nobody', status: 404 },
  { operationId: 'recommend', path: '/v1/agents/router/recommendation', body: { state }, status: 200 },
  {
    operationId: 'recommend',
    path: '/v1/agents/router/recommendation',
    body: { state: 'never seen', actions: ['a', { b: 1 }], rewardRange: [0, 1] },
    status: 200,
  },
  { operationId: 'explain', path: '/v1/agents/linear/explanation', body: { state, limit: 5 }, status: 200 },
  { operationId: 'explain', path: '/v1/agents/router/explanation', body: { state }, status: 422 },
  { operationId: 'listValues', path: '/v1/agents/router/values?limit=1', status: 200 },
  { operationId: 'getValues', path: '/v1/agents/router/values/query', body: { state }, status: 200 },
  { operationId: 'listExperiences', path: '/v1/agents/router/experiences?minReward=0.5&text=queue', status: 200 },
  { operationId: 'listExperiences', path: '/v1/agents/router/experiences', status: 200 },
  { operationId: 'getExperience', path: '/v1/agents/router/experiences/e1', status: 200 },
  {
    operationId: 'evaluatePolicy',
    path: '/v1/agents/router/evaluation',
    body: { policy: { agentId: 'router', epsilon: 0.5 }, estimator: 'dm' },
    status: 200,
  },
  {
    operationId: 'evaluatePolicy',
    path: '/v1/agents/router/evaluation',
    body: { policy: { probabilities: [{ state, action: 'queue', probability: 1 }] }, estimator: 'ips', limit: 2 },
    status: 200,
  },
  { operationId: 'listPatterns', path: '/v1/patterns?agentId=router&taskType=unit-test', status: 200 },
  { operationId: 'getPattern', path: '/v1/patterns/1', status: 200 },
  { operationId: 'searchTestPatterns', path: '/v1/test-patterns?text=date&matching=any', status: 200 },
  { operationId: 'getTestPattern', path: '/v1/test-patterns/parse', status: 200 },
  {
    operationId: 'setMemory',
    method: 'PUT',
    path: '/v1/agents/router/memory/default/plan',
    body: {
      value: [1, 'two'],
      metadata: { by: 'router' },
      ttlMs: 60_000,
      embedding: { embedder: 'e', vector: [1, 1] },
    },
    status: 204,
  },
  { operationId: 'getMemory', path: '/v1/agents/router/memory/default/plan', status: 200 },
  { operationId: 'getMemory', path: '/v1/agents/other/memory/default/plan', status: 403 },
  { operationId: 'listMemory', path: '/v1/agents/router/memory?keys=p*', status: 200 },
  { operationId: 'searchMemory', path: '/v1/agents/router/memory/search', body: { text: 'two' }, status: 200 },
  {
    operationId: 'searchMemory',
    path: '/v1/agents/router/memory/search',
    body: { vector: [1, 0], embedder: 'e', filter: { kind: { $ne: 'draft' } } },
    status: 200,
  },
  { operationId: 'deleteMemory', method: 'DELETE', path: '/v1/agents/router/memory/default/plan', status: 204 },
  { operationId: 'getHealth', path: '/health', status: 200 },
  { operationId: 'getDocument', path: '/openapi.json', status: 200 },
]
