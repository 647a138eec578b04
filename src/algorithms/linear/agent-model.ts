import { checkLearned, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { type Choice, drawn, isGreedyBy, offeredKeys, type SelectOptions } from '../choice.ts'
import { epsilonGreedy } from '../exploration.ts'
import type { Features } from '../features/feature-kinds.ts'
import { keyOfJson } from '../keys/key-of-json.ts'
import { parseKey } from '../keys/parse-key.ts'
import type { Contribution } from './contribution.ts'
import type { KeyedAction } from './linear-learner.ts'
import type { LinearSumsData } from './linear-sums.ts'
import { packed, unpacked } from './model-bytes.ts'
import { kindOf, type Model, type ModelKind, type ModelSettings, modelOf } from './models.ts'

/** How often an action was tried, and when last. */
export interface Arm {
  visits: number
  lastUpdated: string
}

/** The predicted value of an action in a state. */
export interface Prediction {
  readonly actionKey: string
  readonly value: number
  /** Number of experiences of the action, in any state. */
  readonly visits: number
  /** Of its last experience, as a DATETIME column has it; empty without one. */
  readonly lastUpdated: string
  /** The standard error of the value, in the unit of the rewards. */
  readonly deviation: number
}

/** An experience as it is stored. */
export interface StoredExperience {
  /** Canonical JSON. */
  readonly state: string
  /** Canonical JSON. */
  readonly action: string
  readonly reward: number
  /** As a DATETIME column has it. */
  readonly timestamp: string
}

/** Which state of an agent's model a copy of it has. */
export interface ModelVersion {
  /** Names the model in the memory of its store: one that was loaded or learned again has another. */
  readonly generation: string
  /** The row id of the last experience that it has learned from; 0 for none. */
  readonly through: number
  /** Number of experiences that it has learned from. */
  readonly experiences: number
}

/** What brings a copy of a model up to date. */
export interface ModelUpdate extends ModelVersion {
  /** The whole model; null if the copy has only to learn from `learned`. */
  readonly model: Uint8Array | null
  /** What the model learned from since, in order. */
  readonly learned: readonly StoredExperience[]
}

/** What a model was made for: one that was made for other features cannot be used. */
interface Representation {
  readonly kind: ModelKind
  readonly actionFeatures: boolean
  readonly features: Features
}

interface Header extends Partial<Representation> {
  readonly kind: ModelKind
  readonly arms: readonly (readonly [actionKey: string, arm: Arm])[]
}

/**
 * The linear model of an agent, with how often it tried each action. What it knows depends only on the experiences that it learned
 * from, and their order.
 */
export class AgentModel {
  readonly #settings: ModelSettings
  readonly #model: Model
  readonly #arms: Map<string, Arm>
  readonly #representation: Representation

  /** @param bytes from `toBytes`, if they fit. Default: a model that has learned nothing. */
  constructor(settings: ModelSettings, bytes?: Uint8Array) {
    this.#settings = settings
    this.#representation = representationOf(settings)
    const stored = bytes && unpacked<Header>(bytes)
    this.#model = modelOf(settings, stored?.blobs[0])
    this.#arms = new Map(stored?.data.arms)
  }

  /** Whether a stored model is of the kind that the settings ask for, with the same features. */
  static fits(settings: ModelSettings, bytes: Uint8Array): boolean {
    const { kind, actionFeatures = false, features = {} } = unpacked<Header>(bytes).data
    return isSame({ kind, actionFeatures, features }, representationOf(settings))
  }

  /** Whether the settings, which may have changed, still ask for this model. */
  get isCurrent(): boolean {
    return isSame(this.#representation, representationOf(this.#settings))
  }

  /** Number of experiences that it has learned from. */
  get experiences(): number {
    let sum = 0
    for (const { visits } of this.#arms.values()) sum += visits
    return sum
  }

  /** @throws INVALID_ARGUMENT for a state that the model cannot learn from */
  check(state: JsonValue): void {
    this.#model.check(state)
  }

  /** @param time UTC text. @returns the expected reward before and after, and how often the action was tried. */
  learn(
    state: JsonValue,
    actionKey: string,
    reward: number,
    time: string,
  ): { readonly before: number; readonly after: number; readonly visits: number } {
    const { before, after } = this.#model.learn(state, new ActionOfKey(actionKey), reward)
    return { before, after: checkLearned(after), visits: this.#count(actionKey, time) }
  }

  /** Leaves out what the model cannot learn from: rows of other programs may hold anything. */
  relearn({ state, action, reward, timestamp }: StoredExperience): void {
    try {
      const value = JSON.parse(state) as JsonValue
      this.#model.check(value)
      if (!Number.isFinite(reward)) return
      const key = keyOfJson(action)
      this.#model.relearn(value, new ActionOfKey(key), reward)
      this.#count(key, timestamp)
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof StoreError)) throw error
    }
  }

  /** Chooses by the policy among the available actions; by default all that were tried. @throws INVALID_ARGUMENT */
  choose(state: JsonValue, options: SelectOptions, draw: () => number): Choice {
    const isGreedy = isGreedyBy(options)
    const keys = options.actions ? offeredKeys(options.actions) : this.#tried()
    if (keys.length === 0) throw invalid('actions', 'given for an agent that has tried none', undefined)
    const actions = actionsOf(keys)
    const predicted = isGreedy ? this.#greedily(state, actions) : this.#model.predict(state, actions, draw)
    const values = keys.map((key, i) => ({
      action: options.actions?.[i] ?? parseKey(key),
      value: predicted.values[i] ?? 0,
      visits: this.#arms.get(key)?.visits ?? 0,
    }))
    return drawn(values, predicted.probabilities, draw)
  }

  /** The predicted values of actions, in the order of the keys. @param actionKeys default: all that were tried, sorted. */
  predictions(state: JsonValue, actionKeys: readonly string[] = this.#tried()): Prediction[] {
    const estimates = this.#model.estimates(state, actionsOf(actionKeys))
    return actionKeys.map((actionKey, i) => {
      const { mean, deviation } = estimates[i] ?? { mean: 0, deviation: 0 }
      const { visits, lastUpdated } = this.#arms.get(actionKey) ?? { visits: 0, lastUpdated: '' }
      return { actionKey, value: mean, deviation, visits, lastUpdated }
    })
  }

  /** What each feature of a state adds to the value of an action, the largest first. */
  explain(state: JsonValue, actionKey: string, limit: number): Contribution[] {
    return this.#model.explain(state, new ActionOfKey(actionKey), limit)
  }

  /** Equal learning gives equal bytes. */
  toBytes(): Uint8Array {
    const header: Header = { ...this.#representation, arms: [...this.#arms] }
    return packed(header, [this.#model.toBytes()])
  }

  #greedily(state: JsonValue, actions: readonly KeyedAction[]): ReturnType<Model['predict']> {
    const values = this.#model.estimates(state, actions).map(({ mean }) => mean)
    return { values, probabilities: epsilonGreedy(values, 0) }
  }

  /** Counts an experience of an action. @returns how often it was tried. */
  #count(actionKey: string, time: string): number {
    const visits = (this.#arms.get(actionKey)?.visits ?? 0) + 1
    this.#arms.set(actionKey, { visits, lastUpdated: time })
    return visits
  }

  #tried(): string[] {
    return [...this.#arms.keys()].sort()
  }
}

/** A stored model with the sums of an exact learner. */
export function modelOfSums(
  sums: readonly (readonly [actionKey: string, data: LinearSumsData])[],
  arms: readonly (readonly [actionKey: string, arm: Arm])[],
  features: Features,
): Uint8Array {
  const header: Header = { kind: 'exact', features, actionFeatures: false, arms }
  return packed(header, [packed(sums, [])])
}

/** Parses the key only if features of the action are needed. */
class ActionOfKey implements KeyedAction {
  readonly key: string

  constructor(key: string) {
    this.key = key
  }

  get action(): JsonValue {
    return parseKey(this.key)
  }
}

function actionsOf(keys: readonly string[]): KeyedAction[] {
  return keys.map((key) => new ActionOfKey(key))
}

function representationOf({ algorithm, actionFeatures, features }: ModelSettings): Representation {
  return { kind: kindOf(algorithm), actionFeatures, features }
}

function isSame(one: Representation, other: Representation): boolean {
  if (one.kind !== other.kind || one.actionFeatures !== other.actionFeatures) return false
  return one.features === other.features || JSON.stringify(one.features) === JSON.stringify(other.features)
}
