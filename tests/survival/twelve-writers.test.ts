import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import { openLearningStore } from '../../src/entry/node.ts'
import { folder, inStore, report, SEED } from './environment.ts'
import { Learner, type Orders } from './learner.ts'
import { Ledger } from './ledger.ts'

const WRITERS = 12
const SESSIONS = 3
const EACH = 5
/** Four agents learn in each session. */
const ALL = SESSIONS * EACH * 4

let storage: ReturnType<typeof folder>
let path: string
let learners: Learner[]
beforeEach(() => {
  storage = folder()
  path = join(storage.path, 'learning.db')
  learners = []
})
afterEach(async () => {
  await Promise.all(learners.map((learner) => learner.kill()))
  storage.remove()
})

function start(count: number, orders: Partial<Orders>): void {
  for (let i = 0; i < count; i++) {
    learners.push(new Learner({ path, durability: 'strict', seed: SEED, name: `writer-${i}`, ...orders }))
  }
}

/** Expects the process to have opened, learned and closed as often as it should. */
async function expectAll(learner: Learner): Promise<void> {
  await learner.end()
  expect(learner.errors).toBe('')
  expect(learner.refused).toEqual([])
  expect(learner.acknowledged).toHaveLength(ALL)
}

/** Expects everything that was acknowledged to be in the file. */
async function compare(): Promise<string> {
  const ledger = await Ledger.open(SEED)
  for (const { acknowledged } of learners) ledger.acknowledge(acknowledged)
  await inStore(path, 'strict', async (store) => {
    expect(await ledger.compare(store, `seed ${SEED}`)).toEqual([])
    expect((await store.status()).notes).toEqual([])
  })
  return `${ledger.size} acknowledged, 0 lost`
}

test('twelve processes that open one file at once write it in turn, and nothing they learned is lost', async () => {
  start(WRITERS, { sessions: SESSIONS, count: EACH, lockTimeoutMs: 60_000 })
  await Promise.all(learners.map(expectAll))
  report(`twelve writers: ${await compare()}`)
})

test('when some of them are killed the others continue, and no acknowledged write is lost', async () => {
  const random = seededRandom(SEED, 'twelve writers')
  start(WRITERS, { sessions: SESSIONS, count: EACH, lockTimeoutMs: 60_000 })
  const blows = learners.slice(0, 4).map(async (learner) => {
    const after = 1 + Math.floor(random.next() * ALL)
    await learner.until(() => learner.acknowledged.length >= after)
    await learner.kill()
  })
  await Promise.all([...blows, ...learners.slice(4).map(expectAll)])
  report(`twelve writers, four of them killed: ${await compare()}`)
})

test('of two that do not wait, one writes and the other is refused', async () => {
  start(2, { lockTimeoutMs: 0 })
  await Promise.all(learners.map((each) => each.until(() => each.acknowledged.length > 0 || each.refused.length > 0)))
  const told = learners.map(({ acknowledged, refused }) => [acknowledged.length > 0, refused.map(({ code }) => code)])
  expect(told.sort()).toEqual([
    [false, ['LOCKED']],
    [true, []],
  ])
  await Promise.all(learners.map((learner) => learner.kill()))
  await compare()
})

test('a second writer is refused after lockTimeoutMs with the process that holds the file, and does not disturb it', async () => {
  start(1, {})
  const [holder] = learners as [Learner]
  await holder.until(() => holder.acknowledged.length >= 10)
  const second = openLearningStore({ storage: `file:${path}`, lockTimeoutMs: 50 })
  await expect(second).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringMatching(new RegExp(`open in process ${holder.pid} on ${hostname()} .*\\(waited 50 ms`)),
  })
  const before = holder.acknowledged.length
  await holder.until(() => holder.acknowledged.length >= before + 50)
  await holder.kill()
  expect([holder.errors, holder.refused]).toEqual(['', []])
  await compare()
})
