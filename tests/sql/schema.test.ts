import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { version1 } from '../../src/sql/schema/version-1.ts'

// A column is written as `name TYPE`, then PK, NOT NULL and `= default` where it has them.

/** The six tables that two documents print: what they print, and after the `+` what learning appends. */
const printed = listed(`
  q_values: id INTEGER PK, agent_id TEXT NOT NULL, state_key TEXT NOT NULL, action_key TEXT NOT NULL, q_value REAL NOT NULL, visits INTEGER = 1, last_updated DATETIME = CURRENT_TIMESTAMP
  learning_experiences: id INTEGER PK, agent_id TEXT NOT NULL, task_id TEXT, task_type TEXT NOT NULL, state TEXT NOT NULL, action TEXT NOT NULL, reward REAL NOT NULL, next_state TEXT NOT NULL, episode_id TEXT, timestamp DATETIME = CURRENT_TIMESTAMP + experience_id TEXT, terminated INTEGER, truncated INTEGER, behavior_probability REAL, available_actions TEXT
  patterns: id INTEGER PK, pattern_type TEXT NOT NULL, pattern_data TEXT NOT NULL, confidence REAL = 0.5, success_rate REAL = 0, usage_count INTEGER = 0, last_used DATETIME = CURRENT_TIMESTAMP + agent_id TEXT, success_count INTEGER = 0
  execution_patterns: id INTEGER PK, task_type TEXT, pattern_used TEXT, execution_time REAL, success_rate REAL, confidence_score REAL, agent_count INTEGER, complexity_level TEXT, tools_used TEXT, context_factors TEXT, created_at REAL, updated_at REAL, usage_count INTEGER
  user_preferences: id INTEGER PK, preference_type TEXT, preference_value TEXT, weight REAL, usage_count INTEGER, last_used REAL
  performance_metrics: id INTEGER PK, component_name TEXT, metric_name TEXT, metric_value REAL, baseline_value REAL, improvement_percentage REAL, measured_at REAL + sample_count INTEGER = 1, confidence_interval REAL = 0.95, metadata TEXT = '{}'
`)

