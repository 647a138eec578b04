import { coordinationSchema } from './coordination.ts'
import { experiencesSchema } from './experiences.ts'
import { fleetSchema } from './fleet.ts'
import { memorySchema } from './memory.ts'
import { metricsSchema } from './metrics.ts'
import { patternsSchema } from './patterns.ts'
import { testPatternViews } from './test-pattern-views.ts'
import { testPatternsSchema } from './test-patterns.ts'

/**
 * The schemas of the three files of agentic-qe 1.4.2. Most of their tables equal those of schema version 1 except for names, and
 * that version never changes. Foreign keys are omitted: learned data does not depend on the fleet.
 */

/** Tables with another name in those files, because their own name belongs to another table there. */
const NAMES: readonly (readonly [ours: string, theirs: string])[] = [
  ['swarm_patterns', 'patterns'],
  ['swarm_metrics', 'performance_metrics'],
  ['test_pattern_usage', 'pattern_usage'],
]

const TABLE = /^CREATE (?:TABLE (\w+)|(?:UNIQUE )?INDEX \w+\s+ON (\w+))/

/** The statements for the given tables (default: all), with the names of those files. */
function theirs(statements: readonly string[], ...tables: readonly string[]): string[] {
  const chosen = statements.filter((statement) => {
    const [, table, indexed] = TABLE.exec(statement) ?? []
    return tables.length === 0 || tables.includes(table ?? indexed ?? '')
  })
  return chosen.map((statement) => NAMES.reduce((text, [ours, name]) => text.replaceAll(ours, name), statement))
}

/** Tables of memory.db that differ from ours: with columns that agentic-qe's persistence document omits, without our own. */
const learning: readonly string[] = [
  `CREATE TABLE q_values (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    state_key TEXT NOT NULL,
    action_key TEXT NOT NULL,
    q_value REAL NOT NULL DEFAULT 0,
    update_count INTEGER DEFAULT 1,
    last_updated DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (agent_id, state_key, action_key)
  )`,
  `CREATE TABLE learning_experiences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    task_id TEXT,
    task_type TEXT NOT NULL,
    state TEXT NOT NULL,
    action TEXT NOT NULL,
    reward REAL NOT NULL,
    next_state TEXT NOT NULL,
    episode_id TEXT,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX learning_experiences_by_agent_id ON learning_experiences (agent_id)',
]

const SWARM_OF_FLEET = ['agent_registry', 'sessions', 'events', 'artifacts']
const SWARM_OF_MEMORY = ['memory_entries', 'memory_acl', 'hints', 'swarm_patterns', 'swarm_metrics']

export const memoryFileSchema: readonly string[] = [
  ...learning,
  ...theirs(experiencesSchema, 'learning_history', 'learning_metrics'),
  ...theirs(patternsSchema, 'pattern_usage'),
  ...theirs(metricsSchema, 'metrics'),
  ...theirs(memorySchema),
  ...theirs(fleetSchema),
  ...theirs(coordinationSchema),
]

export const swarmFileSchema: readonly string[] = [
  ...theirs(memorySchema, ...SWARM_OF_MEMORY),
  ...theirs(fleetSchema, ...SWARM_OF_FLEET),
  ...theirs(coordinationSchema),
]

export const patternsFileSchema: readonly string[] = [...theirs(testPatternsSchema), ...theirs(testPatternViews)]
