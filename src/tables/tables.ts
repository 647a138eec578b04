import type { Collection } from '../collections.ts'

/** The description of a table for code that loops over tables: collections of commits, merging, imports. */
export interface TableDescription {
  /** The collection of the API that the table belongs to. Undefined for what is internal to the store. */
  readonly collection?: Collection
  /**
   * How rows of another store are merged. `rows`: added as they are, where no row has their key. `by rule`: code of its own merges
   * agents, experiences, values and test patterns. `rebuilt`: made again from other tables. `never`: describes this store alone.
   */
  readonly merge: 'rows' | 'by rule' | 'rebuilt' | 'never'
  /** The columns that identify a row where the table only numbers its rows. Default: all columns. */
  readonly key?: readonly string[]
}

/** All tables of the schema. A test compares this list with `sqlite_schema`, so none can be forgotten. */
export const TABLES: { readonly [table: string]: TableDescription } = {
  learning_agents: { collection: 'agents', merge: 'by rule' },
  learning_experiences: { collection: 'experiences', merge: 'by rule' },
  learning_sums: { merge: 'by rule' },
  offered_actions: { merge: 'by rule' },
  summed_replicas: { merge: 'by rule' },
  q_values: { collection: 'values', merge: 'by rule' },
  double_q_values: { collection: 'values', merge: 'by rule' },
  linear_arms: { collection: 'values', merge: 'by rule' },
  linear_models: { merge: 'by rule' },
  learning_decisions: { collection: 'decisions', merge: 'by rule' },
  execution_patterns: { collection: 'executionPatterns', merge: 'rows' },
  patterns: { collection: 'patterns', merge: 'rows', key: ['agent_id', 'pattern_type', 'pattern_data'] },
  // Not the pattern: uses of a strategy get the number of the pattern that it becomes.
  pattern_usage: {
    collection: 'patterns',
    merge: 'rows',
    key: ['agent_id', 'success', 'execution_time_ms', 'error_message', 'used_at'],
  },
  learning_history: { collection: 'learningHistory', merge: 'rows' },
  learning_metrics: {
    collection: 'learningMetrics',
    merge: 'rows',
    key: ['agent_id', 'metric_type', 'metric_value', 'baseline_value', 'timestamp'],
  },
  user_preferences: { collection: 'preferences', merge: 'rows', key: ['preference_type', 'preference_value'] },
  performance_metrics: { collection: 'metrics', merge: 'rows' },
  memory_entries: { collection: 'memory', merge: 'rows' },
  memory_acl: { collection: 'memory', merge: 'rows' },
  hints: { collection: 'memory', merge: 'rows' },
  memory_store: { collection: 'memory', merge: 'rows' },
  swarm_patterns: { collection: 'memory', merge: 'rows' },
  swarm_metrics: { collection: 'memory', merge: 'rows' },
  fleets: { collection: 'fleet', merge: 'rows' },
  agents: { collection: 'fleet', merge: 'rows' },
  agent_registry: { collection: 'fleet', merge: 'rows' },
  tasks: { collection: 'fleet', merge: 'rows' },
  sessions: { collection: 'fleet', merge: 'rows' },
  events: { collection: 'fleet', merge: 'rows' },
  artifacts: { collection: 'fleet', merge: 'rows' },
  metrics: { collection: 'fleet', merge: 'rows' },
  workflow_state: { collection: 'fleet', merge: 'rows' },
  consensus_state: { collection: 'fleet', merge: 'rows' },
  goap_goals: { collection: 'fleet', merge: 'rows' },
  goap_actions: { collection: 'fleet', merge: 'rows' },
  goap_plans: { collection: 'fleet', merge: 'rows' },
  ooda_cycles: { collection: 'fleet', merge: 'rows' },
  test_patterns: { collection: 'testPatterns', merge: 'by rule' },
  test_pattern_usage: { collection: 'testPatterns', merge: 'rows' },
  cross_project_mappings: { collection: 'testPatterns', merge: 'rows' },
  pattern_similarity_index: { collection: 'testPatterns', merge: 'rows' },
  pattern_embeddings: { collection: 'testPatterns', merge: 'rows' },
  cross_project_usage: { merge: 'rows' },
  pattern_stats_cache: { merge: 'rows' },
  pattern_documents: { merge: 'rebuilt' },
  pattern_fts: { merge: 'rebuilt' },
  store_meta: { merge: 'never' },
}

const ENTRIES = Object.entries(TABLES)

/** The collection of each table that belongs to one. */
export const COLLECTION_OF: ReadonlyMap<string, Collection> = new Map(
  ENTRIES.flatMap(([table, { collection }]) => (collection === undefined ? [] : [[table, collection] as const])),
)

/** The tables whose rows are merged and imported as they are. */
export const ROW_TABLES: ReadonlySet<string> = new Set(
  ENTRIES.filter(([, { merge }]) => merge === 'rows').map(([table]) => table),
)

/** The columns that identify a row of a table whose rows are only numbered; undefined where all columns do. */
export function naturalKeyOf(table: string): readonly string[] | undefined {
  return TABLES[table]?.key
}
