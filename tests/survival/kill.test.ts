import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import type { AsyncStore, Durability } from '../../src/entry/node.ts'
import type { FileChange } from '../../src/persistence/file/file-storage.ts'
import { folder, inStore, numberFrom, report, SEED } from './environment.ts'
import { Learner, type Orders } from './learner.ts'
import { goOn, Ledger } from './ledger.ts'

const ROUNDS = numberFrom('LEARNING_STORE_KILL_ROUNDS', 8)
const CHANGES = ['snapshot', 'head', 'remove', 'publish', 'append'] as const

let storage: ReturnType<typeof folder>
beforeEach(() => {
  storage = folder()
})
afterEach(() => storage.remove())

/** How a round ends: before a change on the disk, after so many acknowledgements, or so long after the start. */
interface Blow {
  readonly trap?: { readonly before: FileChange; readonly nth: number; readonly end: 'kill' }
  readonly acknowledgements?: number
  readonly afterMs?: number
}

function draw(random: Random): Blow {
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most)
  const kind = random.next()
  if (kind < 0.4) return { acknowledgements: upTo(150) }
  if (kind < 0.6) return { afterMs: upTo(250) }
  const before = CHANGES[upTo(CHANGES.length) - 1] ?? 'append'
  return { trap: { before, nth: upTo(before === 'append' ? 100 : 6), end: 'kill' } }
}

/** A process that learns until the blow falls, opening and closing the store in between when `sessions` says so. */
async function killed(blow: Blow, orders: Orders): Promise<Learner> {
  const learner = new Learner({ ...orders, ...(blow.trap ? { trap: blow.trap } : {}) })
  const timer = blow.afterMs === undefined ? undefined : setTimeout(() => learner.signal('SIGKILL'), blow.afterMs)
  await learner.until(() => learner.acknowledged.length >= (blow.acknowledgements ?? Number.POSITIVE_INFINITY))
  await learner.kill()
  clearTimeout(timer)
  return learner
}

/** Kills one process after the other on one file; after each, everything that was acknowledged must be there. */
async function rounds(durability: Durability, count: number): Promise<string> {
  const path = join(storage.path, 'learning.db')
  const random = seededRandom(SEED, `kill ${durability}`)
  const ledger = await Ledger.open(SEED)
  /** The last commit that must be there whatever happens. */
  let promised = 0
  const sum = { killed: 0, opening: 0, acknowledged: 0, lost: 0, slowestMs: 0 }
  for (let round = 1; round <= count; round++) {
    const blow = draw(random)
    // Every third process opens and closes the store all the time; one that only learns goes on until it is killed.
    const sessions = round % 3 === 0 ? { sessions: 8, count: 5 } : blow.trap ? { count: 60 } : {}
    const name = `${durability}-${round}`
    const message = `round ${round} of seed ${SEED}: ${JSON.stringify({ ...blow, ...sessions })}`
    const learner = await killed(blow, {
      path,
      durability,
      seed: SEED,
      name,
      lockTimeoutMs: 0,
      ...sessions,
      persistence: { snapshotAfterLogBytes: 1024, snapshotAfterIdleMs: 1 },
      ballastBytes: 30_000,
    })
    expect([learner.errors, learner.refused], message).toEqual(['', []])
    if (learner.ended?.signal === 'SIGKILL') sum.killed++
    if (!learner.opened) sum.opening++
    sum.acknowledged += learner.acknowledged.length
    ledger.acknowledge(learner.acknowledged)

    for (const { sequence, durableSequence } of learner.acknowledged) {
      promised = Math.max(promised, durability === 'strict' ? sequence : durableSequence)
    }
    const check = async (store: AsyncStore): Promise<void> => {
      const { sequence, notes } = await store.status()
      expect(notes, message).toEqual([])
      expect(sequence, message).toBeGreaterThanOrEqual(promised)
      const lost = await ledger.compare(store, message)
      sum.lost += lost.length
      const broken = lost.filter((one) => one.sequence <= promised)
      expect(broken, message).toEqual([])
    }
    // The next process finds the file as it was left: half of the time this one looks at a copy of it.
    const before = performance.now()
    if (random.next() < 0.5) {
      const copy = folder()
      cpSync(storage.path, copy.path, { recursive: true })
      await inStore(join(copy.path, 'learning.db'), durability, check)
      copy.remove()
    } else {
      await inStore(path, durability, async (store) => {
        await check(store)
        ledger.acknowledge(await goOn(store, `after ${name}`))
      })
    }
    sum.slowestMs = Math.max(sum.slowestMs, performance.now() - before)
  }
  await inStore(path, durability, async (store) => {
    expect(await ledger.compare(store, 'at the end')).toEqual([])
  })
  const database = new Database(path, { readonly: true })
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
  return `${count} rounds (seed ${SEED}), ${sum.killed} killed, ${sum.opening} of them before the store was open; ${sum.acknowledged} acknowledged, ${sum.lost} lost; slowest check ${Math.round(sum.slowestMs)} ms`
}

// A round takes less than half a second, and several where others keep the disk busy.
// Only what hangs runs into it, however busy the machine is.
const timeout = 600_000 + ROUNDS * 60_000

test('a process killed at any moment loses nothing that a strict store acknowledged', { timeout }, async () => {
  report(`kill, strict: ${await rounds('strict', ROUNDS)}`)
})

test('a process killed at any moment loses nothing that a relaxed store called durable', { timeout }, async () => {
  report(`kill, relaxed: ${await rounds('relaxed', Math.ceil(ROUNDS * 0.3))}`)
})
