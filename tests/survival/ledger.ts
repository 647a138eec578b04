import { expect } from 'vitest'
import {
  type Algorithm,
  type AsyncStore,
  type Experience,
  openLearningStore,
  type RecordedExperience,
} from '../../src/entry/node.ts'
import type { Acknowledged } from './learner.ts'

const EVERYTHING = 1_000_000

/**
 * What was acknowledged, and a store in memory that learns the same experiences in the same order: what a file holds
 * after a crash must be what comes of its experiences, no more and no less.
 */
export class Ledger {
  readonly #twin: AsyncStore
  /** The values that the twin answered, by agent and id, in the order of learning. */
  readonly #learned = new Map<string, number | undefined>()
  readonly #acknowledged = new Map<string, Acknowledged>()

  private constructor(twin: AsyncStore) {
    this.#twin = twin
  }

  /** @param seed that of the stores it is compared with: double Q-learning draws. */
  static async open(seed: number): Promise<Ledger> {
    return new Ledger(await openLearningStore({ storage: 'memory:', seed }))
  }

  acknowledge(all: readonly Acknowledged[]): void {
    for (const one of all) this.#acknowledged.set(keyOf(one.agent, one.id), one)
  }

  get size(): number {
    return this.#acknowledged.size
  }

  /**
   * Expects the store to hold what it held before, then what it learned since, each once, and what comes of it. Answers
   * what was acknowledged and is not there; that is forgotten.
   */
  async compare(store: AsyncStore, message: string): Promise<Acknowledged[]> {
    const experiences = (await store.experiences.list({ limit: EVERYTHING })).reverse()
    const keys = experiences.map(({ agentId, id }) => keyOf(agentId, id))
    expect(new Set(keys).size, message).toBe(keys.length)
    expect(keys.slice(0, this.#learned.size), message).toEqual([...this.#learned.keys()])
    for (const experience of experiences.slice(this.#learned.size)) await this.#learn(experience)
    await this.#compareAgents(store, message)
    expect(worthOf(experiences, 'q-learning'), message).toEqual(await valuesOf(store, 'q-learning'))

    const lost = [...this.#acknowledged].filter(([key]) => !this.#learned.has(key))
    for (const [key] of lost) this.#acknowledged.delete(key)
    const told = new Map([...this.#acknowledged].map(([key, { value }]) => [key, value]))
    const kept = new Map([...told.keys()].map((key) => [key, this.#learned.get(key)]))
    expect(told, message).toEqual(kept)
    return lost.map(([, acknowledged]) => acknowledged)
  }

  async #learn(recorded: RecordedExperience): Promise<void> {
    const { agentId, timestamp, ...rest } = recorded
    const given = Object.entries(rest).filter(([, value]) => value !== null)
    const agent = await this.#twin.agent(agentId, { algorithm: agentId as Algorithm })
    const { value } = await agent.learn(Object.fromEntries(given) as unknown as Experience)
    this.#learned.set(keyOf(agentId, recorded.id), value)
  }

  async #compareAgents(store: AsyncStore, message: string): Promise<void> {
    for (const { id } of await this.#twin.agents.list()) {
      const [agent, twin] = [await store.agent(id), await this.#twin.agent(id)]
      expect(await agent.status(), message).toEqual(await twin.status())
      expect(await valuesOf(store, id), message).toEqual(await valuesOf(this.#twin, id))
    }
  }
}

/** Learns some more, as an agent that never noticed; answers what was acknowledged. */
export async function goOn(store: AsyncStore, name: string, count = 3): Promise<Acknowledged[]> {
  const agent = await store.agent('q-learning', { algorithm: 'q-learning' })
  const acknowledged: Acknowledged[] = []
  for (let i = 0; i < count; i++) {
    const { id, value } = await agent.learn({
      id: `${name}-${i}`,
      state: { x: 0, y: i },
      action: 'up',
      reward: i / 8,
      nextState: { x: 1, y: i },
      nextActions: ['left', 'right', 'up', 'down'],
    })
    const { sequence, durableSequence } = await store.status()
    acknowledged.push({ agent: 'q-learning', id, value, sequence, durableSequence })
  }
  return acknowledged
}

function keyOf(agent: string, id: string): string {
  return `${agent} ${id}`
}

/** Values by state and action. */
async function valuesOf(store: AsyncStore, agentId: string): Promise<Map<string, number>> {
  const rows = await store.values.list({ agentId, limit: EVERYTHING })
  return new Map(rows.map(({ state, action, value }) => [JSON.stringify([state, action]), value]))
}

/** Q-learning once more, by eq. 6.8 of Sutton & Barto (2018) with the default rates of a store, and none of its code. */
function worthOf(experiences: readonly RecordedExperience[], agent: string): Map<string, number> {
  const values = new Map<string, number>()
  for (const { agentId, state, action, reward, nextState, terminated, nextActions } of experiences) {
    if (agentId !== agent) continue
    const at = JSON.stringify([state, action])
    const next = (nextActions ?? []).map((one) => values.get(JSON.stringify([nextState, one])) ?? 0)
    const value = values.get(at) ?? 0
    const error = reward + (terminated ? 0 : 0.95) * Math.max(...(terminated ? [0] : next)) - value
    values.set(at, value + 0.1 * error)
  }
  return values
}
