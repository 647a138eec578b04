import type { JsonValue } from '../../json-value.ts'
import { epsilonGreedy } from '../exploration.ts'
import type { FeatureKinds } from '../features/feature-kinds.ts'
import { actionNames, jointNames, stateNames } from '../features/named-features.ts'
import { Scales, type ScalesData } from '../features/scales.ts'
import { actionVector, jointVector, type SparseVector, stateVector } from '../features/sparse-vector.ts'
import type { LinearPolicy } from '../policies.ts'
import { adagradStep, countFeatures, deviationOf, scoreOf } from './adagrad.ts'
import { type Contribution, largest } from './contribution.ts'
import { squareCb, thompsonShares } from './linear-policies.ts'
import { factorOfStored, RewardLink, type RewardLinkData } from './reward-link.ts'
import { SparseWeights } from './sparse-weights.ts'

/** The settings of a linear learner. */
export interface LinearSettings {
  readonly policy: LinearPolicy
  /** Exploration rate of `epsilon-greedy`, in [0, 1]. */
  readonly epsilon: number
  /** Whether actions share weights, by their features and products of those with the features of the state. */
  readonly actionFeatures: boolean
  /** The fields that do not become features by their type. */
  readonly kinds: FeatureKinds | undefined
}

/** An action with its key. */
export interface KeyedAction {
  readonly key: string
  readonly action: JsonValue
}

/** Everything that a linear learner has learned, as plain data and bytes. */
export interface LinearState {
  readonly experiences: number
  readonly rewards: RewardLinkData
  readonly scales: ScalesData
  /** How often each feature was there. */
  readonly counts: Uint8Array
  /** The weights of each action by its key, or of all together under the key ''. */
  readonly weights: readonly (readonly [key: string, bytes: Uint8Array])[]
}

/** SquareCB's gamma is this times the square root of the number of experiences. */
const GAMMA = 100
/** The precision of a weight without experience, for Thompson sampling. */
const PRIOR_PRECISION = 1
const SHARED = ''

/**
 * A linear contextual bandit for states that do not recur: a sparse linear model of the reward, for each action or for all together,
 * learned by AdaGrad. After `cb_explore_adf` of Vowpal Wabbit; Bietti, Agarwal & Langford (2021), "A contextual bandit bake-off".
 * What it learns depends only on the experiences and their order, in every runtime to the last bit.
 */
export class LinearLearner {
  readonly #settings: LinearSettings
  readonly #scales: Scales
  readonly #rewards: RewardLink
  readonly #counts: SparseWeights
  readonly #weights: Map<string, SparseWeights>
  #experiences: number

  constructor(settings: LinearSettings, state?: LinearState) {
    this.#settings = settings
    this.#experiences = state?.experiences ?? 0
    this.#rewards = new RewardLink(state?.rewards)
    this.#scales = new Scales(state?.scales)
    this.#counts = state ? SparseWeights.fromBytes(state.counts) : new SparseWeights()
    this.#weights = new Map(state?.weights.map(([key, bytes]) => [key, SparseWeights.fromBytes(bytes)]))
    const factor = state ? factorOfStored(state.rewards) : 1
    if (factor !== 1) for (const weights of this.#weights.values()) weights.scale(factor, 1)
  }

  /** The expected rewards of actions. @returns shape [A], in the unit of the rewards. */
  values(state: JsonValue, actions: readonly KeyedAction[]): number[] {
    return this.#scored(state, actions).map(({ score }) => this.#rewards.value(score))
  }

  /** The expected rewards of actions with their standard errors, in the unit of the rewards. */
  estimates(state: JsonValue, actions: readonly KeyedAction[]): { mean: number; deviation: number }[] {
    return this.#scored(state, actions).map((one) => {
      const mean = this.#rewards.value(one.score)
      return { mean, deviation: this.#rewards.value(one.score + this.#deviation(one)) - mean }
    })
  }

