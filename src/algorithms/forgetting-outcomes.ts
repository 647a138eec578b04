import {
  addTransitions,
  NOTHING_COUNTED,
  type ObservedTransition,
  type Outcome,
  type TransitionCounts,
} from './transition-counts.ts'

/** How much of the past a model of the environment holds. */
export interface ModelMemory {
  /** The number of newest observations of an action in a state; 0: all. */
  readonly window: number
  /** The number of steps after which an observation counts half; 0: it never counts less. */
  readonly halfLife: number
}

type Observation = Omit<Outcome, 'count'>
type Weighted = { -readonly [K in keyof Outcome]: Outcome[K] }

/** A weight that no longer matters beside the newest observation. */
const NEGLIGIBLE = 2 ** -40

/** The observed outcomes of an action in a state, in the order of their first observation. */
export class ForgettingOutcomes {
  readonly #memory: ModelMemory
  #outcomes: Weighted[] = []
  /** The observations in the window, oldest first. Empty without a window. */
  readonly #recent: { readonly observation: Observation; readonly at: number }[] = []
  #at = 0

  constructor(memory: ModelMemory) {
    this.#memory = memory
  }

  /** The outcomes that count, with their weights as counts. */
  get all(): readonly Outcome[] {
    return this.#outcomes
  }

  /** The step of the newest observation; 0 before the first. */
  get newestAt(): number {
    return this.#at
  }

  /** @param at the number of the step, above that of the observation before. */
  add(observation: Observation, at: number): void {
    const { window, halfLife } = this.#memory
    const weightAfter = (steps: number): number => (halfLife > 0 ? 0.5 ** (steps / halfLife) : 1)
    if (window > 0) {
      this.#recent.push({ observation, at })
      if (this.#recent.length > window) this.#recent.shift()
      this.#outcomes = []
      for (const recent of this.#recent) this.#count(recent.observation, weightAfter(at - recent.at))
    } else {
      if (halfLife > 0 && this.#outcomes.length > 0) this.#fade(weightAfter(at - this.#at))
      this.#count(observation, 1)
    }
    this.#at = at
  }

  #fade(factor: number): void {
    for (const outcome of this.#outcomes) outcome.count *= factor
    this.#outcomes = this.#outcomes.filter(({ count }) => count > NEGLIGIBLE)
  }

  #count({ reward, nextStateKey, terminated }: Observation, weight: number): void {
    const same = this.#outcomes.find(
      (one) => one.nextStateKey === nextStateKey && one.terminated === terminated && one.reward === reward,
    )
    if (same) same.count += weight
    else this.#outcomes.push({ reward, nextStateKey, terminated, count: weight })
  }
}

/** The counts that a model with this memory holds after these transitions, oldest first. */
export function remembered(transitions: Iterable<ObservedTransition>, memory: ModelMemory): TransitionCounts {
  const pairs = new Map<string, readonly [stateKey: string, actionKey: string, outcomes: ForgettingOutcomes]>()
  let at = 0
  for (const { stateKey, actionKey, ...observation } of transitions) {
    const key = `${stateKey}\0${actionKey}`
    const pair = pairs.get(key) ?? [stateKey, actionKey, new ForgettingOutcomes(memory)]
    pair[2].add(observation, ++at)
    pairs.set(key, pair)
  }
  const counted = [...pairs.values()].flatMap(([stateKey, actionKey, outcomes]) =>
    outcomes.all.map((outcome) => ({ stateKey, actionKey, ...outcome })),
  )
  return addTransitions(NOTHING_COUNTED, counted)
}
