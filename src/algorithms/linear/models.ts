import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { type Algorithm, hasExactModel, type LinearAlgorithm } from '../algorithms.ts'
import { type Features, featureKindsOf } from '../features/feature-kinds.ts'
import { namedFeatures } from '../features/named-features.ts'
import type { LearnerPolicy, LinearPolicy } from '../policies.ts'
import type { Contribution } from './contribution.ts'
import { ExactLinearLearner, MOST_EXACT_FEATURES } from './exact-linear-learner.ts'
import { type KeyedAction, LinearLearner, type LinearState } from './linear-learner.ts'
import type { LinearSumsData } from './linear-sums.ts'
import { packed, unpacked } from './model-bytes.ts'

/** The expected reward of an action and its standard error, in the unit of the rewards. */
export interface Estimate {
  readonly mean: number
  readonly deviation: number
}

export interface PolicyPrediction {
  readonly values: readonly number[]
  readonly probabilities: readonly number[]
}

/** What a model remembers: sparse weights, or exact sums. */
export type ModelKind = 'sparse' | 'exact'

export function kindOf(algorithm: LinearAlgorithm): ModelKind {
  return hasExactModel(algorithm) ? 'exact' : 'sparse'
}

/** A linear model of the rewards of an agent's actions. */
export interface Model {
  readonly kind: ModelKind
  /** @throws INVALID_ARGUMENT for a state that the model cannot learn from */
  check(state: JsonValue): void
  estimates(state: JsonValue, actions: readonly KeyedAction[]): Estimate[]
  /** The expected rewards, and the probability with which the policy chooses each action. @returns shapes [A] */
  predict(state: JsonValue, actions: readonly KeyedAction[], draw: () => number): PolicyPrediction
  /** @returns the expected reward, before and after. */
  learn(state: JsonValue, action: KeyedAction, reward: number): { readonly before: number; readonly after: number }
  /** As `learn`, without measuring it. */
  relearn(state: JsonValue, action: KeyedAction, reward: number): void
  explain(state: JsonValue, action: KeyedAction, limit: number): Contribution[]
  toBytes(): Uint8Array
}

/** What a model has to know of its agent, which may change while it learns. */
export interface ModelSettings {
  readonly algorithm: LinearAlgorithm
  readonly policy: LinearPolicy
  /** In [0, 1]. */
  readonly epsilon: number
  /** Width of the bounds of `lin-ucb` and `lin-ts`. */
  readonly scale: number
  /** The same as long as the model lives. */
  readonly features: Features
  /** The same as long as the model lives; for `linear`. */
  readonly actionFeatures: boolean
}

/** The configuration and progress of an agent, as far as its model asks for them. */
export interface ModelConfiguration extends Pick<ModelSettings, 'features' | 'actionFeatures'> {
  readonly algorithm: Algorithm
  readonly policy: LearnerPolicy
  readonly currentExplorationRate: number
  readonly ucbScale: number
}

/** @param now returns the configuration of an agent with a linear model, which may change. */
export function settingsOf(now: () => ModelConfiguration): ModelSettings {
  return {
    get algorithm() {
      return now().algorithm as LinearAlgorithm
    },
    get policy() {
      return now().policy as LinearPolicy
    },
    get epsilon() {
      return now().currentExplorationRate
    },
    get scale() {
      return now().ucbScale
    },
    get features() {
      return now().features
    },
    get actionFeatures() {
      return now().actionFeatures
    },
  }
}

/** @param bytes from `toBytes`. Default: a model that has learned nothing. */
export function modelOf(settings: ModelSettings, bytes?: Uint8Array): Model {
  return kindOf(settings.algorithm) === 'sparse' ? sparseModel(settings, bytes) : exactModel(settings, bytes)
}

type SparseHeader = Pick<LinearState, 'experiences' | 'rewards' | 'scales'> & { readonly keys: readonly string[] }

function sparseModel(settings: ModelSettings, bytes: Uint8Array | undefined): Model {
  const learner = new LinearLearner(
    {
      get policy() {
        return settings.policy
      },
      get epsilon() {
        return settings.epsilon
      },
      actionFeatures: settings.actionFeatures,
      kinds: featureKindsOf(settings.features),
    },
    bytes && sparseState(bytes),
  )
  return {
    kind: 'sparse',
    check: () => {},
    estimates: (state, actions) => learner.estimates(state, actions),
    predict: (state, actions, draw) => learner.predict(state, actions, draw),
    learn: (state, action, reward) => learner.learn(state, action, reward),
    relearn: (state, action, reward) => void learner.learn(state, action, reward),
    explain: (state, action, limit) => learner.explain(state, action, limit),
    toBytes() {
      const { experiences, rewards, scales, counts, weights } = learner.toState()
      const header: SparseHeader = { experiences, rewards, scales, keys: weights.map(([key]) => key) }
      return packed(header, [counts, ...weights.map(([, blob]) => blob)])
    },
  }
}

function sparseState(bytes: Uint8Array): LinearState {
  const { data, blobs } = unpacked<SparseHeader>(bytes)
  const [counts = new Uint8Array(), ...weights] = blobs
  return { ...data, counts, weights: data.keys.map((key, i) => [key, weights[i] ?? new Uint8Array()]) }
}

function exactModel(settings: ModelSettings, bytes: Uint8Array | undefined): Model {
  const sums = bytes ? unpacked<readonly (readonly [string, LinearSumsData])[]>(bytes).data : []
  const learner = new ExactLinearLearner(
    {
      get algorithm() {
        return settings.algorithm === 'lin-ts' ? 'lin-ts' : 'lin-ucb'
      },
      get scale() {
        return settings.scale
      },
    },
    sums,
  )
  const kinds = featureKindsOf(settings.features)
  const featuresOf = (state: JsonValue): Map<string, number> => namedFeatures(state, kinds)
  return {
    kind: 'exact',
    check(state) {
      const count = learner.featureCount(featuresOf(state))
      if (count <= MOST_EXACT_FEATURES) return
      const expected = `Expected at most ${MOST_EXACT_FEATURES} features in all states of an agent with ${settings.algorithm}`
      throw new StoreError('INVALID_ARGUMENT', `${expected}, got ${count}; the algorithm linear has no limit`)
    },
    estimates: (state, actions) => learner.estimates(featuresOf(state), keysOf(actions)),
    predict(state, actions, draw) {
      const { estimates, probabilities } = learner.predict(featuresOf(state), keysOf(actions), draw)
      return { values: estimates.map(({ mean }) => mean), probabilities }
    },
    learn(state, { key }, reward) {
      const features = featuresOf(state)
      const mean = (): number => learner.estimates(features, [key])[0]?.mean ?? 0
      const before = mean()
      learner.learn(features, key, reward)
      return { before, after: mean() }
    },
    relearn: (state, { key }, reward) => learner.learn(featuresOf(state), key, reward),
    explain: (state, { key }, limit) => learner.explain(featuresOf(state), key, limit),
    toBytes: () => packed(learner.toData(), []),
  }
}

function keysOf(actions: readonly KeyedAction[]): string[] {
  return actions.map(({ key }) => key)
}
