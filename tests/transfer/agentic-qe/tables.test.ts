import { expect, test } from 'vitest'
import { TABLES } from '../../../src/tables/tables.ts'
import { FLEET_TABLES } from '../../../src/transfer/agentic-qe/fleet.ts'
import { SWARM_PATTERNS, SWARM_TABLES } from '../../../src/transfer/agentic-qe/swarm.ts'
import { BANK_TABLES } from '../../../src/transfer/agentic-qe/test-patterns.ts'

/** Written by functions of their own, from these tables. */
const BY_FUNCTION = ['learning_experiences', 'q_values', 'learning_agents', 'patterns']
/** What the format has no table for. */
const NOT_IN_FORMAT: { readonly [table: string]: string } = {
  double_q_values: 'pairs of Double Q-learning are not part of the format',
  learning_sums: 'made again from the experiences of an import',
  offered_actions: 'made again from the experiences of an import',
  summed_replicas: 'the identity of this store',
  linear_arms: 'LinUCB is not part of the format',
  learning_decisions: 'decisions whose rewards are to come, of no use to another program',
  linear_models: 'derived again from the experiences of an import',
  execution_patterns: 'of MCP-Agent, not of agentic-qe',
  performance_metrics: 'of MCP-Agent, not of agentic-qe',
  user_preferences: 'of MCP-Agent, not of agentic-qe',
  pattern_embeddings: 'vectors are not part of the format',
  cross_project_usage: 'the format has the sums only',
  pattern_documents: 'the full text is built from the patterns',
  pattern_fts: 'the full text is built from the patterns',
  store_meta: 'the identity of this store',
}

test('the agentic-qe format holds every table, or the reason why not is given here', () => {
  const copied = [...BANK_TABLES, ...SWARM_TABLES, ...FLEET_TABLES, SWARM_PATTERNS].map(
    ({ table, ours = table }) => ours,
  )
  const covered = new Set([...copied, ...BY_FUNCTION, ...Object.keys(NOT_IN_FORMAT)])
  expect(Object.keys(TABLES).filter((table) => !covered.has(table))).toEqual([])
  expect([...covered].filter((table) => !Object.hasOwn(TABLES, table))).toEqual([])
})
