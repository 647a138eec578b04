import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../src/entry/node.ts'
import { MemoryMedium, memoryStorage } from '../src/persistence/memory/memory-storage.ts'
import { migrations } from '../src/sql/migrations.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-open-'))
  path = join(folder, 'learning.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const actions = ['left', 'right', 'up', 'down']

/** Operations and learns a while, as an agent does; answers what was chosen. */
async function live(store: AsyncStore, steps: number, from = 0): Promise<unknown[]> {
  const agent = await store.agent('walker', { type: 'qe-test-generator', explorationRate: 0.5 })
  const chosen: unknown[] = []
  for (let i = from; i < from + steps; i++) {
    const state = { at: i % 5 }
    const { action, probability } = await agent.selectAction(state, { actions: actions })
    chosen.push(action)
    const reward = action === actions[i % 4] ? 1 : -0.1
    const nextState = { at: (i + 1) % 5 }
    await agent.learn({ state, action, reward, nextState, terminated: i % 7 === 6, behaviorProbability: probability })
  }
  return chosen
}

async function content(store: AsyncStore): Promise<unknown> {
  const values = await store.values.list({ agentId: 'walker', limit: 1000 })
  const agent = await (await store.agent('walker')).status()
  return { values, agent, counts: (await store.status()).counts }
}

describe('a reopened store', () => {
  test('goes on exactly as if it had not stopped: same values, same exploration, same draws', async () => {
    const now = (): number => Date.UTC(2026, 0, 1)
    const whole = await openLearningStore({ storage: 'memory:', seed: 5, now })
    const expected = [...(await live(whole, 60)), ...(await live(whole, 60, 60))]
    const parts: unknown[] = []
    for (const [steps, from] of [
      [60, 0],
      [1, 60],
      [59, 61],
    ] as const) {
      const store = await openLearningStore({ storage: `file:${path}`, seed: 5 + from, now })
      parts.push(...(await live(store, steps, from)))
      await store.close()
    }
    expect(parts).toEqual(expected)
    const again = await openLearningStore({ storage: `file:${path}`, now })
    expect(await content(again)).toEqual(await content(whole))
    await again.close()
    await whole.close()
  })

  test('draws on from where it stopped even when nothing was learned after the last draw', async () => {
    const draw = async (store: AsyncStore): Promise<unknown> =>
      (await (await store.agent('drawer')).selectAction('s', { actions: actions })).action
    const drawn: unknown[] = []
    for (let i = 0; i < 20; i++) {
      const store = await openLearningStore({ storage: `file:${path}`, seed: 1 })
      drawn.push(await draw(store))
      await store.close()
    }
    const whole = await openLearningStore({ storage: 'memory:', seed: 1 })
    const expected: unknown[] = []
    for (let i = 0; i < 20; i++) expected.push(await draw(whole))
    expect(drawn).toEqual(expected)
    await whole.close()
  })

  test('tells where it is kept and how far', async () => {
    const store = await openLearningStore({ storage: `file:${path}`, durability: 'strict' })
    await live(store, 3)
    const { sequence, durableSequence, ...status } = await store.status()
    expect(durableSequence).toBe(sequence)
    expect(status).toMatchObject({
      storage: `file:${path}`,
      host: 'local',
      durability: 'strict',
      schemaVersion: migrations.length,
      notes: [],
    })
    await store.close()
  })

  test('in relaxed durability is kept while a caller awaits one operation after the other', async () => {
    const store = await openLearningStore({ storage: `file:${path}` })
    await live(store, 3000)
    const { sequence, durableSequence } = await store.status()
    expect(sequence - durableSequence).toBeLessThan(500)
    await store.flush()
    expect((await store.status()).durableSequence).toBe(sequence)
    await store.close()
  })

  test('without a storage is the file that AQE_DB_PATH names', async () => {
    process.env.AQE_DB_PATH = path
    try {
      await using store = await openLearningStore()
      expect((await store.status()).storage).toBe(`file:${path}`)
    } finally {
      delete process.env.AQE_DB_PATH
    }
    expect(existsSync(path)).toBe(true)
  })
})

test('a file that was closed answers the documented queries with better-sqlite3', async () => {
  const store = await openLearningStore({ storage: `file:${path}` })
  const agent = await store.agent('qe-test-generator-001', { type: 'qe-test-generator' })
  for (let i = 0; i < 12; i++) {
    await agent.learn({ taskType: 'unit', state: { n: i }, action: 'template-based', reward: i / 10, terminated: true })
  }
  await store.close()
  const db = new Database(path, { readonly: true })
  expect(db.prepare('SELECT COUNT(*) FROM q_values').get()).toEqual({ 'COUNT(*)': 12 })
  expect(db.prepare('SELECT COUNT(*) FROM learning_experiences').get()).toEqual({ 'COUNT(*)': 12 })
  expect(db.prepare('SELECT COUNT(*) FROM patterns').get()).toEqual({ 'COUNT(*)': 0 })
  const recent = db
    .prepare('SELECT agent_id, task_type, reward, timestamp FROM learning_experiences ORDER BY timestamp DESC LIMIT 10')
    .all() as { agent_id: string; task_type: string; timestamp: string }[]
  expect(recent).toHaveLength(10)
  expect(recent[0]).toMatchObject({ agent_id: 'qe-test-generator-001', task_type: 'unit' })
  expect(recent[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  const top = db
    .prepare('SELECT * FROM q_values WHERE agent_id = ? ORDER BY q_value DESC LIMIT 10')
    .all('qe-test-generator-001') as { state_key: string; action_key: string; q_value: number; visits: number }[]
  expect(top[0]).toMatchObject({ state_key: 'n:11', action_key: 'template-based', q_value: 1.1 * 0.1, visits: 1 })
  expect(db.pragma('quick_check', { simple: true })).toBe('ok')
  db.close()
})

describe('opening refuses', () => {
  test('a file of another program, and does not change one byte or leave anything beside it', async () => {
    const other = new Database(path)
    other.exec('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)')
    other.close()
    const before = readFileSync(path)
    await expect(openLearningStore({ storage: `file:${path}` })).rejects.toMatchObject({ code: 'NOT_A_STORE' })
    writeFileSync(join(folder, 'text.db'), 'hello')
    await expect(openLearningStore({ storage: `file:${join(folder, 'text.db')}` })).rejects.toMatchObject({
      code: 'NOT_A_STORE',
    })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['learning.db', 'text.db'])
  })

  test('a store of a newer version', async () => {
    await (await openLearningStore({ storage: `file:${path}` })).close()
    const db = new Database(path)
    db.pragma('user_version = 99')
    db.close()
    const before = readFileSync(path)
    await expect(openLearningStore({ storage: `file:${path}` })).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each([
    [
      'an unknown storage',
      { storage: 'disk:x' },
      'Expected the storage to be file:PATH, memory: or a StorageAdapter, got "disk:x"',
    ],
    ['an unknown option', { file: 'x' } as object, 'got file'],
    [
      'an unknown durability',
      { storage: 'memory:', durability: 'sure' as 'strict' },
      '"relaxed" or "strict", got "sure"',
    ],
    ['strict in memory', { storage: 'memory:', durability: 'strict' as const }, 'a storage with a log'],
    ['a seed that is no number', { storage: 'memory:', seed: '1' as unknown as number }, 'seed to be an integer'],
  ])('%s', async (_, options, message) => {
    await expect(openLearningStore(options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    })
  })
})

describe('a file that another program edited while it was closed', () => {
  const edit = (): void => {
    const db = new Database(path)
    db.exec("UPDATE q_values SET q_value = 42 WHERE state_key = 'at:0'")
    db.close()
  }

  test('is taken over and said so', async () => {
    const store = await openLearningStore({ storage: `file:${path}` })
    await live(store, 20)
    await store.close()
    edit()
    const again = await openLearningStore({ storage: `file:${path}` })
    expect((await again.status()).notes).toEqual([expect.stringContaining('Another program edited the store')])
    expect((await again.values.get('walker', { at: 0 }))[0]?.value).toBe(42)
    await again.close()
  })

  test('is refused while a log follows the snapshot, and not changed', async () => {
    const store = await openLearningStore({ storage: `file:${path}` })
    await live(store, 20)
    await store.flush()
    // The files of a store that was killed: a snapshot and the log after it.
    const crashed = join(folder, 'crashed')
    copyTree(folder, crashed)
    await store.close()
    path = join(crashed, 'learning.db')
    // The lease names this process, which lives.
    rmSync(join(`${path}.log`, '1.claim'))
    const db = new Database(path)
    db.exec("INSERT INTO store_meta (key, value) VALUES ('note', 'edited')")
    db.close()
    const before = readFileSync(path)
    await expect(openLearningStore({ storage: `file:${path}` })).rejects.toMatchObject({ code: 'MODIFIED_EXTERNALLY' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

test('strict on a medium of the caller survives reopening', async () => {
  const medium = new MemoryMedium()
  const store = await openLearningStore({ storage: memoryStorage(medium), durability: 'strict' })
  await live(store, 10)
  const before = await content(store)
  await store.close()
  const again = await openLearningStore({ storage: memoryStorage(medium), durability: 'strict' })
  expect(await content(again)).toEqual(before)
  await again.close()
})

function copyTree(from: string, to: string): void {
  const entries = readdirSync(from, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const target = join(to, join(entry.parentPath, entry.name).slice(from.length))
    rmSync(target, { force: true })
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(join(entry.parentPath, entry.name), target)
  }
}
