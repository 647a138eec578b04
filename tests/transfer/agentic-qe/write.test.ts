import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../../src/algorithms/keys/keys.ts'
import type { JsonValue } from '../../../src/json-value.ts'
import { toJson } from '../../../src/learning/core/experience.ts'
import type { ImportedExperience } from '../../../src/learning/maintenance/import-batch.ts'
import type { Connection, SqlValue } from '../../../src/sql/connection.ts'
import { rowsOf } from '../../../src/sql/table-rows.ts'
import { ExperiencesTable } from '../../../src/tables/experiences.ts'
import { type LearnerRow, LearnersTable } from '../../../src/tables/learners.ts'
import { ValuesTable } from '../../../src/tables/values.ts'
import { SWARM_PATTERNS } from '../../../src/transfer/agentic-qe/swarm.ts'
import { writeAgenticQe } from '../../../src/transfer/agentic-qe/write.ts'
import { ourColumns } from '../../../src/transfer/foreign/table-reader.ts'
import { plainValue } from '../../plain-value.ts'
import { engine, fill, fresh, read, realFile, rowsFor } from '../reading.ts'
import { COPIES, real, rowsIn, second, share, word } from '../rows.ts'

/** Two columns of numbers would be the same to a set: rows are told apart by their JSON. */
const distinct = (rows: readonly object[]): object[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row, Object.keys(row).sort()), row])).values(),
]

const experience: fc.Arbitrary<Omit<Required<ImportedExperience>, 'id'>> = fc.record({
  agentId: word,
  taskId: fc.option(word),
  taskType: word,
  state: plainValue,
  action: plainValue,
  reward: real,
  nextState: plainValue,
  terminated: fc.boolean(),
  truncated: fc.boolean(),
  episodeId: fc.option(word),
  timestamp: second,
  behaviorProbability: fc.option(share.map((x) => x || 1)),
  actions: fc.option(fc.array(plainValue, { maxLength: 3 })),
  nextActions: fc.option(fc.array(plainValue, { maxLength: 3 })),
  metadata: fc.option(fc.dictionary(word, plainValue, { maxKeys: 3 })),
})

function record(connection: Connection, { agentId, timestamp, ...told }: Required<ImportedExperience>): void {
  new ExperiencesTable(connection).append({
    ...told,
    agentId,
    experienceId: told.id,
    timestamp: timestamp ?? '',
    state: toJson(told.state),
    action: toJson(told.action),
    nextState: toJson(told.nextState),
    actions: told.actions === null ? null : toJson(told.actions),
    nextActions: told.nextActions === null ? null : toJson(told.nextActions),
    metadata: told.metadata === null ? null : toJson(told.metadata),
  })
}

