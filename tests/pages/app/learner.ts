import type { AsyncStore } from '../../../src/entry/browser.ts'

const ACTIONS = ['left', 'right', 'up', 'down'] as const
const UNASKED = { sequence: 0, durableSequence: 0 }

export interface Orders {
  readonly agent: string
  /** Begins the id of each experience; the chances of the walk come from it too. */
  readonly name: string
  /** How many learn at once, each waiting for its own. */
  readonly chains: number
  /** How many experiences each of them learns; without end unless given. */
  readonly count?: number
  /** Whether to ask after each how far the store is and how far it is kept. */
  readonly withStatus?: boolean
  /** Writes so many bytes over each other meanwhile, so that snapshots are due again and again. */
  readonly ballastBytes?: number
}

/** What a page tells the test, as it happens. */
export type Report =
  | { readonly acknowledged: Acknowledged }
  | { readonly refused: { readonly code: string; readonly message: string } }

export interface Acknowledged {
  readonly id: string
  /** What the experience made of its value; undefined where the store had it already, when a worker died before it answered. */
  readonly value: number | undefined
  /** A commit that is not before the experience's own; 0 where nobody asked. */
  readonly sequence: number
  readonly durableSequence: number
}

/** Walks over a grid of 5 x 5 and learns, and tells each experience that the store acknowledged. */
export async function learnOn(store: AsyncStore, orders: Orders): Promise<void> {
  const { name, chains, count = Number.POSITIVE_INFINITY, withStatus = false, ballastBytes = 0 } = orders
  const agent = await store.agent(orders.agent, { algorithm: 'q-learning', explorationRate: 0 })
  let walking = chains
  const walks = Array.from({ length: chains }, (_, chain) => unlessRefused(walk(chain)).finally(() => walking--))
  await Promise.all([...walks, unlessRefused(outgrow())])

  async function outgrow(): Promise<void> {
    for (let i = 0; ballastBytes > 0 && walking > 0; i++) {
      await store.agent('ballast', { type: String(i % 2).padEnd(ballastBytes, '.') })
    }
  }

  async function walk(chain: number): Promise<void> {
    const draw = drawsFor(`${name} ${chain}`)
    for (let i = 0; i < count; i++) {
      const { id, learned, value } = await agent.learn({
        id: `${name}-${chain}-${i}`,
        state: { x: draw(5), y: draw(5) },
        action: ACTIONS[draw(4)] ?? 'up',
        reward: draw(16) / 8 - 1,
        nextState: { x: draw(5), y: draw(5) },
        terminated: draw(10) === 0,
        actions: ACTIONS,
        nextActions: ACTIONS,
      })
      const { sequence, durableSequence } = withStatus ? await store.status() : UNASKED
      void send({ acknowledged: { id, value: learned ? value : undefined, sequence, durableSequence } })
    }
  }
}

/** What the store refuses ends the work, and is told. */
async function unlessRefused(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    const { code = 'no code', message } = error as { code?: string; message: string }
    void send({ refused: { code, message } })
  }
}

/** Browsers let a page that goes send 64 KiB more. */
const MOST_AT_ONCE = 500
const unsent: Report[] = []
let isTelling = false

/** At once and in the order it happened, each message with what gathered during the one before. */
async function send(one: Report): Promise<void> {
  unsent.push(one)
  if (isTelling) return
  isTelling = true
  while (unsent.length > 0) {
    const batch = unsent.slice(0, MOST_AT_ONCE)
    // A request that failed is made again: to be told twice is as good as once.
    await fetch('/told', { method: 'POST', body: JSON.stringify(batch) }).then(
      () => unsent.splice(0, batch.length),
      () => {},
    )
  }
  isTelling = false
}

addEventListener('pagehide', () => navigator.sendBeacon('/told', JSON.stringify(unsent.slice(0, MOST_AT_ONCE))))

/** Whole numbers below a bound, the same for the same name: a linear congruential generator (Numerical Recipes, ch. 7). */
function drawsFor(name: string): (bound: number) => number {
  let state = 0
  for (const char of name) state = (Math.imul(state, 31) + char.charCodeAt(0)) >>> 0
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}
