import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { type FileChange, fileStorage } from '../../src/persistence/file/file-storage.ts'
import { folder, PATIENT, report, SEED } from './environment.ts'
import { Learner, type Orders } from './learner.ts'
import { goOn, Ledger } from './ledger.ts'

let storage: ReturnType<typeof folder>
let path: string
let sleeper: Learner | undefined
let store: AsyncStore | undefined
beforeEach(() => {
  storage = folder()
  path = join(storage.path, 'learning.db')
})
afterEach(async () => {
  await sleeper?.kill()
  await store?.close().catch(() => {})
  storage.remove()
})

/** A process that learns for a while; one that nobody refuses to write closes its store in the end. */
function start(orders: Partial<Orders>): Learner {
  const persistence = { snapshotAfterLogBytes: 1024, snapshotAfterIdleMs: 1 }
  return new Learner({ path, durability: 'strict', seed: SEED, name: 'sleeper', count: 500, persistence, ...orders })
}

/** Stops the process in all its threads. */
async function stop({ pid }: Learner): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const isStopped = (thread: string): boolean => /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))
  while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) await turn()
}

/**
 * Makes the lease look like that of a machine whose counter stands still: on a shared disk this is how a writer comes to
 * be taken for dead that was only stopped.
 */
function makeLookDead(): void {
  const folder = `${path}.log`
  const leases = readdirSync(folder).filter((name) => name.endsWith('.claim'))
  expect(leases).toHaveLength(1)
  const lease = join(folder, leases[0] ?? '')
  const content = JSON.parse(readFileSync(lease, 'utf8')) as object
  writeFileSync(lease, JSON.stringify({ ...content, boot: 'of-another-machine' }))
}

/** How many experiences any SQLite tool finds in the file. */
function countIn(file: string): unknown {
  const database = new Database(file, { readonly: true })
  const count = database.prepare('SELECT count(*) FROM learning_experiences').pluck().get()
  database.close()
  return count
}

/**
 * The sleeper is stopped; another takes over and learns; the sleeper wakes up while the other writes, or after it has
 * closed. Answers how much of what the sleeper was told was held.
 */
async function takenOver(stopped: Learner, isClosedBefore: boolean, message: string): Promise<number> {
  await stop(stopped)
  makeLookDead()
  const ledger = await Ledger.open(SEED)
  ledger.acknowledge(stopped.acknowledged)
  const { lease, lockTimeoutMs } = PATIENT
  store = await openLearningStore({
    storage: fileStorage(path, { lease }),
    durability: 'strict',
    seed: SEED,
    lockTimeoutMs,
  })
  expect(await ledger.compare(store, message)).toEqual([])
  ledger.acknowledge(await goOn(store, 'successor', 5))
  if (isClosedBefore) await store.close()

  stopped.release()
  stopped.signal('SIGCONT')
  await stopped.end()
  expect(stopped.errors, message).toBe('')
  expect(stopped.closed, message).toBeUndefined()
  // Each of its four agents is refused its next operation, and so is closing.
  expect(stopped.refused.length, message).toBeGreaterThanOrEqual(5)
  expect(new Set(stopped.refused.map(({ code }) => code)), message).toEqual(new Set(['LEASE_LOST']))
  // Told late, but kept before it was stopped.
  ledger.acknowledge(stopped.acknowledged)

  if (!isClosedBefore) {
    ledger.acknowledge(await goOn(store, 'successor after that', 5))
    await store.close()
  }
  const held = ledger.size
  const found = countIn(path)
  store = await openLearningStore({ storage: `file:${path}`, durability: 'strict', seed: SEED, lockTimeoutMs: 0 })
  const lost = await ledger.compare(store, message)
  expect(lost, message).toEqual([])
  expect(await store.experiences.count(), message).toBe(found)
  const newest = (await store.experiences.list({ limit: 1 })).map(({ id }) => id)
  expect(newest, message).toEqual([isClosedBefore ? 'successor-4' : 'successor after that-4'])
  await store.close()
  return held
}

const TAKEOVERS = process.env.LEARNING_STORE_LONG ? 12 : 4

describe.skipIf(process.platform !== 'linux')('a writer that was stopped and taken over (Linux: /proc)', () => {
  test.each([
    { before: 'append', nth: 25 },
    { before: 'snapshot', nth: 4 },
    { before: 'head', nth: 4 },
    { before: 'remove', nth: 2 },
    { before: 'publish', nth: 6 },
    { before: 'publish', nth: 7 },
  ] satisfies { before: FileChange; nth: number }[])(
    'before $before $nth gets LEASE_LOST when it wakes up, and damages nothing',
    async (trap) => {
      for (const isClosedBefore of [false, true]) {
        sleeper = start({ trap: { ...trap, end: 'wait' }, ballastBytes: 30_000 })
        await sleeper.until(() => sleeper?.trapped !== undefined)
        await takenOver(sleeper, isClosedBefore, `woken ${isClosedBefore ? 'after the end' : 'in between'}`)
        storage.remove()
        storage = folder()
        path = join(storage.path, 'learning.db')
      }
    },
  )

  test('keeps its lease on its own machine, however long it is stopped', async () => {
    sleeper = start({})
    await sleeper.until(() => (sleeper?.acknowledged.length ?? 0) >= 10)
    await stop(sleeper)
    const successor = openLearningStore({ storage: `file:${path}`, lockTimeoutMs: 50 })
    await expect(successor).rejects.toMatchObject({ code: 'LOCKED' })
    const before = sleeper.acknowledged.length
    sleeper.signal('SIGCONT')
    await sleeper.until(() => (sleeper?.acknowledged.length ?? 0) >= before + 50)
    await sleeper.kill()
    expect([sleeper.errors, sleeper.refused]).toEqual(['', []])
  })

  test('at any moment gets LEASE_LOST when it wakes up, and damages nothing', async () => {
    const random = seededRandom(SEED, 'sleeper')
    let held = 0
    for (let round = 1; round <= TAKEOVERS; round++) {
      const after = 1 + Math.floor(random.next() * 100)
      const isClosedBefore = random.next() < 0.5
      sleeper = start({ ballastBytes: random.next() < 0.5 ? 30_000 : 0 })
      await sleeper.until(() => (sleeper?.acknowledged.length ?? 0) >= after)
      held += await takenOver(sleeper, isClosedBefore, `round ${round} of seed ${SEED}`)
      storage.remove()
      storage = folder()
      path = join(storage.path, 'learning.db')
    }
    report(`sleeper: ${TAKEOVERS} takeovers (seed ${SEED}), ${held} acknowledged, 0 lost`)
  })
})
