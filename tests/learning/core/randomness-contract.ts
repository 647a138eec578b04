import { describe, expect, test } from 'vitest'
import type { AsyncStore } from '../../../src/entry/node.ts'

const ACTIONS = ['left', 'right', 'up', 'down']

/** What every client of a store promises of chance. @param open opens an empty store with seed 7. */
export function chanceContract(open: () => Promise<AsyncStore>): void {
  describe('randomness', () => {
    test('draws ties with the seeded generator', async () => {
      const [store, twin] = [await open(), await open()]
      const draws = async (store: AsyncStore, id: string): Promise<unknown[]> => {
        const one = await store.agent(id)
        const drawn: unknown[] = []
        for (let i = 0; i < 30; i++) {
          drawn.push((await one.selectAction('s', { actions: ACTIONS, greedy: true })).action)
        }
        return drawn
      }
      const drawn = await draws(store, 'a')
      expect(new Set(drawn).size).toBe(4)
      expect(await draws(store, 'b')).not.toEqual(drawn)
      expect(await draws(twin, 'a')).toEqual(drawn)
      await Promise.all([store.close(), twin.close()])
    })

    test('is the same on every platform, bit for bit', async () => {
      const store = await open()
      const { actions, values } = await seededRun(store)
      // As Node 20 had it when this was written.
      expect(actions.slice(0, 40)).toBe('uddlurrdddddurrrulrrrurlldlllllurdudurdu')
      expect(actions.slice(-40)).toBe('udrrlrlrurrdrrrurrudrurrrrrrrddrrrurrrrl')
      expect(values.slice(0, 3)).toEqual([0.9994221664716296, 0.9284889648655354, 0.853134665940361])
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(6.6817312604282995)
      await store.close()
    })
  })
}

/** Learns a walk by Double Q-learning and softly decaying exploration; answers all that chance and rounding went into. */
async function seededRun(store: AsyncStore): Promise<{ actions: string; values: readonly number[] }> {
  const agent = await store.agent('seeded', { algorithm: 'double-q-learning', explorationRate: 0.5, learningRate: 0.3 })
  let actions = ''
  let [x, steps] = [3, 0]
  for (let i = 0; i < 300; i++) {
    const { action } = await agent.selectAction({ x }, { actions: ACTIONS })
    actions += String(action)[0]
    const next = Math.abs(x + (action === 'left' ? -1 : action === 'right' ? 1 : 0)) % 7
    const terminated = next === 6 || ++steps > 20
    const reward = next === 6 ? 1 : -0.1 / (1 + next)
    await agent.learn({ state: { x }, action, reward, nextState: { x: next }, terminated, nextActions: ACTIONS })
    if (terminated) steps = 0
    x = terminated ? 3 : next
  }
  const values = await store.values.list({ agentId: 'seeded', limit: 1_000 })
  return { actions, values: values.map(({ value }) => value) }
}