/** Of the 25 tables of a real memory.db of agentic-qe 1.4.2, those that no document prints, under our names. */
const real = listed(`
  agent_registry: id TEXT PK, type TEXT NOT NULL, capabilities TEXT NOT NULL, status TEXT NOT NULL, performance TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
  agents: id TEXT PK, fleet_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, config TEXT, metrics TEXT, created_at DATETIME = CURRENT_TIMESTAMP, updated_at DATETIME = CURRENT_TIMESTAMP
  artifacts: id TEXT PK, kind TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, tags TEXT NOT NULL, metadata TEXT, ttl INTEGER NOT NULL = 0, created_at INTEGER NOT NULL
  consensus_state: id TEXT PK, decision TEXT NOT NULL, proposer TEXT NOT NULL, votes TEXT NOT NULL, quorum INTEGER NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL = 1, ttl INTEGER NOT NULL = 604800, expires_at INTEGER, created_at INTEGER NOT NULL
  events: id TEXT PK, type TEXT NOT NULL, payload TEXT NOT NULL, timestamp INTEGER NOT NULL, source TEXT NOT NULL, ttl INTEGER NOT NULL = 2592000, expires_at INTEGER
  fleets: id TEXT PK, name TEXT NOT NULL, config TEXT NOT NULL, status TEXT NOT NULL, created_at DATETIME = CURRENT_TIMESTAMP, updated_at DATETIME = CURRENT_TIMESTAMP
  goap_actions: id TEXT PK, preconditions TEXT NOT NULL, effects TEXT NOT NULL, cost INTEGER NOT NULL, agent_type TEXT, created_at INTEGER NOT NULL
  goap_goals: id TEXT PK, conditions TEXT NOT NULL, cost INTEGER NOT NULL, priority TEXT, created_at INTEGER NOT NULL
  goap_plans: id TEXT PK, goal_id TEXT NOT NULL, sequence TEXT NOT NULL, total_cost INTEGER NOT NULL, created_at INTEGER NOT NULL
  hints: id INTEGER PK, key TEXT NOT NULL, value TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER
  learning_history: id INTEGER PK, agent_id TEXT NOT NULL, pattern_id TEXT, state_representation TEXT NOT NULL, action TEXT NOT NULL, reward REAL NOT NULL, next_state_representation TEXT, q_value REAL, episode INTEGER, timestamp DATETIME = CURRENT_TIMESTAMP
  learning_metrics: id INTEGER PK, agent_id TEXT NOT NULL, metric_type TEXT NOT NULL, metric_value REAL NOT NULL, baseline_value REAL, improvement_percentage REAL, pattern_count INTEGER, context TEXT, timestamp DATETIME = CURRENT_TIMESTAMP
  memory_acl: resource_id TEXT PK, owner TEXT NOT NULL, access_level TEXT NOT NULL, team_id TEXT, swarm_id TEXT, granted_permissions TEXT, blocked_agents TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
  memory_entries: key TEXT PK NOT NULL, partition TEXT PK NOT NULL = 'default', value TEXT NOT NULL, metadata TEXT, created_at INTEGER NOT NULL, expires_at INTEGER, owner TEXT, access_level TEXT = 'private', team_id TEXT, swarm_id TEXT
  memory_store: id INTEGER PK, key TEXT NOT NULL, value TEXT NOT NULL, namespace TEXT NOT NULL = 'default', ttl INTEGER = 0, metadata TEXT, created_at DATETIME = CURRENT_TIMESTAMP, expires_at DATETIME
  metrics: id INTEGER PK, fleet_id TEXT, agent_id TEXT, task_id TEXT, metric_type TEXT NOT NULL, metric_name TEXT NOT NULL, metric_value REAL NOT NULL, unit TEXT, tags TEXT, timestamp DATETIME = CURRENT_TIMESTAMP
  ooda_cycles: id TEXT PK, phase TEXT NOT NULL, observations TEXT, orientation TEXT, decision TEXT, action TEXT, timestamp INTEGER NOT NULL, completed INTEGER = 0, result TEXT
  pattern_usage: id INTEGER PK, pattern_id TEXT NOT NULL, project_id TEXT, agent_id TEXT, context TEXT, success BOOLEAN = TRUE, execution_time_ms INTEGER, error_message TEXT, used_at DATETIME = CURRENT_TIMESTAMP
  sessions: id TEXT PK, mode TEXT NOT NULL, state TEXT NOT NULL, checkpoints TEXT NOT NULL, created_at INTEGER NOT NULL, last_resumed INTEGER
  swarm_metrics: id TEXT PK, metric TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL, timestamp INTEGER NOT NULL, agent_id TEXT
  swarm_patterns: id TEXT PK, pattern TEXT NOT NULL, confidence REAL NOT NULL, usage_count INTEGER NOT NULL = 0, metadata TEXT, ttl INTEGER NOT NULL = 604800, expires_at INTEGER, created_at INTEGER NOT NULL
  tasks: id TEXT PK, fleet_id TEXT NOT NULL, agent_id TEXT, type TEXT NOT NULL, name TEXT NOT NULL, data TEXT, requirements TEXT, status TEXT NOT NULL, priority INTEGER = 1, result TEXT, error TEXT, created_at DATETIME = CURRENT_TIMESTAMP, started_at DATETIME, completed_at DATETIME
  workflow_state: id TEXT PK, step TEXT NOT NULL, status TEXT NOT NULL, checkpoint TEXT NOT NULL, sha TEXT NOT NULL, ttl INTEGER NOT NULL = 0, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
`)

