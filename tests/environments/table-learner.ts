import type { Experience, Learner } from '../../examples/environments/episode.ts'
import { drawIndex, epsilonGreedy } from '../../src/algorithms/exploration.ts'
import type { Random } from '../../src/algorithms/random.ts'
import { expectedSarsa, qLearning, sarsa, step } from '../../src/algorithms/value-learning.ts'

export type Rule = 'q-learning' | 'sarsa' | 'expected-sarsa'

interface Settings {
  readonly actions: number
  readonly stepSize: number
  readonly discount: number
  readonly epsilon: number
  readonly random: Random
}

/** Epsilon-greedy over a table in memory, with one of the rules. */
export class TableLearner implements Learner<number> {
  readonly #rule: Rule
  readonly #settings: Settings
  readonly #values = new Map<number, number[]>()
  /** The next action of SARSA, which is chosen while learning. */
  #chosen: number | undefined

  constructor(rule: Rule, settings: Settings) {
    this.#rule = rule
    this.#settings = settings
  }

  selectAction(state: number): number {
    const action = this.#chosen ?? this.#draw(state)
    this.#chosen = undefined
    return action
  }

  update({ state, action, reward, nextState, terminated }: Experience<number>): void {
    const { discount, stepSize } = this.#settings
    const values = this.valuesOf(state)
    const q = values[action] ?? 0
    const error = this.#error(q, reward, terminated ? 0 : discount, nextState, terminated)
    values[action] = step(q, error, stepSize)
  }

  valuesOf(state: number): number[] {
    const values = this.#values.get(state) ?? Array.from({ length: this.#settings.actions }, () => 0)
    this.#values.set(state, values)
    return values
  }

  #error(q: number, reward: number, discount: number, nextState: number, terminated: boolean): number {
    const next = this.valuesOf(nextState)
    if (this.#rule === 'q-learning') return qLearning(q, reward, discount, next)
    if (this.#rule === 'expected-sarsa') return expectedSarsa(q, reward, discount, next, this.#policy(next))
    if (!terminated) this.#chosen = this.#draw(nextState)
    return sarsa(q, reward, discount, next[this.#chosen ?? 0] ?? 0)
  }

  #draw(state: number): number {
    return drawIndex(this.#policy(this.valuesOf(state)), this.#settings.random.next())
  }

  #policy(values: readonly number[]): number[] {
    return epsilonGreedy(values, this.#settings.epsilon)
  }
}
