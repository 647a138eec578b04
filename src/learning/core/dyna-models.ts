import { keysOf } from '../../algorithms/choice.ts'
import { drawOutcome } from '../../algorithms/dyna.ts'
import { ForgettingOutcomes } from '../../algorithms/forgetting-outcomes.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExperiencesTable } from '../../tables/experiences.ts'
import type { Learner } from './learners.ts'
import { type Transition, transitionOf } from './transition.ts'

type ModelOptions = Pick<Learner, 'modelWindow' | 'modelHalfLife' | 'explorationBonus'>

/** An action in a state, with its observed outcomes: none if it is only known to be offered there. */
interface Pair {
  readonly stateKey: string
  readonly actionKey: string
  readonly outcomes: ForgettingOutcomes
}

/** The known pairs in the order in which they became known, so that a reopened agent draws as if it had never stopped. */
class Model {
  readonly options: ModelOptions
  readonly #pairs: Pair[] = []
  readonly #byKey = new Map<string, Pair>()
  /** The actions that a state offers, by its key, as the newest experience that leads there says. */
  readonly #offered = new Map<string, readonly string[]>()
  /** The number of experiences. */
  #steps = 0

  constructor(options: ModelOptions) {
    this.options = options
  }

  /** @param actions JSON list of the actions that the state offered; null if unknown. */
  add({ stateKey, actionKey, reward, nextStateKey, terminated, nextKeys }: Transition, actions: string | null): void {
    this.#pair(stateKey, actionKey).outcomes.add({ reward, nextStateKey, terminated }, ++this.#steps)
    if (nextKeys.length > 0) this.#offered.set(nextStateKey, nextKeys)
    if (this.options.explorationBonus === 0) return
    // Dyna-Q+ also plans what was never tried in a visited state.
    const keys = actions === null ? [] : keysOf(JSON.parse(actions) as JsonValue[])
    for (const key of [...keys, ...(this.#offered.get(stateKey) ?? [])]) this.#pair(stateKey, key)
  }

  /** Draws a pair uniformly, and one of its outcomes in proportion to its weight. An untried action leads back with reward 0. */
  draw(learner: Learner): Transition | undefined {
    const pair = this.#pairs[Math.floor(learner.random.next() * this.#pairs.length)]
    if (!pair) return undefined
    const { stateKey, actionKey, outcomes } = pair
    const untried = { reward: 0, nextStateKey: stateKey, terminated: false }
    const drawn = outcomes.all.length > 0 ? drawOutcome(outcomes.all, learner.random) : untried
    const { nextStateKey, terminated } = drawn
    const reward = drawn.reward + this.options.explorationBonus * Math.sqrt(this.#steps - outcomes.newestAt)
    const nextKeys = this.#offered.get(nextStateKey) ?? []
    return { stateKey, actionKey, reward, nextStateKey, nextKeys, terminated }
  }

  #pair(stateKey: string, actionKey: string): Pair {
    const key = `${stateKey}\0${actionKey}`
    const known = this.#byKey.get(key)
    if (known) return known
    const { modelWindow: window, modelHalfLife: halfLife } = this.options
    const pair = { stateKey, actionKey, outcomes: new ForgettingOutcomes({ window, halfLife }) }
    this.#pairs.push(pair)
    this.#byKey.set(key, pair)
    return pair
  }
}

/**
 * The models of agents that plan while they learn, made of stored experiences on first use, then kept up to date.
 */
export class DynaModels {
  readonly #experiences: ExperiencesTable
  readonly #models = new Map<string, Model>()

  constructor(experiences: ExperiencesTable) {
    this.#experiences = experiences
  }

  /** The model of an agent that has just stored this experience. @param actions JSON list of the actions that the state offered. */
  with(learner: Learner, newest: Transition, actions: string | null): Model {
    const { agentId, modelWindow, modelHalfLife, explorationBonus } = learner
    const cached = this.#models.get(agentId)
    const options = cached?.options
    const isSame =
      options?.modelWindow === modelWindow &&
      options.modelHalfLife === modelHalfLife &&
      options.explorationBonus === explorationBonus
    if (cached && isSame) {
      cached.add(newest, actions)
      return cached
    }
    const model = new Model({ modelWindow, modelHalfLife, explorationBonus })
    const keyOfJson = memoizedKeyOfJson()
    for (const row of this.#experiences.transitions(agentId, Number.MAX_SAFE_INTEGER).reverse()) {
      model.add(transitionOf(row, keyOfJson), row.actions)
    }
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
