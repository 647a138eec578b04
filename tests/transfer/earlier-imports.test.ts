// What version 0.1.0 imported, with whole seconds, must be recognized when the same file is imported again.
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { clockedStore } from '../learning/clocked-store.ts'
import * as files from './foreign-files.ts'
import { read } from './reading.ts'
import { utf8 } from './sources.ts'

const { fileOf } = files

async function bytesOf(store: AsyncStore): Promise<Uint8Array> {
  const [file] = await store.exportFile({ format: 'sqlite' })
  return file?.bytes ?? new Uint8Array()
}

/** A store with the same content as an earlier version would have it: without milliseconds. */
async function earlier(store: AsyncStore): Promise<AsyncStore> {
  const database = new Database(Buffer.from(await bytesOf(store)))
  for (const [table, column] of [
    ['learning_experiences', 'timestamp'],
    ['learning_metrics', 'timestamp'],
    ['learning_agents', 'configured_at'],
    ['q_values', 'last_updated'],
  ]) {
    database.exec(`UPDATE ${table} SET ${column} = substr(${column}, 1, 19)`)
  }
  const copy = await openLearningStore({ storage: 'memory:' })
  await copy.importFile(database.serialize())
  return copy
}

/** How many metrics were added, and how many were there. */
async function metricsOf(store: AsyncStore, bytes: Uint8Array): Promise<[added: number, known: number]> {
  const { changes } = await store.importFile(bytes)
  const { added = 0, known = 0 } = changes.find(({ what }) => what === 'learning_metrics') ?? {}
  return [added, known]
}

describe('ids made of the content', () => {
  test('of experiences in CSV are those of version 0.1.0', async () => {
    await using store = await openLearningStore({ storage: 'memory:' })
    const row = (time: string): string => `a,unit,1,"""x""",1,2,${time},"[""x"",""y""]"\n`
    const head = 'agent_id,task_type,state,action,reward,next_state,timestamp,available_actions\n'
    await store.importFile(utf8(head + row('2025-11-03T10:15:22.123Z') + row('2025-11-03 10:15:22')))
    expect((await store.experiences.list()).map(({ id, timestamp }) => [id, timestamp])).toEqual([
      ['02bb39a3-2994-5997-b615-fc69959e5b9e', '2025-11-03T10:15:22.000Z'],
      ['89153eef-8ead-520d-a9d3-05e6b68ec933', '2025-11-03T10:15:22.123Z'],
    ])
  })

  test('of experiences in a file of agentic-qe are those of version 0.1.0', () => {
    const experience = (id: number, time: string): string =>
      `INSERT INTO learning_experiences (id, agent_id, task_type, state, action, reward, next_state, timestamp)
       VALUES (${id}, 'a', 't', '"s"', '"a"', 1, '"end"', '${time}')`
    const file = fileOf(
      files.EXPERIENCES,
      experience(1, '2026-01-02T03:04:05.678Z'),
      experience(2, '2026-01-02 03:04:05'),
    )
    expect(read(file).experiences.map(({ id, timestamp }) => [id, timestamp])).toEqual([
      ['18afaaae-44f0-5d51-96cf-816d242a7bdb', '2026-01-02 03:04:05.678'],
      ['d1a05615-009e-5761-b264-1a065e317432', '2026-01-02 03:04:05.000'],
    ])
  })
})

test('rows without an id of their own are recognized by their second, and told apart by their milliseconds', async () => {
  const metric = (value: number, time: string): string =>
    `INSERT INTO learning_metrics (agent_id, metric_type, metric_value, timestamp) VALUES ('a', 'quality', ${value}, '${time}')`
  const metrics = `CREATE TABLE learning_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL,
    metric_type TEXT NOT NULL, metric_value REAL NOT NULL, timestamp DATETIME)`
  const of = (...rows: readonly string[]): Uint8Array => fileOf(files.EXPERIENCES, metrics, ...rows)
  const two = of(metric(1, '2026-01-02T03:04:05.250Z'), metric(1, '2026-01-02T03:04:05.750Z'))
  const third = of(metric(1, '2026-01-02 03:04:05.500'))

  await using store = await openLearningStore({ storage: 'memory:' })
  expect(await metricsOf(store, two)).toEqual([2, 0])
  expect(await metricsOf(store, two)).toEqual([0, 2])
  expect(await metricsOf(store, third)).toEqual([1, 0])
  await using before = await earlier(store)
  expect(await metricsOf(before, two)).toEqual([0, 2])
  expect(await metricsOf(before, third)).toEqual([0, 1])
})