/** As JSON has it: without undefined, and 0 for -0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a folder of agentic-qe', () => {
  test('round-trips every row of its tables', () => {
    const contents = fc.tuple(...COPIES.map((copy) => rowsIn(copy)))
    fc.assert(
      fc.property(contents, (tables) => {
        const store = fresh()
        for (const [i, copy] of COPIES.entries()) fill(store, copy, tables[i] ?? [])
        const importBatches = Object.values(writeAgenticQe(store, engine)).map((bytes) => read(bytes))
        for (const copy of COPIES) {
          const [table, columns] = [copy.ours ?? copy.table, ourColumns(copy)]
          const rows = [...rowsOf(store, table, columns)].map((row) =>
            Object.fromEntries(columns.map((column, j) => [column, row[j]])),
          )
          const found = distinct(importBatches.flatMap((importBatch) => rowsFor(importBatch, table)))
          expect(ordered(found), table).toEqual(ordered(rows))
        }
        const lost = importBatches.flatMap(({ skipped }) => skipped).filter(({ what }) => what !== 'pattern_fts')
        expect(lost).toEqual([])
        store.close()
      }),
      { numRuns: 30, seed: 5 },
    )
  })

  test('round-trips experiences, learners, strategies, and values that are not all 0', () => {
    const value = fc.record({ agentId: word, state: plainValue, action: plainValue, value: real, visits: fc.nat() })
    fc.assert(
      fc.property(fc.array(experience, { maxLength: 8 }), fc.array(value, { maxLength: 8 }), (told, worth) => {
        const store = fresh()
        const experiences = told.map((one, i) => ({ ...one, id: `e${i}` }))
        for (const one of experiences) record(store, one)
        const values = [
          ...new Map(
            worth.map((one) => [JSON.stringify([one.agentId, keyOf(one.state), keyOf(one.action)]), one]),
          ).values(),
        ]
        const table = new ValuesTable(store)
        for (const { agentId, state, action, value, visits } of values) {
          const row = { actionKey: keyOf(action), value, visits, lastUpdated: '2026-01-01 00:00:00' }
          table.put(agentId, keyOf(state), row)
        }
        const configuration = {
          type: 't',
          algorithm: 'sarsa' as const,
          learningRate: 0.25,
          discountFactor: 0.5,
          explorationRate: 0.75,
          explorationDecay: 0.9,
          minExplorationRate: 0,
          policy: 'epsilon-greedy' as const,
          learningRateSchedule: 'constant' as const,
          temperature: 1,
          ucbScale: 1,
          nStep: 3,
          traceDecay: 0.5,
          planningSteps: 0,
          modelWindow: 2,
          modelHalfLife: 1.5,
          explorationBonus: 0.1,
          initialValue: -0.5,
          rewardRange: [-200, 1e300] as const,
          rewardScale: null,
          unseenStates: 'auto',
          features: {},
          actionFeatures: false,
          defaultTaskType: null,
          rewardWithinMs: null,
          defaultReward: null,
        } satisfies Partial<LearnerRow>
        const progress = {
          configuredAt: '',
          currentExplorationRate: 0.1,
          experienceCount: 3,
          deviationCount: 0,
          deviationSquares: 0,
          randomState: '1',
        }
        new LearnersTable(store).put({ agentId: 'a', ...configuration, ...progress }, '2026-01-01 00:00:00')

        const importBatch = read(memoryOf(store))
        expect(plain(importBatch.experiences.map((one) => ({ ...one })))).toEqual(
          plain(
            experiences.map((one) => ({
              ...one,
              state: sorted(one.state),
              action: sorted(one.action),
              nextState: sorted(one.nextState),
            })),
          ),
        )
        const learned = new Set(told.map(({ agentId }) => agentId))
        const valued = new Set(values.filter(({ value }) => value !== 0).map(({ agentId }) => agentId))
        const kept = values.filter(({ agentId }) => valued.has(agentId) || (valued.size > 0 && !learned.has(agentId)))
        const cells = (all: typeof values): unknown =>
          all.map((one) => [one.agentId, keyOf(one.state), keyOf(one.action), one.value, one.visits])
        expect(cells([...importBatch.values])).toEqual(cells(kept))
        expect(importBatch.agents).toEqual([{ id: 'a', configuration }])
        expect(importBatch.skipped).toEqual([])
        store.close()
      }),
      { numRuns: 100, seed: 5 },
    )
  })

  test('round-trips strategies through the table of swarm patterns', () => {
    const store = fresh()
    const sql = `INSERT INTO patterns (id, pattern_type, pattern_data, confidence, success_rate, usage_count, last_used, agent_id, success_count)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
    const rows: SqlValue[][] = [
      [4, 'unit-strategy', '{"strategy":"template-based"}', 0.68, 0.92, 18, '2026-01-01 00:00:00.250', 'a', 17],
      [9, 'unit-strategy', '{"strategy":"template-based"}', 0.5, 0, 0, '2026-01-01 00:00:00.000', null, 0],
    ]
    for (const row of rows) store.run(sql, row)
    const swarm = ['s', 'unit:default', 0.5, 1, '{"agent_id":"b"}', 604800, null, 5]
    fill(store, SWARM_PATTERNS, [swarm])
    const importBatch = read(memoryOf(store))
    expect(rowsFor(importBatch, 'patterns').map((row) => Object.values(row))).toEqual(
      // The columns of the document come first, then ours.
      rows,
    )
    expect(rowsFor(importBatch, 'swarm_patterns').map((row) => Object.values(row))).toEqual([swarm])
  })

  test('has the same bytes for the same store', () => {
    const store = fresh()
    record(store, { ...(fc.sample(experience, { numRuns: 1, seed: 1 })[0] as Required<ImportedExperience>), id: 'e' })
    expect(writeAgenticQe(store, engine)).toEqual(writeAgenticQe(store, engine))
  })

  test('has the full text of its patterns', () => {
    const store = fresh()
    store.run(
      `INSERT INTO test_patterns (id, pattern_type, framework, code_signature_hash, code_signature, test_template, metadata)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ['p', 'unit', 'jest', 'h', '{}', '{}', '{"name":"Guarding","description":"retries","tags":["slow","net"]}'],
    )
    const found = open(writeAgenticQe(store, engine)['patterns.db'])
    const matches = found.prepare('SELECT pattern_id FROM pattern_fts WHERE pattern_fts MATCH ?').pluck()
    expect(['guard', 'retry', 'net', 'jest', 'unit'].map((query) => matches.all(query))).toEqual(Array(5).fill(['p']))
    expect(found.prepare('SELECT pattern_id, pattern_name FROM pattern_analytics').raw().all()).toEqual([
      ['p', 'Guarding'],
    ])
  })
})

const real142 = realFile('agentic-qe-1.4.2-memory.db')

test.skipIf(real142.missing)(
  'memory.db has the tables, columns and keys of a real one of 1.4.2 (skipped without it in LEARNING_STORE_DATA)',
  () => {
    const theirs = new Database(readFileSync(real142.path))
    const ours = open(writeAgenticQe(fresh(), engine)['memory.db'])
    expect(shapeOf(ours)).toEqual(shapeOf(theirs))
  },
)

test('the files have the tables of the reference files', () => {
  const files = writeAgenticQe(fresh(), engine)
  expect(Object.keys(files)).toEqual(['memory.db', 'patterns.db', 'data/swarm-memory.db'])
  const names = Object.values(files).map((bytes) => Object.keys(shapeOf(open(bytes))))
  const swarm = [
    'agent_registry',
    'artifacts',
    'consensus_state',
    'events',
    'goap_actions',
    'goap_goals',
    'goap_plans',
    'hints',
    'memory_acl',
    'memory_entries',
    'ooda_cycles',
    'patterns',
    'performance_metrics',
    'sessions',
    'workflow_state',
  ]
  const own = [
    'agents',
    'fleets',
    'learning_experiences',
    'learning_history',
    'learning_metrics',
    'memory_store',
    'metrics',
    'pattern_usage',
    'q_values',
    'tasks',
  ]
  expect(names[0]).toEqual([...swarm, ...own].sort())
  expect(names[1]?.filter((name) => !name.startsWith('pattern_fts_'))).toEqual([
    'cross_project_mappings',
    'pattern_fts',
    'pattern_similarity_index',
    'pattern_stats_cache',
    'pattern_usage',
    'test_patterns',
  ])
  expect(names[2]).toEqual(swarm)
})

test('q_values has update_count and the default 0, as in real files', () => {
  const shape = shapeOf(open(writeAgenticQe(fresh(), engine)['memory.db']))
  expect(shape.q_values?.columns).toEqual([
    'id INTEGER key 1',
    'agent_id TEXT required',
    'state_key TEXT required',
    'action_key TEXT required',
    'q_value REAL required = 0',
    'update_count INTEGER = 1',
    'last_updated DATETIME = CURRENT_TIMESTAMP',
    'created_at DATETIME = CURRENT_TIMESTAMP',
  ])
  expect(shape.q_values?.unique).toEqual(['agent_id,state_key,action_key'])
})

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  readonly pk: number
}

/** Columns, types, what is required, defaults, keys and what is unique, by table. */
function shapeOf(database: Database.Database): Record<string, { columns: string[]; unique: string[] }> {
  const names = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]
  return Object.fromEntries(
    names.map((name) => {
      const columns = (database.pragma(`table_info(${name})`) as Column[]).map(
        ({ name, type, notnull, dflt_value, pk }) =>
          [name, type, notnull ? 'required' : '', dflt_value === null ? '' : `= ${dflt_value}`, pk ? `key ${pk}` : '']
            .filter((part) => part !== '')
            .join(' '),
      )
      const indexes = database.pragma(`index_list(${name})`) as { name: string; unique: number }[]
      const unique = indexes
        .filter((index) => index.unique === 1)
        .map((index) =>
          (database.pragma(`index_info(${index.name})`) as { name: string }[]).map((one) => one.name).join(),
        )
      return [name, { columns, unique: unique.sort() }]
    }),
  )
}

function ordered(rows: readonly object[]): object[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function memoryOf(store: Connection): Uint8Array {
  return writeAgenticQe(store, engine)['memory.db'] ?? new Uint8Array()
}

function open(bytes: Uint8Array | undefined): Database.Database {
  return new Database(Buffer.from(bytes ?? []))
}

/** As the store has it: names sorted, nothing undefined. */
function sorted(value: JsonValue): JsonValue {
  return JSON.parse(toJson(value)) as JsonValue
}
