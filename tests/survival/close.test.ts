import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { folder, numberFrom } from './environment.ts'

/** What a store is when it is opened again: after a close in the middle of much work, and by a clock that went back. */

const PENDING = numberFrom('LEARNING_STORE_PENDING', 5_000)
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1_000

let files: ReturnType<typeof folder>
beforeEach(() => {
  files = folder()
})
afterEach(() => files.remove())

const storage = (): `file:${string}` => `file:${join(files.path, 'learning.db')}`

describe.each(['relaxed', 'strict'] as const)('%s', (durability) => {
  test(`close carries out ${PENDING} calls that nobody has awaited`, async () => {
    const store = await openLearningStore({ storage: storage(), durability })
    const agent = await store.agent('router')
    const calls = Array.from({ length: PENDING }, (_, i) =>
      agent.learn({ id: String(i), state: i % 50, action: 'a', reward: 1, terminated: true }),
    )
    const [settled] = await Promise.all([Promise.allSettled(calls), store.close()])
    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([])
    const again = await openLearningStore({ storage: storage(), lockTimeoutMs: 0 })
    expect(await again.experiences.count()).toBe(PENDING)
    await again.close()
  })
})

test('a clock that goes ten years back loses nothing, in the store and when it is opened again', async () => {
  const today = Date.UTC(2026, 5, 1)
  let clock = today
  const options = { storage: storage(), now: () => clock, seed: 1 }
  const store = await openLearningStore(options)
  const agent = await store.agent('router')
  const learn = (id: string) => agent.learn({ id, state: 's', action: 'a', reward: 1, terminated: true })
  await learn('before')
  clock = today - TEN_YEARS_MS
  await learn('in the past')
  expect(await store.verify()).toMatchObject({ findings: [] })
  await store.close()

  clock -= TEN_YEARS_MS
  const again = await openLearningStore(options)
  const second = await again.agent('router')
  await second.learn({ id: 'further back', state: 's', action: 'a', reward: 1, terminated: true })
  expect((await again.experiences.list()).map(({ id }) => id).toSorted()).toEqual([
    'before',
    'further back',
    'in the past',
  ])
  expect(await second.recommend('s')).toMatchObject({ action: 'a' })
  expect(await again.verify()).toMatchObject({ findings: [] })
  await again.close()
})
