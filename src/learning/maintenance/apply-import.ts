import { keyOf } from '../../algorithms/keys/keys.ts'
import { StoreError } from '../../errors.ts'
import { PlainRows } from '../../tables/import-rows.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { checkExperience } from '../core/experience.ts'
import { learn } from '../core/learn.ts'
import type { TestPatternBank } from '../test-patterns/bank.ts'
import type {
  ImportBatch,
  ImportCount,
  ImportedExperience,
  ImportedRows,
  ImportedValue,
  SkippedRecord,
} from './import-batch.ts'
import { numbersHere, renumbered, withoutTotals } from './import-strategies.ts'
import { adoptPatterns, ofPatternsHere, PATTERNS } from './import-test-patterns.ts'
import { SkippedRecords } from './skipped-records.ts'

/** What a source brought in. */
export interface ApplyImportResult {
  readonly changes: readonly ImportCount[]
  readonly skipped: readonly SkippedRecord[]
  /** What a person should know of it, in whole sentences. */
  readonly notes: readonly string[]
}

/** The table of strategies that proved themselves. */
const STRATEGIES = 'patterns'

/** Tables whose rows mean what their columns say. What learning derives or counts is not among them. */
export const PLAIN_TABLES: ReadonlySet<string> = new Set([
  ...['patterns', 'pattern_usage', 'learning_history', 'learning_metrics', 'execution_patterns', 'user_preferences'],
  ...['performance_metrics', 'metrics', 'test_pattern_usage', 'cross_project_mappings', 'pattern_similarity_index'],
  ...['cross_project_usage', 'pattern_embeddings'],
  ...[
    'pattern_stats_cache',
    'memory_entries',
    'memory_acl',
    'hints',
    'memory_store',
    'swarm_patterns',
    'swarm_metrics',
  ],
  ...['fleets', 'agents', 'agent_registry', 'tasks', 'sessions', 'events', 'artifacts', 'workflow_state'],
  ...['consensus_state', 'goap_goals', 'goap_actions', 'goap_plans', 'ooda_cycles'],
])

/**
 * Takes in what a source holds and is not here; belongs into a transaction. Experiences are learned from in their order; a value is
 * taken where nothing was learned; of everything else what is here stays. A record that this store cannot keep is skipped and counted.
 */
export function applyImport(core: Core, bank: TestPatternBank, importBatch: ImportBatch): ApplyImportResult {
  const skipped = new SkippedRecords(importBatch.skipped)
  const fresh = freshOf(core, importBatch.values, skipped)
  const adopted = adoptPatterns(core, bank, importBatch.rows, skipped)
  const changes = [
    takeAgents(core, importBatch),
    takeExperiences(core, importBatch.experiences, skipped),
    takeValues(core, fresh, importBatch.values.length),
    adopted.change,
    ...takeTables(core, importBatch.rows, (rows) => ofPatternsHere(bank, rows, adopted.ids, skipped), skipped),
  ]
  bank.usages.beginAll()
  bank.embeddings.forget()
  return {
    changes: changes.filter(({ added, known }) => added + known > 0),
    skipped: skipped.list(),
    notes: importBatch.notes,
  }
}

function takeAgents(core: Core, { agents }: ImportBatch): ImportCount {
  const fresh = agents.filter(({ id }) => core.learners.find(id) === undefined)
  for (const { id, configuration } of fresh) core.learners.open(id, configuration)
  return { what: 'agents', added: fresh.length, known: agents.length - fresh.length }
}

function takeExperiences(core: Core, experiences: readonly ImportedExperience[], skipped: SkippedRecords): ImportCount {
  let [added, known] = [0, 0]
  for (const { agentId, timestamp, ...experience } of experiences) {
    const checked = skipped.unless('experiences', () =>
      checkExperience(definedOf(experience), { id: core.newId, taskType: 'agent' }),
    )
    if (!checked) continue
    core.learners.open(agentId, {}, core.learners.find(agentId)?.configuredAt ?? '')
    if (learn(core, agentId, checked, { timestamp: timestamp ?? undefined }).learned) added++
    else known++
  }
  return { what: 'experiences', added, known }
}

/** Absent is absent, not null. */
function definedOf(
  experience: Omit<ImportedExperience, 'agentId' | 'timestamp'>,
): Parameters<typeof checkExperience>[0] {
  const fields = Object.entries(experience).filter(([name, value]) => value !== null || name.endsWith('tate'))
  return Object.fromEntries(fields) as unknown as Parameters<typeof checkExperience>[0]
}

/** The values of actions of which nothing was known before; those of its experiences come of less than its values do. */
function freshOf(
  core: Core,
  values: readonly ImportedValue[],
  skipped: SkippedRecords,
): [ImportedValue, string, string][] {
  return values.flatMap((value) => {
    const keys = skipped.unless('values', () => [keyOf(value.state, 'state'), keyOf(value.action, 'action')] as const)
    return keys && !core.valueCache.get(value.agentId, ...keys) ? [[value, ...keys]] : []
  })
}

function takeValues(core: Core, fresh: readonly [ImportedValue, string, string][], all: number): ImportCount {
  const lastUpdated = sqlTime(core.now())
  for (const [{ agentId, value, visits }, stateKey, actionKey] of fresh) {
    core.learners.open(agentId, {}, core.learners.find(agentId)?.configuredAt ?? '')
    core.valueCache.set(agentId, stateKey, { actionKey, value, visits, lastUpdated })
  }
  return { what: 'values', added: fresh.length, known: all - fresh.length }
}

/** Strategies first: others name them by their numbers. */
function takeTables(
  core: Core,
  sources: readonly ImportedRows[],
  ofPatterns: (rows: ImportedRows) => ImportedRows,
  skipped: SkippedRecords,
): ImportCount[] {
  const strategies = sources.filter(({ table }) => table === STRATEGIES)
  const changes = strategies.map((rows) => takeRows(core, rows, skipped))
  const numbers = new Map(strategies.flatMap((rows) => [...numbersHere(core, rows)]))
  const others = sources.filter(({ table }) => table !== PATTERNS && table !== STRATEGIES)
  for (const rows of others) {
    changes.push(takeRows(core, withoutTotals(core, renumbered(ofPatterns(rows), numbers)), skipped))
  }
  return changes
}

function takeRows(core: Core, { table, columns, rows }: ImportedRows, skipped: SkippedRecords): ImportCount {
  if (!PLAIN_TABLES.has(table)) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a table whose rows can be taken as they are, got ${table}`)
  }
  const plain = new PlainRows(core.connection, table)
  const unknown = columns.find((name) => !plain.names.includes(name))
  if (unknown !== undefined) {
    throw new StoreError('INVALID_ARGUMENT', `Expected columns of ${table}, got ${unknown}`)
  }
  const { added, known, refused } = plain.add(columns, rows, { text: sqlTime(core.now()) })
  if (refused > 0) skipped.add({ what: table, count: refused, reason: 'is not what the table may hold' })
  return { what: table, added, known }
}
