import type { Connection, SqlValue } from '../sql/connection.ts'
import { CONFIGURATION_IN_RANGE } from './learner-configuration.ts'

/** Rows that violate a rule: their number, and the names of the first ones. */
export interface Faults {
  readonly count: number
  readonly examples: readonly string[]
}

/** An integrity rule. */
export interface Rule {
  readonly what: 'values' | 'experiences' | 'sums' | 'agents' | 'references' | 'text index'
  readonly detail: string
}

const EXAMPLES = 3
/** Row ids that follow are no exact numbers. */
const MAX_ROW_ID = 2 ** 52

/** Queries for violations; the first column names a row, in a fixed order. SQLite can store Infinity, which learning never produces. */
const RULES: readonly (readonly [what: Rule['what'], detail: string, sql: string])[] = [
  [
    'values',
    'a value that is no finite number',
    `SELECT agent_id || ': ' || state_key || ' / ' || action_key FROM q_values
      WHERE typeof(q_value) NOT IN ('real', 'integer') OR abs(q_value) > 1.7976931348623157e308
      UNION ALL SELECT agent_id || ': ' || state_key || ' / ' || action_key FROM double_q_values
      WHERE typeof(first_value) NOT IN ('real', 'integer') OR abs(first_value) > 1.7976931348623157e308
        OR typeof(second_value) NOT IN ('real', 'integer') OR abs(second_value) > 1.7976931348623157e308 ORDER BY 1`,
  ],
  [
    'values',
    'a count of visits below 0',
    `SELECT agent_id || ': ' || state_key || ' / ' || action_key FROM q_values WHERE visits < 0
      UNION ALL SELECT agent_id || ': ' || state_key || ' / ' || action_key FROM double_q_values
      WHERE first_visits < 0 OR second_visits < 0 ORDER BY 1`,
  ],
  [
    'values',
    'a pair of Double Q-learning without its value',
    `SELECT agent_id || ': ' || state_key || ' / ' || action_key FROM double_q_values AS pair WHERE NOT EXISTS (
      SELECT 1 FROM q_values WHERE agent_id = pair.agent_id AND state_key = pair.state_key
        AND action_key = pair.action_key) ORDER BY 1`,
  ],
  [
    'experiences',
    'an experience whose reward is no finite number',
    `SELECT agent_id || ': ' || id FROM learning_experiences
      WHERE typeof(reward) NOT IN ('real', 'integer') OR abs(reward) > 1.7976931348623157e308 ORDER BY id`,
  ],
  [
    'experiences',
    'an experience whose state, action, next state or offered actions are no JSON',
    `SELECT agent_id || ': ' || id FROM learning_experiences WHERE NOT (json_valid(state) AND json_valid(action)
      AND json_valid(next_state) AND (available_actions IS NULL OR json_valid(available_actions))
      AND (next_actions IS NULL OR json_valid(next_actions))) ORDER BY id`,
  ],
  [
    'sums',
    'a sum of rewards that is no finite number, or of no experience',
    `SELECT agent_id || ': ' || state || ' / ' || action FROM learning_sums WHERE typeof(count) <> 'integer' OR count < 1
      OR typeof(mean) NOT IN ('real', 'integer') OR typeof(m2) NOT IN ('real', 'integer') OR m2 < 0
      OR abs(mean) > 1.7976931348623157e308 OR m2 > 1.7976931348623157e308 ORDER BY 1`,
  ],
  [
    'sums',
    'a sum of rewards, or offered actions, whose state or actions are no JSON',
    `SELECT agent_id || ': ' || state AS name FROM learning_sums
      WHERE NOT (json_valid(state) AND json_valid(action) AND json_valid(next_state))
      UNION ALL SELECT agent_id || ': ' || state FROM offered_actions
      WHERE NOT (json_valid(state) AND json_valid(actions)) ORDER BY name`,
  ],
  [
    'sums',
    'an agent with more stored experiences than its sums contain',
    `SELECT agent_id FROM learning_experiences
      WHERE typeof(reward) IN ('real', 'integer') AND abs(reward) <= 1.7976931348623157e308 GROUP BY agent_id
      HAVING count(*) > (SELECT total(count) FROM learning_sums WHERE agent_id = learning_experiences.agent_id)
      ORDER BY agent_id`,
  ],
  [
    'agents',
    'an agent with a configuration out of its range',
    `SELECT agent_id FROM learning_agents WHERE NOT coalesce(${CONFIGURATION_IN_RANGE}
      AND current_exploration_rate BETWEEN 0 AND 1, 0) ORDER BY agent_id`,
  ],
  [
    // Not compared with the number of rows: experiences can be recorded without learning, and pruned.
    'agents',
    'an agent whose count of experiences is no count',
    `SELECT agent_id FROM learning_agents WHERE typeof(experience_count) <> 'integer' OR experience_count < 0
      ORDER BY agent_id`,
  ],
  [
    'agents',
    'an agent whose generator cannot go on',
    `SELECT agent_id FROM learning_agents WHERE length(random_state) <> 32 OR random_state GLOB '*[^0-9a-f]*'
      OR random_state NOT GLOB '*[^0]*' ORDER BY agent_id`,
  ],
  [
    'agents',
    'a linear model that is no blob, or whose last experience was never recorded',
    `SELECT agent_id FROM linear_models WHERE typeof(model) <> 'blob' OR typeof(through) <> 'integer' OR through < 0
      OR through > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'learning_experiences'), 0) ORDER BY agent_id`,
  ],
  [
    'references',
    'rows of learning whose agent is not in the store',
    `SELECT agent_id || ' (' || name || ')' FROM (
      SELECT DISTINCT agent_id, 'q_values' AS name FROM q_values
      UNION SELECT DISTINCT agent_id, 'linear_arms' FROM linear_arms
      UNION SELECT agent_id, 'linear_models' FROM linear_models
      UNION SELECT DISTINCT agent_id, 'learning_experiences' FROM learning_experiences)
      WHERE agent_id NOT IN (SELECT agent_id FROM learning_agents) ORDER BY 1`,
  ],
  [
    'references',
    'rows about a test pattern that is not in the store',
    `SELECT pattern_id || ' (' || name || ')' FROM (
      SELECT DISTINCT pattern_id, 'test_pattern_usage' AS name FROM test_pattern_usage
      UNION SELECT DISTINCT pattern_id, 'cross_project_mappings' FROM cross_project_mappings
      UNION SELECT DISTINCT pattern_id, 'pattern_stats_cache' FROM pattern_stats_cache
      UNION SELECT pattern_id, 'pattern_documents' FROM pattern_documents
      UNION SELECT DISTINCT pattern_id, 'pattern_embeddings' FROM pattern_embeddings
      UNION SELECT DISTINCT pattern_id, 'cross_project_usage' FROM cross_project_usage
      UNION SELECT DISTINCT pattern_a, 'pattern_similarity_index' FROM pattern_similarity_index
      UNION SELECT DISTINCT pattern_b, 'pattern_similarity_index' FROM pattern_similarity_index)
      WHERE pattern_id NOT IN (SELECT id FROM test_patterns) ORDER BY 1`,
  ],
  [
    'text index',
    'a test pattern that the text index lacks, or knows otherwise',
    // MATERIALIZED, so that SQLite creates an index: the full-text table is indexed by words only.
    `WITH entries AS MATERIALIZED (
        SELECT pattern_id, pattern_name, framework, pattern_type, docid FROM pattern_fts)
      SELECT test_patterns.id FROM test_patterns
      LEFT JOIN pattern_documents ON pattern_documents.pattern_id = test_patterns.id
      LEFT JOIN entries ON entries.docid = pattern_documents.docid
      WHERE entries.pattern_id IS NOT test_patterns.id OR entries.framework <> test_patterns.framework
        OR entries.pattern_type <> test_patterns.pattern_type
        OR coalesce(entries.pattern_name, '') <> coalesce(json_extract(test_patterns.metadata, '$.name'), '')
      ORDER BY test_patterns.id`,
  ],
  [
    'text index',
    'an entry of the text index without a test pattern of its own',
    `SELECT coalesce(pattern_id, 'row ' || rowid) FROM pattern_fts WHERE pattern_id IS NULL
      OR pattern_id NOT IN (SELECT id FROM test_patterns)
      OR rowid NOT IN (SELECT min(rowid) FROM pattern_fts GROUP BY pattern_id) ORDER BY 1`,
  ],
]

