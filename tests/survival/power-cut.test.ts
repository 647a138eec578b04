import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import type { Durability } from '../../src/entry/node.ts'
import { Disk, whyNoDisk } from './disk.ts'
import { inStore, numberFrom, PATIENT, report, SEED } from './environment.ts'
import { type Acknowledged, Learner, type Orders } from './learner.ts'
import { goOn, Ledger } from './ledger.ts'

const CUTS = numberFrom('LEARNING_STORE_POWER_CUTS', 4)
const CHANGES = ['snapshot', 'head', 'remove', 'publish'] as const
const JOURNALS = ['ordered', 'writeback', 'journal'] as const

const reason = whyNoDisk()

/** After a real cut the system has another boot id, and no process of a lease lives; here the one that runs the tests does. */
function rebooted(folder: string): void {
  const leases = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.claim')) : []
  for (const lease of leases.map((name) => join(folder, name))) {
    const text = readFileSync(lease, 'utf8')
    if (text.endsWith('}')) writeFileSync(lease, JSON.stringify({ ...JSON.parse(text), boot: 'before the cut' }))
  }
}

/** Half of the cuts fall between two changes on the disk, if it comes to that change. */
function drawn(random: Random): Pick<Orders, 'trap'> {
  const before = CHANGES[Math.floor(random.next() * 2 * CHANGES.length)]
  return before ? { trap: { before, nth: 1 + Math.floor(random.next() * 6), end: 'wait' } } : {}
}

describe.skipIf(reason !== undefined)(`a power cut${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let disk: Disk
  let path: string
  let learner: Learner | undefined
  beforeEach(() => {
    disk = new Disk()
    path = join(disk.root, 'learning.db')
  })
  afterEach(async () => {
    await learner?.kill()
    disk.remove()
  })

  /**
   * Lets a process learn, cuts the power at a random moment and starts the machine again. Answers what was acknowledged
   * before the cut.
   */
  async function cut(
    random: Random,
    orders: Partial<Orders>,
    journal: (typeof JOURNALS)[number],
  ): Promise<readonly Acknowledged[]> {
    const persistence = { snapshotAfterLogBytes: 1024, snapshotAfterIdleMs: 1 }
    const ballastBytes = random.next() < 0.5 ? 30_000 : 0
    const sessions = random.next() < 0.3 ? { sessions: 100, count: 5 } : {}
    const after = 1 + Math.floor(random.next() * 150)
    learner = new Learner({
      path,
      durability: 'strict',
      seed: SEED,
      name: '',
      lockTimeoutMs: 0,
      persistence,
      ballastBytes,
      ...sessions,
      ...orders,
    })
    const writer = learner
    await writer.until(() => writer.trapped !== undefined || writer.acknowledged.length >= after)
    await pause(random.next() * 20)
    const acknowledged = [...writer.acknowledged]
    disk.cut()
    await writer.kill()
    expect(writer.errors).toBe('')
    disk.unplug()
    disk.mount(journal)
    rebooted(`${path}.log`)
    return acknowledged
  }

  /** Cuts again and again on one disk; answers what was acknowledged in all, and what of it each cut took. */
  async function cuts(count: number, durability: Durability): Promise<{ acknowledged: number; lost: number[] }> {
    const random = seededRandom(SEED, `power ${durability}`)
    const ledger = await Ledger.open(SEED)
    const sum = { acknowledged: 0, lost: [] as number[] }
    disk.mount()
    for (let i = 1; i <= count; i++) {
      const journal = JOURNALS[i % JOURNALS.length] ?? 'ordered'
      const message = `cut ${i} of seed ${SEED}, ${durability}, then data=${journal}`
      const acknowledged = await cut(random, { durability, name: `cut-${i}`, ...drawn(random) }, journal)
      ledger.acknowledge(acknowledged)
      await inStore(
        path,
        'strict',
        async (store) => {
          const { sequence, notes } = await store.status()
          const lost = await ledger.compare(store, message)
          expect(notes, message).toEqual([])
          if (durability === 'strict') {
            expect(lost, message).toEqual([])
            expect(sequence, message).toBeGreaterThanOrEqual(acknowledged.at(-1)?.sequence ?? 0)
          }
          sum.lost.push(lost.length)
          ledger.acknowledge(await goOn(store, `after cut ${i}`))
        },
        PATIENT,
      )
      sum.acknowledged += acknowledged.length
    }
    return sum
  }

  // Only what hangs runs into it, however busy the machine is.
  const timeout = 600_000 + CUTS * 60_000

  test('takes nothing that a strict store has acknowledged', { timeout }, async () => {
    const { acknowledged, lost } = await cuts(CUTS, 'strict')
    report(`power cut, strict: ${lost.length} cuts (seed ${SEED}), ${acknowledged} acknowledged, lost ${lost}`)
  })

  test('leaves of a relaxed store something that is whole', { timeout }, async () => {
    const { acknowledged, lost } = await cuts(Math.ceil(CUTS / 2), 'relaxed')
    report(`power cut, relaxed: ${lost.length} cuts (seed ${SEED}), ${acknowledged} acknowledged, lost ${lost}`)
  })

  test('takes relaxed writes that were not synced: the cut is real', async () => {
    const ledger = await Ledger.open(SEED)
    // A slow machine would sync by itself meanwhile.
    disk.mount('ordered', 3_600)
    const acknowledged = await cut(seededRandom(SEED, 'no sync'), { name: 'no sync', withoutSync: true }, 'ordered')
    ledger.acknowledge(acknowledged)
    const lost = await inStore(path, 'strict', (store) => ledger.compare(store, `seed ${SEED}`), PATIENT)
    report(`power cut, strict without fsync: ${acknowledged.length} acknowledged, lost ${lost.length}`)
    expect(lost.length).toBeGreaterThan(0)
  })
})
