import type { Experience, Learner } from '../../examples/environments/episode.ts'
import { planningStep, type TriedPair, triedPairs } from '../../src/algorithms/dyna.ts'
import { drawIndex, epsilonGreedy } from '../../src/algorithms/exploration.ts'
import type { Random } from '../../src/algorithms/random.ts'
import { addTransitions, NOTHING_COUNTED, type TransitionCounts } from '../../src/algorithms/transition-counts.ts'
import { qLearning, step } from '../../src/algorithms/value-learning.ts'

interface Settings {
  readonly actions: number
  readonly planningSteps: number
  readonly stepSize: number
  readonly discount: number
  readonly epsilon: number
  readonly random: Random
}

/** Tabular Dyna-Q: Sutton & Barto (2018), section 8.2. */
export class DynaLearner implements Learner<number> {
  readonly #settings: Settings
  readonly #values = new Map<string, Map<string, number>>()
  #counts: TransitionCounts = NOTHING_COUNTED
  #pairs: readonly TriedPair[] = []

  constructor(settings: Settings) {
    this.#settings = settings
  }

  selectAction(state: number): number {
    const { epsilon, random } = this.#settings
    return drawIndex(epsilonGreedy([...this.#valuesOf(`${state}`).values()], epsilon), random.next())
  }

  update({ state, action, reward, nextState, terminated }: Experience<number>): void {
    const { planningSteps, stepSize, discount } = this.#settings
    const [stateKey, actionKey, nextStateKey] = [`${state}`, `${action}`, `${nextState}`]
    const values = this.#valuesOf(stateKey)
    const q = values.get(actionKey) ?? 0
    const next = terminated ? [] : [...this.#valuesOf(nextStateKey).values()]
    values.set(actionKey, step(q, qLearning(q, reward, discount, next), stepSize))
    // The maze is deterministic: one observation of a pair is enough.
    if (!this.#counts.get(stateKey)?.has(actionKey)) {
      this.#counts = addTransitions(this.#counts, [{ stateKey, actionKey, reward, nextStateKey, terminated }])
      this.#pairs = triedPairs(this.#counts)
    }
    for (let i = 0; i < planningSteps; i++) {
      const planned = planningStep(this.#pairs, (key) => this.#valuesOf(key), this.#settings)
      this.#valuesOf(planned.stateKey).set(planned.actionKey, planned.value)
    }
  }

  #valuesOf(stateKey: string): Map<string, number> {
    const { actions } = this.#settings
    const values =
      this.#values.get(stateKey) ?? new Map(Array.from({ length: actions }, (_, action) => [`${action}`, 0] as const))
    this.#values.set(stateKey, values)
    return values
  }
}