const KEYS = 'SELECT state_key, action_key FROM q_values ORDER BY agent_id, state_key, action_key LIMIT ? OFFSET ?'

/** Checks the integrity of a store: pages, schema, and rows that this package never writes. */
export class IntegrityRulesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Errors that SQLite finds in pages and indexes, including the full-text index. */
  pages(): string[] {
    const found = this.#connection.all<[string]>('PRAGMA integrity_check(10)').map(([line]) => line)
    return found.filter((line) => line !== 'ok')
  }

  /** Names of tables, indexes, views and triggers. */
  names(): string[] {
    const all = "SELECT name FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*' ORDER BY name"
    return this.#connection.all<[string]>(all).map(([name]) => name)
  }

  triggers(): string[] {
    const all = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    return this.#connection.all<[string]>(all).map(([name]) => name)
  }

  /** Names of tables whose next row id would be below a stored one, or no exact number. */
  counters(): string[] {
    const counters = this.#connection.all<[string, SqlValue]>('SELECT name, seq FROM sqlite_sequence ORDER BY name')
    const counted = new Set(this.names())
    return counters.flatMap(([name, next]) => {
      // The name is one of the schema: SQLite cannot bind names.
      const largest = counted.has(name)
        ? this.#connection.read(`SELECT max(rowid) FROM "${name.replaceAll('"', '""')}"`, [], 1).rows[0]?.[0]
        : 0
      return Number.isInteger(next) && Number(next) < MAX_ROW_ID && Number(next) >= Number(largest)
        ? []
        : [String(name)]
    })
  }

  readonly rules: readonly Rule[] = RULES.map(([what, detail]) => ({ what, detail }))

  /** Finds the violations of a rule. @throws SQL_ERROR if a table is missing or damaged. */
  faultsOf({ what, detail }: Rule): Faults {
    const [, , sql = ''] = RULES.find((rule) => rule[0] === what && rule[1] === detail) ?? []
    const rows = this.#connection.all<[SqlValue]>(sql)
    return { count: rows.length, examples: rows.slice(0, EXAMPLES).map(([name]) => String(name)) }
  }

  /** The keys of all values, page by page. */
  *keys(): Generator<readonly [stateKey: string, actionKey: string]> {
    const size = 10_000
    for (let offset = 0; ; offset += size) {
      const rows = this.#connection.all<[string, string]>(KEYS, [size, offset])
      yield* rows
      if (rows.length < size) return
    }
  }
}