/** The tables of test patterns, and our own. */
const others = listed(`
  cross_project_mappings: pattern_id TEXT PK NOT NULL, source_framework TEXT PK NOT NULL, target_framework TEXT PK NOT NULL, transformation_rules JSON NOT NULL, compatibility_score REAL NOT NULL = 1, project_count INTEGER NOT NULL = 0, success_rate REAL, created_at DATETIME = CURRENT_TIMESTAMP, updated_at DATETIME = CURRENT_TIMESTAMP
  double_q_values: agent_id TEXT PK NOT NULL, state_key TEXT PK NOT NULL, action_key TEXT PK NOT NULL, first_value REAL NOT NULL, second_value REAL NOT NULL
  learning_agents: agent_id TEXT PK, type TEXT NOT NULL, algorithm TEXT NOT NULL, learning_rate REAL NOT NULL, discount_factor REAL NOT NULL, exploration_rate REAL NOT NULL, exploration_decay REAL NOT NULL, min_exploration_rate REAL NOT NULL, current_exploration_rate REAL NOT NULL, experience_count INTEGER NOT NULL, random_state TEXT NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL
  pattern_fts: pattern_id, pattern_name, description, tags, framework, pattern_type
  pattern_similarity_index: pattern_a TEXT PK NOT NULL, pattern_b TEXT PK NOT NULL, similarity_score REAL NOT NULL, structure_similarity REAL NOT NULL, identifier_similarity REAL NOT NULL, metadata_similarity REAL NOT NULL, algorithm TEXT NOT NULL = 'hybrid-tfidf', last_computed DATETIME = CURRENT_TIMESTAMP
  pattern_stats_cache: pattern_id TEXT PK, total_uses INTEGER NOT NULL = 0, success_rate REAL, avg_quality REAL, avg_coverage_gain REAL, project_count INTEGER NOT NULL = 0, trend TEXT NOT NULL = 'stable', last_updated DATETIME = CURRENT_TIMESTAMP
  store_meta: key TEXT PK, value TEXT NOT NULL
  test_pattern_usage: pattern_id TEXT PK NOT NULL, project_id TEXT PK NOT NULL, usage_count INTEGER NOT NULL = 0, success_count INTEGER NOT NULL = 0, failure_count INTEGER NOT NULL = 0, avg_execution_time REAL, avg_coverage_gain REAL, flaky_count INTEGER NOT NULL = 0, quality_score REAL, first_used DATETIME = CURRENT_TIMESTAMP, last_used DATETIME = CURRENT_TIMESTAMP
  test_patterns: id TEXT PK, pattern_type TEXT NOT NULL, framework TEXT NOT NULL, language TEXT NOT NULL = 'typescript', code_signature_hash TEXT NOT NULL, code_signature JSON NOT NULL, test_template JSON NOT NULL, metadata JSON, version TEXT NOT NULL = '1.0.0', created_at DATETIME = CURRENT_TIMESTAMP, updated_at DATETIME = CURRENT_TIMESTAMP
`)

/** Reads lines of `table: columns`. */
function listed(lines: string): Record<string, string> {
  return Object.fromEntries(Array.from(lines.matchAll(/(\w+): (.*)/g), ([, table, columns]) => [table, columns]))
}

type ColumnRow = { name: string; type: string; notnull: number; dflt_value: string | null; pk: number }
type Row = Record<string, unknown>

function fresh(): Database.Database {
  const database = new Database(':memory:')
  database.pragma('trusted_schema=off')
  for (const statement of version1) database.exec(statement)
  return database
}

function columnsOf(database: Database.Database, table: string): string[] {
  return (database.pragma(`table_info(${table})`) as ColumnRow[]).map((column) =>
    [
      column.name,
      ...(column.type ? [column.type] : []),
      ...(column.pk ? ['PK'] : []),
      ...(column.notnull ? ['NOT NULL'] : []),
      ...(column.dflt_value === null ? [] : [`= ${column.dflt_value}`]),
    ].join(' '),
  )
}

function tablesOf(database: Database.Database): string[] {
  const tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
  return database.prepare<[], string>(tables).pluck().all()
}

