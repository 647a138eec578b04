import type { Collection } from '../collections.ts'
import type { Statement } from '../sql/connection.ts'

/** Which collection of the API a table belongs to; what is not named here is the store's own business. */
export const COLLECTION_OF: { readonly [table: string]: Collection } = {
  learning_agents: 'agents',
  learning_experiences: 'experiences',
  q_values: 'values',
  double_q_values: 'values',
  linear_arms: 'values',
  execution_patterns: 'executionPatterns',
  patterns: 'patterns',
  pattern_usage: 'patterns',
  learning_history: 'learningHistory',
  learning_metrics: 'learningMetrics',
  user_preferences: 'preferences',
  performance_metrics: 'metrics',
  memory_entries: 'memory',
  memory_acl: 'memory',
  hints: 'memory',
  memory_store: 'memory',
  swarm_patterns: 'memory',
  swarm_metrics: 'memory',
  fleets: 'fleet',
  agents: 'fleet',
  agent_registry: 'fleet',
  tasks: 'fleet',
  sessions: 'fleet',
  events: 'fleet',
  artifacts: 'fleet',
  metrics: 'fleet',
  workflow_state: 'fleet',
  consensus_state: 'fleet',
  goap_goals: 'fleet',
  goap_actions: 'fleet',
  goap_plans: 'fleet',
  ooda_cycles: 'fleet',
  test_patterns: 'testPatterns',
  test_pattern_usage: 'testPatterns',
  cross_project_mappings: 'testPatterns',
  pattern_similarity_index: 'testPatterns',
  pattern_embeddings: 'testPatterns',
}

/** By text of the statement: there are only so many. */
const known = new Map<string, Collection | undefined>()

/** The collections that statements wrote to, sorted. */
export function collectionsOf(statements: readonly Statement[]): Collection[] {
  const touched = new Set<Collection>()
  for (const { sql } of statements) {
    if (!known.has(sql)) known.set(sql, familyOf(sql))
    const collection = known.get(sql)
    if (collection) touched.add(collection)
  }
  return [...touched].sort()
}

function familyOf(sql: string): Collection | undefined {
  const [, table = ''] = /^\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+(\w+)/i.exec(sql) ?? []
  return COLLECTION_OF[table]
}
