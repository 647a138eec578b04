import { keysOf } from '../../algorithms/choice.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { StoreError } from '../../errors.ts'
import { PlainRows } from '../../tables/import-rows.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { ROW_TABLES } from '../../tables/tables.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, isOffered } from '../core/experience.ts'
import { learn } from '../core/learn.ts'
import { recordTally, tallyOf } from '../executions/tally.ts'
import type { TestPatternBank } from '../test-patterns/bank.ts'
import type {
  ImportBatch,
  ImportCount,
  ImportedExperience,
  ImportedRows,
  ImportedValue,
  SkippedRecord,
} from './import-batch.ts'
import { localPatternIds, withLocalPatternIds, withoutTotals } from './import-strategies.ts'
import { importTestPatterns, PATTERNS, withLocalTestPatternIds } from './import-test-patterns.ts'
import { SkippedRecords } from './skipped-records.ts'

/** Result of importing a batch. */
export interface ApplyImportResult {
  /** Added and known records by kind. */
  readonly changes: readonly ImportCount[]
  /** Records that were not imported, with the reasons. */
  readonly skipped: readonly SkippedRecord[]
  /** Remarks in whole sentences, for display. */
  readonly notes: readonly string[]
  readonly unidentified: UnidentifiedCount
}

/** How many experiences without an id and a time equal those that the store has. */
export interface UnidentifiedCount {
  /** Those that were not added. */
  readonly known: number
  /** Those that were added, because the batch gives them an id other than that of their content. */
  readonly equal: number
}

/** The table of patterns of strategies. */
const STRATEGIES = 'patterns'

/**
 * Imports the records of a batch that the store does not have. Call it inside a transaction. Experiences are learned
 * from in order; a value is imported only if the store has none for its action. Records that the store cannot hold are
 * skipped and counted.
 */
export function applyImport(core: Core, bank: TestPatternBank, importBatch: ImportBatch): ApplyImportResult {
  const skipped = new SkippedRecords(importBatch.skipped)
  // Before the experiences, from which the store learns values too.
  const newValues = newValuesOf(core, importBatch.values, skipped)
  const { change, ids } = importTestPatterns(core, bank, importBatch.rows, skipped)
  const unidentified = { known: 0, equal: 0 }
  const changes = [
    importAgents(core, importBatch),
    importExperiences(core, importBatch, skipped, unidentified),
    importValues(core, newValues, importBatch.values.length),
    change,
    ...importTables(core, importBatch.rows, (rows) => withLocalTestPatternIds(bank, rows, ids, skipped), skipped),
  ]
  importTallies(core, importBatch)
  bank.usages.addMissing()
  core.imports++
  return {
    changes: changes.filter(({ added, known }) => added + known > 0),
    skipped: skipped.list(),
    notes: importBatch.notes,
    unidentified,
  }
}

function importAgents(core: Core, { agents }: ImportBatch): ImportCount {
  const newAgents = agents.filter(({ id }) => core.learners.find(id) === undefined)
  for (const { id, configuration } of newAgents) core.learners.open(id, configuration)
  return { what: 'agents', added: newAgents.length, known: agents.length - newAgents.length }
}

/** The totals of agents that have none, neither of their own nor from the tables of the source. */
function importTallies(core: Core, { tallies = [] }: ImportBatch): void {
  for (const { agentId, ...tally } of tallies) {
    if (tally.tasks > 0 && tallyOf(core, agentId).tasks === 0) recordTally(core, agentId, tally)
  }
}

