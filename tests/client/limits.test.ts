import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLearningStore as openBuilt } from 'learning-store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { LIMITS } from '../../src/limits.ts'

const TOO_LARGE = expect.objectContaining({ name: 'StoreError', code: 'TOO_LARGE' })
const huge = 'x'.repeat(LIMITS.rowLength + 1)
/** The longest text of V8: 512 MB. */
const longest = 'x'.repeat(2 ** 29 - 24)

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** 2^40 leaves in 40 objects. */
function doubled(): unknown {
  let value: unknown = 1
  for (let i = 0; i < 31; i++) value = [value, value]
  return value
}

function circle(): unknown {
  const list: unknown[] = []
  list.push(list, list)
  return { list }
}

describe.each(['same thread', 'worker thread'])('a store in the %s', (where) => {
  let folder: string
  let store: AsyncStore
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-'))
    const storage = `file:${join(folder, 's.db')}` as const
    const opening = where === 'worker thread' ? openBuilt({ storage, worker: true }) : openLearningStore({ storage })
    store = (await opening) as AsyncStore
  })
  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const values: readonly (readonly [string, () => unknown])[] = [
    ['a text above the limit', () => huge],
    ['the longest text', () => longest],
    ['the longest text as a name', () => ({ [longest]: 1 })],
    ['a list of the longest texts', () => Array.from({ length: 50 }, () => longest)],
    ['many numbers', () => new Array(5_000_000).fill(0)],
    ['a sparse list', () => new Array(4_000_000_000)],
    [
      'many names',
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`${'name '.repeat(40)}${i}`, i])),
    ],
    ['100,000 levels', () => nested(100_000)],
    ['33 levels', () => nested(34)],
    ['a list of itself', circle],
    ['a value that doubles at each level', doubled],
  ]

  test.each(values)('refuses %s wherever a value is taken, and changes nothing', async (_, make) => {
    const agent = await store.agent('a')
    const before = (await store.status()).sequence
    const value = make() as never
    const memory = store.memory.as({ agentId: 'a' })
    const calls = [
      () => agent.learn({ state: value, action: 'x', reward: 1, terminated: true }),
      () => agent.learn({ state: 's', action: value, reward: 1, terminated: true }),
      () => agent.learn({ state: 's', action: 'x', reward: 1, nextState: value }),
      () => agent.learnMany([{ state: 's', action: 'x', reward: 1, terminated: true, metadata: { value } }]),
      () => agent.decide(value, { actions: ['x'] }),
      () => memory.set({ key: 'k', value }),
      () => memory.set({ key: 'k', value: 1, metadata: { value } }),
    ]
    for (const call of calls) await expect(call()).rejects.toEqual(TOO_LARGE)
    expect((await store.status()).sequence).toBe(before)
  })

  test('refuses a million experiences at once', async () => {
    const agent = await store.agent('a')
    const one = { state: 's', action: 'x', reward: 1, terminated: true }
    await expect(agent.learnMany(new Array(1_000_000).fill(one))).rejects.toEqual(TOO_LARGE)
    expect(await store.experiences.count()).toBe(0)
  })

  test('refuses long ids, and takes those of the limit', async () => {
    const id = 'é'.repeat(LIMITS.idLength)
    await store.agent(id)
    const agent = await store.agent('a')
    await expect(store.agent(`${id}x`)).rejects.toEqual(TOO_LARGE)
    const one = { state: 's', action: 'x', reward: 1, terminated: true }
    for (const field of ['id', 'taskId', 'taskType', 'episodeId'])
      await expect(agent.learn({ ...one, [field]: `${id}x` })).rejects.toEqual(TOO_LARGE)
    const memory = store.memory.as({ agentId: 'a' })
    await expect(memory.set({ key: `${id}x`, value: 1 })).rejects.toEqual(TOO_LARGE)
  })

  test('refuses SQL of 10 MB, and runs a literal of almost 1 MB', async () => {
    const sql = (length: number): string => `SELECT length('${'x'.repeat(length)}')`
    await expect(store.query(sql(10_000_000))).rejects.toEqual(TOO_LARGE)
    expect((await store.query(sql(999_000))).rows).toEqual([[999_000]])
    await expect(store.query(`SELECT ${'('.repeat(400_000)}1`)).rejects.toMatchObject({ name: 'StoreError' })
  })
})

test('an imported row is refused with the same code', async () => {
  const store = await openLearningStore({ storage: 'memory:' })
  await expect(
    store.importFile(new TextEncoder().encode(`agent_id,state,action,reward,next_state\na,${huge},x,1,s\n`)),
  ).rejects.toEqual(TOO_LARGE)
  await store.close()
})