  /**
   * The expected rewards of actions, and the probability with which the policy chooses each.
   * @param draw returns a uniform number in [0, 1); called by `thompson` only. @returns shapes [A]; the probabilities have sum 1.
   */
  predict(
    state: JsonValue,
    actions: readonly KeyedAction[],
    draw: () => number,
  ): { values: number[]; probabilities: number[] } {
    const scored = this.#scored(state, actions)
    const values = scored.map(({ score }) => this.#rewards.value(score))
    return { values, probabilities: this.#probabilities(scored, draw) }
  }

  /** Learns from the reward of an action. @returns the expected reward, before and after. */
  learn(state: JsonValue, action: KeyedAction, reward: number): { before: number; after: number } {
    const { actionFeatures, kinds } = this.#settings
    this.#scales.observe(state, actionFeatures ? action.action : undefined, kinds)
    const factor = this.#rewards.observe(reward)
    if (factor !== 1) for (const weights of this.#weights.values()) weights.scale(factor, factor * factor)
    this.#experiences++
    const x = this.#featuresOf(stateVector(state, this.#vectors), action)
    const weights = this.#weightsOrNew(action)
    countFeatures(this.#counts, x)
    const score = scoreOf(weights, x)
    adagradStep(weights, x, this.#rewards.gradient(score, reward), this.#counts, this.#experiences)
    return { before: this.#rewards.value(score), after: this.#rewards.value(scoreOf(weights, x)) }
  }

  /** What each feature adds to the score of an action, the largest first. @param limit maximum number */
  explain(state: JsonValue, action: KeyedAction, limit: number): Contribution[] {
    const { actionFeatures, kinds } = this.#settings
    const names = stateNames(state, kinds)
    const x = this.#featuresOf(stateVector(state, this.#vectors), action)
    const weights = this.#weightsOf(action)
    const contributions = (actionFeatures ? jointNames(names, actionNames(action.action, kinds)) : names).map(
      (feature, i) => {
        const value = x.values[i] as number
        const weight = weights?.get(x.hashes[i] as number) ?? 0
        return { feature, value, weight, contribution: value * weight }
      },
    )
    return largest(contributions, limit)
  }

  /** Copies everything that was learned. Equal learning gives equal bytes. */
  toState(): LinearState {
    return {
      experiences: this.#experiences,
      rewards: this.#rewards.toData(),
      scales: this.#scales.toData(),
      counts: this.#counts.toBytes(),
      weights: [...this.#weights].map(([key, weights]) => [key, weights.toBytes()]),
    }
  }

  get #vectors(): { readonly kinds: FeatureKinds | undefined; readonly scales: Scales } {
    return { kinds: this.#settings.kinds, scales: this.#scales }
  }

  #scored(state: JsonValue, actions: readonly KeyedAction[]): Scored[] {
    const ofState = stateVector(state, this.#vectors)
    const own = this.#settings.actionFeatures ? ofState.hashes.length : 0
    return actions.map((action) => {
      const x = this.#featuresOf(ofState, action)
      const weights = this.#weightsOf(action)
      return { x, own, weights, score: weights ? scoreOf(weights, x) : 0 }
    })
  }

  #probabilities(scored: readonly Scored[], draw: () => number): number[] {
    const scores = scored.map(({ score }) => score)
    switch (this.#settings.policy) {
      case 'squarecb':
        return squareCb(
          scores.map((score) => this.#rewards.normalized(score)),
          GAMMA * Math.sqrt(this.#experiences),
        )
      case 'epsilon-greedy':
        return epsilonGreedy(scores, this.#settings.epsilon)
      case 'thompson':
        return thompsonShares(
          scores,
          scored.map((one) => this.#deviation(one)),
          draw,
        )
    }
  }

  /** The standard deviation of a score, without the features that all actions share, which cannot tell them apart. */
  #deviation({ x, own, weights }: Scored): number {
    return this.#rewards.deviation(deviationOf(weights ?? UNTRIED, x, own, PRIOR_PRECISION))
  }

  #featuresOf(state: SparseVector, { action }: KeyedAction): SparseVector {
    return this.#settings.actionFeatures ? jointVector(state, actionVector(action, this.#vectors)) : state
  }

  #weightsOf({ key }: KeyedAction): SparseWeights | undefined {
    return this.#weights.get(this.#settings.actionFeatures ? SHARED : key)
  }

  #weightsOrNew(action: KeyedAction): SparseWeights {
    const known = this.#weightsOf(action)
    if (known) return known
    const weights = new SparseWeights()
    this.#weights.set(this.#settings.actionFeatures ? SHARED : action.key, weights)
    return weights
  }
}

interface Scored {
  readonly x: SparseVector
  /** The first feature that is not that of every action. */
  readonly own: number
  readonly weights: SparseWeights | undefined
  readonly score: number
}

const UNTRIED = new SparseWeights()