function importExperiences(
  core: Core,
  { experiences, unidentified }: ImportBatch,
  skipped: SkippedRecords,
  count: { -readonly [name in keyof UnidentifiedCount]: number },
): ImportCount {
  let [added, known] = [0, 0]
  for (const imported of experiences) {
    const { agentId, timestamp, ...experience } = imported
    const defaults = core.learners.find(agentId)
      ? core.defaultsOf(agentId)
      : { id: core.newId, taskType: 'agent', rewardRange: null }
    const checked = skipped.unlessInvalid('experiences', () => checkExperience(definedOf(experience), defaults))
    if (!checked) continue
    core.learners.open(agentId, {}, core.learners.find(agentId)?.configuredAt ?? '')
    const contentId = unidentified?.get(imported)
    const isEqual = contentId !== undefined && core.experiences.get(agentId, contentId) !== undefined
    const { learned } = learn(core, agentId, checked, { timestamp: timestamp ?? undefined })
    if (learned) added++
    else known++
    if (contentId === undefined) continue
    if (!learned) count.known++
    else if (isEqual) count.equal++
  }
  return { what: 'experiences', added, known }
}

/** Null means absent, except for states, where it is a value. A list of actions without the action itself is left out. */
function definedOf(
  experience: Omit<ImportedExperience, 'agentId' | 'timestamp'>,
): Parameters<typeof checkExperience>[0] {
  const { action, actions } = experience
  const isKnown = actions && isOffered(keyOf(action, 'action'), keysOf(actions))
  const fields = Object.entries({ ...experience, actions: isKnown ? actions : null }).filter(
    ([name, value]) => (value ?? null) !== null || name.endsWith('tate'),
  )
  return Object.fromEntries(fields) as unknown as Parameters<typeof checkExperience>[0]
}

/**
 * The values of actions that the store has no value of. They replace those learned from the experiences of the source,
 * which may have been pruned.
 */
function newValuesOf(
  core: Core,
  values: readonly ImportedValue[],
  skipped: SkippedRecords,
): [ImportedValue, string, string][] {
  return values.flatMap((value) => {
    const keys = skipped.unlessInvalid(
      'values',
      () => [keyOf(value.state, 'state'), keyOf(value.action, 'action')] as const,
    )
    return keys && !core.valueCache.get(value.agentId, ...keys) ? [[value, ...keys]] : []
  })
}

function importValues(core: Core, values: readonly [ImportedValue, string, string][], all: number): ImportCount {
  const now = sqlTime(core.now())
  for (const [{ agentId, value, visits, lastUpdated }, stateKey, actionKey] of values) {
    core.learners.open(agentId, {}, core.learners.find(agentId)?.configuredAt ?? '')
    core.valueCache.set(agentId, stateKey, { actionKey, value, visits, lastUpdated: lastUpdated ?? now })
  }
  return { what: 'values', added: values.length, known: all - values.length }
}

/** Strategies first, because other rows refer to their ids. */
function importTables(
  core: Core,
  sources: readonly ImportedRows[],
  withLocalIds: (rows: ImportedRows) => ImportedRows,
  skipped: SkippedRecords,
): ImportCount[] {
  const strategies = sources.filter(({ table }) => table === STRATEGIES)
  const changes = strategies.map((rows) => importRows(core, rows, skipped))
  const ids = new Map(strategies.flatMap((rows) => [...localPatternIds(core, rows)]))
  const others = sources.filter(({ table }) => table !== PATTERNS && table !== STRATEGIES)
  for (const rows of others) {
    changes.push(importRows(core, withoutTotals(core, withLocalPatternIds(withLocalIds(rows), ids)), skipped))
  }
  return changes
}

function importRows(core: Core, { table, columns, rows }: ImportedRows, skipped: SkippedRecords): ImportCount {
  if (!ROW_TABLES.has(table)) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a table whose rows can be imported unchanged, got ${table}`)
  }
  const plain = new PlainRows(core.connection, table)
  const unknown = columns.find((name) => !plain.names.includes(name))
  if (unknown !== undefined) {
    throw new StoreError('INVALID_ARGUMENT', `Expected columns of ${table}, got ${unknown}`)
  }
  const { added, known, refused } = plain.add(columns, rows, { text: sqlTime(core.now()) })
  if (refused > 0) skipped.add(table, 'violates a constraint of the table', refused)
  return { what: table, added, known }
}