describe('merging a store of an earlier version with one of this', () => {
  test('learns every experience once, and gives both the same values', async () => {
    let now = Date.UTC(2026, 0, 1)
    const learn = async (store: AsyncStore, from: number, to: number): Promise<void> => {
      const agent = await store.agent('a', { algorithm: 'sarsa' })
      for (let i = from; i < to; i++) {
        now += 700
        const step = { state: i % 3, action: i % 2, reward: i, nextState: (i + 1) % 3, episodeId: 'one' }
        await agent.learn({ id: `e${i}`, ...step })
      }
    }
    await using first = await openLearningStore({ storage: 'memory:', now: () => now })
    await learn(first, 0, 6)
    await using one = await earlier(first)
    // The other begins with what the first has, and goes on.
    await using other = await openLearningStore({ storage: 'memory:', now: () => now })
    await other.importFile(await bytesOf(one))
    await learn(other, 6, 12)

    for (const [into, from] of [
      [one, other],
      [other, one],
      [other, first],
      [one, first],
    ] as const) {
      await into.importFile(await bytesOf(from))
      expect(await into.experiences.count()).toBe(12)
    }
    const values = async (store: AsyncStore): Promise<unknown> =>
      (await store.values.list({ agentId: 'a' })).map(({ lastUpdated: _, ...value }) => value)
    expect(await values(one)).toEqual(await values(other))
  })

  test('takes the configuration that was chosen last, also within one second', async () => {
    let now = Date.UTC(2026, 0, 1)
    await using first = await openLearningStore({ storage: 'memory:', now: () => now })
    await first.agent('a', { learningRate: 0.9 })
    await using one = await earlier(first)
    now += 500
    await using other = await openLearningStore({ storage: 'memory:', now: () => now })
    await other.agent('a', { learningRate: 0.2 })
    await one.importFile(await bytesOf(other))
    expect((await (await one.agent('a')).status()).learningRate).toBe(0.2)
  })
})

test('strategies whose data is no JSON are read as text, newly imported or there from before', async () => {
  const file = fileOf(
    files.EXPERIENCES,
    files.STRATEGIES,
    "INSERT INTO patterns VALUES (7, 'unit-strategy', 'template-based', 0.68, 0.92, 18, '2026-01-02 03:04:05')",
    `INSERT INTO patterns VALUES (8, 'unit-strategy', '{"strategy":"mutation"}', 0.5, 0.5, 2, '2026-01-02 03:04:05')`,
    "INSERT INTO patterns VALUES (9, 'unit:failure', 'Timed out', 0.5, 0, 2, '2026-01-02 03:04:05')",
  )
  await using store = await openLearningStore({ storage: 'memory:' })
  await store.importFile(file)
  expect((await store.patterns.list({ minLowerBound: 0 })).map(({ patternData }) => patternData)).toEqual([
    'template-based',
    { strategy: 'mutation' },
  ])
  expect(await store.patterns.listFailures()).toEqual([
    {
      id: 3,
      agentId: null,
      pattern: 'unit:failure',
      frequency: 2,
      confidence: 0.5,
      lastSeen: '2026-01-02T03:04:05.000Z',
    },
  ])
  expect((await store.verify()).findings).toEqual([])

  const { store: before, connection } = clockedStore()
  connection.run('INSERT INTO patterns (pattern_type, pattern_data) VALUES (?, ?)', ['unit-strategy', 'template-based'])
  expect(before.patterns.list({ minLowerBound: 0 }).map(({ patternData }) => patternData)).toEqual(['template-based'])
})
