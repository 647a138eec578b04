import { drawOutcome, type TriedPair } from '../../algorithms/dyna.ts'
import type { Random } from '../../algorithms/random.ts'
import type { Outcome } from '../../algorithms/transition-counts.ts'
import type { ExperiencesTable } from '../../tables/experiences.ts'
import { type Transition, transitionsOf } from './transition.ts'

/** An action that was tried in a state, with its observed outcomes. */
interface Pair extends TriedPair {
  readonly outcomes: Outcome[]
}

/** The tried pairs in the order of their first trial, so that a reopened agent draws as if it had never stopped. */
class Model {
  readonly #pairs: Pair[] = []
  readonly #byKey = new Map<string, Pair>()
  /** The actions that a state offers, by its key, as the newest experience that leads there says. */
  readonly #offered = new Map<string, readonly string[]>()

  add({ stateKey, actionKey, reward, nextStateKey, terminated, nextKeys }: Transition): void {
    const key = `${stateKey}\0${actionKey}`
    const pair = this.#byKey.get(key) ?? { stateKey, actionKey, outcomes: [] }
    if (!this.#byKey.has(key)) this.#pairs.push(pair)
    this.#byKey.set(key, pair)
    if (nextKeys.length > 0) this.#offered.set(nextStateKey, nextKeys)
    const same = pair.outcomes.findIndex(
      (one) => one.nextStateKey === nextStateKey && one.terminated === terminated && one.reward === reward,
    )
    const count = 1 + (pair.outcomes[same]?.count ?? 0)
    pair.outcomes[same === -1 ? pair.outcomes.length : same] = { reward, nextStateKey, terminated, count }
  }

  /** Draws a tried pair uniformly, and one of its outcomes in proportion to its count. */
  draw(random: Random): Transition | undefined {
    const pair = this.#pairs[Math.floor(random.next() * this.#pairs.length)]
    if (!pair) return undefined
    const { stateKey, actionKey, outcomes } = pair
    const { reward, nextStateKey, terminated } = drawOutcome(outcomes, random)
    const nextKeys = this.#offered.get(nextStateKey) ?? []
    return { stateKey, actionKey, reward, nextStateKey, nextKeys, terminated }
  }
}

/**
 * The models of agents that plan while they learn, counted from stored experiences on first use, then kept up to date.
 */
export class DynaModels {
  readonly #experiences: ExperiencesTable
  readonly #models = new Map<string, Model>()

  constructor(experiences: ExperiencesTable) {
    this.#experiences = experiences
  }

  /** The model of an agent that has just stored this experience. */
  with(agentId: string, newest: Transition): Model {
    const cached = this.#models.get(agentId)
    if (cached) {
      cached.add(newest)
      return cached
    }
    const model = new Model()
    const stored = this.#experiences.transitions(agentId, Number.MAX_SAFE_INTEGER).reverse()
    for (const transition of transitionsOf(stored)) model.add(transition)
    this.#models.set(agentId, model)
    return model
  }

  /** Discards the model of one agent. */
  drop(agentId: string): void {
    this.#models.delete(agentId)
  }

  /** Discards all models, after stored experiences changed otherwise than by learning. */
  forget(): void {
    this.#models.clear()
  }
}
