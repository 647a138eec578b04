import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import type { Durability } from '../../src/entry/node.ts'
import { numberFrom, report, SEED } from '../survival/environment.ts'
import { answered, beginToLearn, contentIn, learnAll, openIn } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const ROUNDS = numberFrom('LEARNING_STORE_BROWSER_KILLS', 4)

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

/** When the browser is killed: after so many acknowledgements, or so long after its page began to open the store. */
interface Blow {
  readonly acknowledgements: number
  readonly afterMs?: number
  readonly chains: number
  readonly ballastBytes: number
}

function draw(random: Random): Blow {
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most)
  const isEarly = random.next() < 0.25
  return {
    chains: upTo(8),
    ballastBytes: random.next() < 0.5 ? 30_000 : 0,
    ...(isEarly ? { acknowledgements: Number.POSITIVE_INFINITY, afterMs: upTo(80) } : { acknowledgements: upTo(150) }),
  }
}

/** Kills one browser after the other on one profile; whoever comes next must find everything that was acknowledged. */
async function rounds(durability: Durability, count: number): Promise<string> {
  const random = seededRandom(SEED, `browser kill ${durability}`)
  const ledger = new Ledger()
  const sum = { opening: 0, acknowledged: 0, lost: 0 }
  for (let round = 1; round <= count; round++) {
    const blow = draw(random)
    const message = `round ${round} of seed ${SEED}, ${durability}: ${JSON.stringify(blow)}`
    const browser = await stage.launch()
    const page = await browser.open(stage.server.origin)
    const timer = blow.afterMs === undefined ? undefined : setTimeout(() => void browser.kill(), blow.afterMs)
    const { chains, ballastBytes } = blow
    // A call that the kill ends has no outcome; one that the store refused has.
    const opened = await openIn(page, {
      durability,
      seed: SEED,
      persistence: { snapshotAfterLogBytes: 1024, snapshotAfterIdleMs: 1 },
    }).catch(() => undefined)
    if (opened) {
      sum.lost += check(answered(opened), message)
      const orders = { name: `round-${round}`, chains, ballastBytes, withStatus: durability === 'relaxed' }
      await beginToLearn(page, orders).catch(() => {})
    } else sum.opening++
    await Promise.race([stage.server.reports.reach(blow.acknowledgements), browser.ended])
    await browser.kill()
    clearTimeout(timer)

    const { acknowledged, refused } = stage.server.reports.take()
    expect(refused, message).toEqual([])
    ledger.acknowledge(acknowledged)
    sum.acknowledged += acknowledged.length
  }
  const page = await (await stage.launch()).open(stage.server.origin)
  sum.lost += check(answered(await openIn(page, { durability, seed: SEED })), 'at the end')
  return `${count} rounds (seed ${SEED}), ${sum.opening} of them before the store was open; ${sum.acknowledged} acknowledged, ${sum.lost} lost`

  function check(content: Parameters<Ledger['compare']>[0], message: string): number {
    const lost = ledger.compare(content, message)
    if (durability === 'strict') expect(lost, message).toEqual([])
    return lost.length
  }
}

// Only what hangs runs into it, however busy the machine is.
const timeout = 600_000 + ROUNDS * 60_000

test('a browser killed at any moment loses nothing that a strict store acknowledged', { timeout }, async () => {
  report(`browser kill, strict: ${await rounds('strict', ROUNDS)}`)
})

test('a browser killed at any moment loses nothing that a relaxed store called durable', { timeout }, async () => {
  report(`browser kill, relaxed: ${await rounds('relaxed', Math.ceil(ROUNDS / 2))}`)
})

/** Begins a record of LevelDB (CRC, length, kind; then the payload) that a kill did not let end. */
function tearLog(): void {
  const root = join(stage.profile, 'Default', 'IndexedDB')
  const logs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /leveldb.\d+\.log$/.test(name))
  // An older one is there while its records move into a table; nothing is written to it any more.
  const newest = logs.sort().at(-1)
  if (newest === undefined) throw new Error(`Expected a log of LevelDB below ${root}`)
  const [crc, length, kind] = [[1, 2, 3, 4], [0x76, 0x06], [1]]
  appendFileSync(join(root, newest), new Uint8Array([...crc, ...length, ...kind, ...Array(400).fill(7)]))
}

test('a log of the browser that ends within a record, as a kill can leave it, takes nothing with it', async () => {
  let known: readonly string[] = []
  for (let session = 1; session <= 4; session++) {
    const browser = await stage.launch()
    const page = await browser.open(stage.server.origin)
    const found = answered(await openIn(page, { seed: SEED }))
    expect(found.experiences.map(({ id }) => id)).toEqual(known)
    expect(found.notes).toEqual([])
    await learnAll(page, { name: `session-${session}`, chains: 4, count: 5 })
    known = (await contentIn(page)).experiences.map(({ id }) => id)
    expect(known.length).toBe(found.experiences.length + 20)
    await browser.kill()
    tearLog()
  }
})