function insert(database: Database.Database, table: string, row: Row): void {
  const names = Object.keys(row)
  const storages = names.map((name) => `@${name}`)
  database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${storages.join(', ')})`).run(row)
}

test.each(Object.entries(printed))('%s begins with the columns of its document', (table, columns) => {
  const [document = '', appended] = columns.split(' + ')
  const found = columnsOf(fresh(), table)
  const count = document.split(', ').length
  expect(found.slice(0, count)).toEqual(document.split(', '))
  expect(found.slice(count)).toEqual(appended?.split(', ') ?? [])
})

test.each(Object.entries({ ...real, ...others }))('%s has its columns in order', (table, columns) => {
  expect(columnsOf(fresh(), table)).toEqual(columns.split(', '))
})

test('the schema has these tables and no others', () => {
  const found = tablesOf(fresh()).filter((name) => !name.startsWith('pattern_fts_'))
  expect(found).toEqual(Object.keys({ ...printed, ...real, ...others }).sort())
})

test('the schema is the same in SQLite compiled to WebAssembly', async () => {
  const shape = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"
  const compiled = (await nodeEngine()).open()
  for (const statement of ['PRAGMA trusted_schema=off', ...version1]) compiled.exec(statement)
  expect(compiled.exec(shape)[0]?.values.flat()).toEqual(fresh().prepare(shape).pluck().all())
  for (const view of ['pattern_analytics', 'framework_stats', 'pattern_quality_report']) {
    expect(compiled.exec(`SELECT * FROM ${view}`), view).toEqual([])
  }
  compiled.close()
})

test('every entry of the schema is one statement, without triggers or foreign keys', () => {
  const database = fresh()
  for (const statement of version1) {
    expect(statement).toMatch(/^CREATE (TABLE|VIRTUAL TABLE|INDEX|UNIQUE INDEX|VIEW) \w+/)
    expect(statement).not.toContain(';')
  }
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()).toEqual([])
  for (const table of tablesOf(database)) expect(database.pragma(`foreign_key_list(${table})`), table).toEqual([])
})

test('every index is named after its table and columns', () => {
  const indexes = version1.filter((statement) => /^CREATE (UNIQUE )?INDEX/.test(statement))
  expect(indexes.length).toBeGreaterThan(30)
  for (const index of indexes) {
    const [, name, table, columns = ''] = /INDEX (\w+)\s+ON (\w+) \((.*)\)$/.exec(index) ?? []
    expect(name).toBe(`${table}_by_${columns.replaceAll(' DESC', '').replaceAll(', ', '_')}`)
  }
})

const experience = { agent_id: 'a', task_type: 't', state: 's', action: 'x', reward: 1, next_state: 's' }
const value = { agent_id: 'a', state_key: 's', action_key: 'x' }
const code = { code_signature_hash: 'h', code_signature: '{}', test_template: '{}' }
const testPattern = { id: 'p', pattern_type: 'unit', framework: 'jest', ...code }
const usage = { pattern_id: 'p', project_id: 'j' }
const frameworks = { source_framework: 'jest', target_framework: 'vitest' }
const mapping = { pattern_id: 'p', ...frameworks, transformation_rules: '[]' }
const parts = { structure_similarity: 1, identifier_similarity: 1, metadata_similarity: 1 }
const likeness = { pattern_a: 'p', pattern_b: 'q', similarity_score: 1, ...parts }

test.each<[string, Row, Row]>([
  ['learning_experiences', { ...experience, experience_id: 'e' }, { experience_id: 'f' }],
  ['learning_experiences', { ...experience, experience_id: 'e' }, { agent_id: 'b' }],
  ['q_values', { ...value, q_value: 0 }, { state_key: 't' }],
  ['double_q_values', { ...value, first_value: 0, second_value: 0 }, { action_key: 'y' }],
  ['memory_store', { key: 'k', value: 'v' }, { namespace: 'n' }],
  ['memory_entries', { key: 'k', value: 'v', created_at: 1 }, { partition: 'n' }],
  ['swarm_patterns', { pattern: 'p', confidence: 1, created_at: 1 }, { pattern: 'q' }],
  ['test_patterns', { ...testPattern, id: null }, { framework: 'mocha' }],
  ['test_pattern_usage', usage, { project_id: 'k' }],
  ['cross_project_mappings', mapping, { target_framework: 'ava' }],
  ['pattern_similarity_index', likeness, { pattern_b: 'r' }],
  ['pattern_stats_cache', { pattern_id: 'p' }, { pattern_id: 'q' }],
  ['store_meta', { key: 'k', value: 'v' }, { key: 'l' }],
])('%s refuses a second row with the same key', (table, row, difference) => {
  const database = fresh()
  insert(database, table, row)
  expect(() => insert(database, table, row)).toThrow('UNIQUE constraint failed')
  expect(() => insert(database, table, { ...row, ...difference })).not.toThrow()
})

test('learning_experiences accepts any number of rows without an experience id', () => {
  const database = fresh()
  for (const _ of [1, 2]) insert(database, 'learning_experiences', experience)
  expect(database.prepare('SELECT COUNT(*) FROM learning_experiences').pluck().get()).toBe(2)
})

function rates(row: Row, table: string, columns: string): [string, string, string, Row][] {
  return columns.split(' ').map((column) => [table, column, '0 1 | -0.1 1.1 much', row])
}

const metric = { agent_id: 'a', metric_value: 1 }
const types = 'edge-case integration boundary error-handling unit e2e performance security accessibility regression'

test.each<[string, string, string, Row]>([
  ['learning_metrics', 'metric_type', 'accuracy latency quality success_rate improvement | Accuracy', metric],
  ['test_patterns', 'pattern_type', `${types} | smoke`, testPattern],
  ['test_patterns', 'framework', 'jest mocha cypress vitest playwright ava tape jasmine qunit | pytest', testPattern],
  ['test_patterns', 'language', 'typescript javascript tsx jsx | python', testPattern],
  ['test_patterns', 'code_signature', '{"name":"f"} | {name', testPattern],
  ['test_patterns', 'test_template', '{} | {', testPattern],
  ['test_patterns', 'metadata', '{"name":"n"} | name', testPattern],
  ['cross_project_mappings', 'target_framework', 'mocha | jest', mapping],
  ['cross_project_mappings', 'transformation_rules', '[] | [', mapping],
  ['pattern_similarity_index', 'pattern_b', 'q | p o', likeness],
  ['pattern_stats_cache', 'trend', 'rising stable declining | flat', { pattern_id: 'p' }],
  ...rates(usage, 'test_pattern_usage', 'avg_coverage_gain quality_score'),
  ...rates(mapping, 'cross_project_mappings', 'compatibility_score success_rate'),
  ...rates(likeness, 'pattern_similarity_index', `similarity_score ${Object.keys(parts).join(' ')}`),
  ...rates({ pattern_id: 'p' }, 'pattern_stats_cache', 'success_rate avg_quality avg_coverage_gain'),
])('%s.%s accepts and refuses: %s', (table, column, cases, row) => {
  const [good = '', bad = ''] = cases.split(' | ')
  const inserting = (text: string) => expect(() => insert(fresh(), table, { ...row, [column]: text }), text)
  for (const text of good.split(' ')) inserting(text).not.toThrow()
  for (const text of bad.split(' ')) inserting(text).toThrow('CHECK constraint failed')
})

// The newest of an agent, the last of an episode, the recent ones; patterns by filter and in their order.
test.each([
  ['learning_experiences', 'WHERE agent_id = ? ORDER BY id DESC LIMIT 10'],
  ['learning_experiences', 'WHERE agent_id = ? AND experience_id = ?'],
  ['learning_experiences', 'WHERE agent_id = ? AND episode_id = ? ORDER BY id DESC LIMIT 1'],
  ['q_values', 'WHERE agent_id = ? AND state_key = ?'],
  ['execution_patterns', 'ORDER BY confidence_score DESC, success_rate DESC, id LIMIT 100'],
  ['execution_patterns', 'WHERE task_type = ? ORDER BY confidence_score DESC, success_rate DESC, id LIMIT 100'],
  ['performance_metrics', 'WHERE component_name = ? ORDER BY measured_at, id'],
  ['performance_metrics', 'WHERE measured_at < ?'],
])('%s is read by an index without sorting: %s', (table, clauses) => {
  const holes = clauses.split('?').length - 1
  const plan = fresh().prepare(`EXPLAIN QUERY PLAN SELECT * FROM ${table} ${clauses}`)
  const steps = (plan.all(...Array(holes).fill('')) as { detail: string }[]).map((step) => step.detail)
  expect(steps).toEqual([expect.stringContaining(`USING INDEX ${table}_by_`)])
})

test('integers beyond 32 bits are stored as integers, also when bound as doubles', () => {
  const database = fresh()
  // better-sqlite3, like sql.js, binds every large number as REAL.
  insert(database, 'events', { id: 'e', type: 't', payload: '{}', timestamp: 1.7e12, source: 's', expires_at: 1.8e12 })
  const types = 'SELECT typeof(timestamp), typeof(expires_at) FROM events'
  expect(database.prepare(types).raw().get()).toEqual(['integer', 'integer'])
})

test('the full text finds test patterns by word stems, not by id', () => {
  const database = fresh()
  insert(database, 'pattern_fts', { pattern_id: 'retry', pattern_name: 'Backing off', description: 'tested failures' })
  const matches = database.prepare('SELECT pattern_id FROM pattern_fts WHERE pattern_fts MATCH ?').pluck()
  expect(matches.all('testing failure')).toEqual(['retry'])
  expect(matches.all('retry')).toEqual([])
})

test('views weight measurements by uses and ignore missing ones', () => {
  const database = fresh()
  const metadata = '{"name":"Guard","quality":{"coverage":0.8,"maintainability":0.7,"reliability":0.6}}'
  insert(database, 'test_patterns', { ...testPattern, metadata })
  insert(database, 'test_patterns', { ...testPattern, id: 'q', code_signature_hash: 'i' })
  const used = { ...usage, usage_count: 3, success_count: 3, quality_score: 1, avg_execution_time: 10, flaky_count: 1 }
  insert(database, 'test_pattern_usage', used)
  const failed = { ...usage, project_id: 'k', usage_count: 1, failure_count: 1, quality_score: 0 }
  insert(database, 'test_pattern_usage', failed)
  insert(database, 'pattern_stats_cache', { pattern_id: 'p', trend: 'rising' })

  const analytics =
    'SELECT pattern_id, pattern_name, project_count, total_uses, success_count, failure_count, success_rate, avg_quality, avg_execution_time, avg_coverage_gain FROM pattern_analytics ORDER BY pattern_id'
  expect(database.prepare(analytics).raw().all()).toEqual([
    ['p', 'Guard', 2, 4, 3, 1, 0.75, 0.75, 10, null],
    ['q', null, 0, 0, 0, 0, null, null, null, null],
  ])
  const frameworks =
    'SELECT framework, pattern_count, project_count, total_uses, success_rate, avg_quality FROM framework_stats'
  expect(database.prepare(frameworks).raw().all()).toEqual([['jest', 2, 2, 4, 0.75, 0.75]])
  const report =
    'SELECT pattern_id, total_uses, flaky_rate, avg_quality, stated_coverage, stated_maintainability, stated_reliability, trend FROM pattern_quality_report ORDER BY pattern_id'
  expect(database.prepare(report).raw().all()).toEqual([
    ['p', 4, 0.25, 0.75, 0.8, 0.7, 0.6, 'rising'],
    ['q', 0, null, null, null, null, null, null],
  ])
})

const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const memoryDb = join(data, 'agentic-qe-1.4.2-memory.db')

test.skipIf(!existsSync(memoryDb))(
  'has every table and column of a real agentic-qe 1.4.2 memory.db (skipped where LEARNING_STORE_DATA holds none)',
  () => {
    const ours = fresh()
    // Opened from its bytes: SQLite leaves nothing beside the file.
    const theirs = new Database(readFileSync(memoryDb))
    const tables: Record<string, string> = { patterns: 'swarm_patterns', performance_metrics: 'swarm_metrics' }
    // The document's q_values wins: it counts visits, and does not say when a value was first seen.
    const columns: Record<string, string | null> = { 'q_values.update_count': 'visits', 'q_values.created_at': null }
    const names = tablesOf(theirs)
    expect(names).toHaveLength(25)
    for (const name of names) {
      const table = tables[name] ?? name
      const found = (ours.pragma(`table_info(${table})`) as ColumnRow[]).map(({ name, type }) => `${name} ${type}`)
      for (const column of theirs.pragma(`table_info(${name})`) as ColumnRow[]) {
        const path = `${name}.${column.name}`
        const expected = path in columns ? columns[path] : column.name
        if (expected) expect(found, path).toContain(`${expected} ${column.type}`)
      }
    }
  },
)
