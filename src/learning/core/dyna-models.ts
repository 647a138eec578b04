import { drawOutcome, type TriedPair } from '../../algorithms/dyna.ts'
import type { Random } from '../../algorithms/random.ts'
import type { Outcome } from '../../algorithms/transition-counts.ts'
import type { ExperiencesTable } from '../../tables/experiences.ts'
import { type Transition, transitionsOf } from './transition.ts'

/** What came of one action in one state, each time it was tried. */
interface Pair extends TriedPair {
  readonly outcomes: Outcome[]
  /** What there was to choose from when it was tried last. */
  availableKeys: readonly string[]
}

/** What an agent tried, in the order in which it first did, so that a reopened agent draws as if it had not stopped. */
class Model {
  readonly #pairs: Pair[] = []
  readonly #known = new Map<string, Pair>()

  add({ stateKey, actionKey, reward, nextStateKey, terminated, availableKeys }: Transition): void {
    const key = `${stateKey}\0${actionKey}`
    const pair = this.#known.get(key) ?? { stateKey, actionKey, outcomes: [], availableKeys }
    if (!this.#known.has(key)) this.#pairs.push(pair)
    this.#known.set(key, pair)
    pair.availableKeys = availableKeys
    const same = pair.outcomes.findIndex(
      (one) => one.nextStateKey === nextStateKey && one.terminated === terminated && one.reward === reward,
    )
    const count = 1 + (pair.outcomes[same]?.count ?? 0)
    pair.outcomes[same === -1 ? pair.outcomes.length : same] = { reward, nextStateKey, terminated, count }
  }

  /** A pair that was tried, each as often; one of its outcomes, in proportion to how often it was seen. */
  draw(random: Random): Transition | undefined {
    const pair = this.#pairs[Math.floor(random.next() * this.#pairs.length)]
    if (!pair) return undefined
    const { stateKey, actionKey, outcomes, availableKeys } = pair
    const { reward, nextStateKey, terminated } = drawOutcome(outcomes, random)
    return { stateKey, actionKey, reward, nextStateKey, availableKeys, terminated }
  }
}

/** The models of agents that plan while they learn: counted from what is stored when it is first needed, then kept up to date. */
export class DynaModels {
  readonly #experiences: ExperiencesTable
  readonly #models = new Map<string, Model>()

  constructor(experiences: ExperiencesTable) {
    this.#experiences = experiences
  }

  /** The model of an agent that has just stored this experience. */
  with(agentId: string, newest: Transition): Model {
    const held = this.#models.get(agentId)
    if (held) {
      held.add(newest)
      return held
    }
    const model = new Model()
    const stored = this.#experiences.transitions(agentId, Number.MAX_SAFE_INTEGER).reverse()
    for (const transition of transitionsOf(stored)) model.add(transition)
    this.#models.set(agentId, model)
    return model
  }

  /** What an agent tried is counted anew when it is next needed. */
  drop(agentId: string): void {
    this.#models.delete(agentId)
  }

  /** What is stored changed otherwise than by learning: it is counted anew when it is next needed. */
  forget(): void {
    this.#models.clear()
  }
}
