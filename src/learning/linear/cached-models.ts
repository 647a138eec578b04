import type { LinearAlgorithm } from '../../algorithms/algorithms.ts'
import { type Choice, drawn, isGreedyBy, offeredKeys, type SelectOptions } from '../../algorithms/choice.ts'
import { epsilonGreedy } from '../../algorithms/exploration.ts'
import { namedFeatures } from '../../algorithms/features/named-features.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { Contribution } from '../../algorithms/linear/contribution.ts'
import type { KeyedAction } from '../../algorithms/linear/linear-learner.ts'
import type { LinearPolicy } from '../../algorithms/policies.ts'
import { checkLearned, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { LinearArmsTable } from '../../tables/linear-arms.ts'
import { type LearnedRow, type LinearModelRow, LinearModelsTable } from '../../tables/linear-models.ts'
import type { Core } from '../core/core.ts'
import type { CheckedExperience } from '../core/experience.ts'
import type { Learner } from '../core/learners.ts'
import type { LinearModels, Prediction } from '../core/linear-models.ts'
import { memoizedKeyOfJson } from '../core/transition.ts'
import type { ValueUpdate } from '../core/value-updates.ts'
import { sumsOfArm } from './earlier-arms.ts'
import { packed, unpacked } from './model-bytes.ts'
import { kindOf, type Model, type ModelKind, type ModelSettings, modelOf, type PolicyPrediction } from './models.ts'

/** How often an action was tried, and when last. */
interface Arm {
  visits: number
  lastUpdated: string
}

interface Loaded {
  readonly model: Model
  readonly arms: Map<string, Arm>
  /** Number of experiences that the stored model does not contain. */
  unstored: number
  /** The last commit when the model was loaded, or last learned: what a rollback before the next commit undoes. */
  changedAfter: number
}

/** What is stored beside the bytes of a model. */
interface Header {
  readonly kind: ModelKind
  readonly arms: readonly (readonly [actionKey: string, arm: Arm])[]
}

/** Number of states that are read to tell booleans from numbers in the models of earlier versions. */
const SAMPLES = 20
/** Experiences that are read at once. */
const CHUNK = 1_000

/**
 * The linear models of the agents of a store, each in memory once it was used. They are derived data: the log has the experiences, and a
 * model is written with snapshots only, together with the last experience that it contains. Loading learns the later ones again.
 */
export class CachedLinearModels implements LinearModels {
  readonly #core: Core
  readonly #table: LinearModelsTable
  readonly #loaded = new Map<string, Loaded>()

  constructor(core: Core) {
    this.#core = core
    this.#table = new LinearModelsTable(core.connection)
  }

  get unstored(): number {
    let sum = 0
    for (const { unstored } of this.#loaded.values()) sum += unstored
    return sum
  }

  prepare(learner: Learner, state: JsonValue): void {
    this.#of(learner).model.check(state)
  }

  learn(learner: Learner, { state, actionKey, row: { reward } }: CheckedExperience, time: string): ValueUpdate {
    const loaded = this.#of(learner)
    const { before, after } = loaded.model.learn(state, keyed(actionKey), reward)
    loaded.unstored++
    loaded.changedAfter = this.#core.connection.sequence
    const visits = counted(loaded, actionKey, time)
    return { value: checkLearned(after), error: reward - before, visits }
  }

  choose(learner: Learner, state: JsonValue, options: SelectOptions, draw: () => number): Choice {
    const isGreedy = isGreedyBy(options)
    const { model, arms } = this.#of(learner)
    const keys = options.actions ? offeredKeys(options.actions) : triedIn(arms)
    if (keys.length === 0) throw invalid('actions', 'given for an agent that has tried none', undefined)
    const actions = keys.map(keyed)
    const predicted = isGreedy ? greedily(model, state, actions) : model.predict(state, actions, draw)
    const values = keys.map((key, i) => ({
      action: options.actions?.[i] ?? parseKey(key),
      value: predicted.values[i] ?? 0,
      visits: arms.get(key)?.visits ?? 0,
    }))
    return drawn(values, predicted.probabilities, draw)
  }

  predictions(learner: Learner, state: JsonValue, actionKeys?: readonly string[]): Prediction[] {
    const { model, arms } = this.#of(learner)
    const keys = actionKeys ?? triedIn(arms)
    const estimates = model.estimates(state, keys.map(keyed))
    return keys.map((actionKey, i) => {
      const { mean, deviation } = estimates[i] ?? { mean: 0, deviation: 0 }
      const { visits, lastUpdated } = arms.get(actionKey) ?? { visits: 0, lastUpdated: '' }
      return { actionKey, value: mean, deviation, visits, lastUpdated }
    })
  }

  explain(learner: Learner, state: JsonValue, actionKey: string, limit: number): Contribution[] {
    return this.#of(learner).model.explain(state, keyed(actionKey), limit)
  }

  rebuild(agentId: string): void {
    this.#table.markLearned(agentId, -1)
    this.#table.remove(agentId)
    this.drop(agentId)
  }

  learnRecorded(learner: Learner, limit: number): number {
    const { agentId } = learner
    if (this.#core.learners.removedCount(agentId) > 0) {
      const expected = 'Expected an agent of which no experience was pruned, to derive its model again'
      throw new StoreError('UNSUPPORTED', `${expected}, got "${agentId}"`)
    }
    const count = this.#table.markLearned(agentId, limit)
    if (count === 0) return 0
    this.#table.remove(agentId)
    this.drop(agentId)
    return count
  }

  store(): void {
    for (const [agentId, loaded] of this.#loaded) {
      if (loaded.unstored === 0) continue
      const { model, arms } = loaded
      const through = this.#table.lastLearned(agentId)
      this.#table.put(agentId, { through, model: packedModel({ kind: model.kind, arms: [...arms] }, model.toBytes()) })
      loaded.unstored = 0
    }
  }

  drop(agentId: string): void {
    this.#loaded.delete(agentId)
  }

  rolledBack(): void {
    const { sequence } = this.#core.connection
    for (const [agentId, { changedAfter }] of this.#loaded) if (changedAfter === sequence) this.drop(agentId)
  }

  #of(learner: Learner): Loaded {
    const { agentId } = learner
    const known = this.#loaded.get(agentId)
    const kind = kindOf(learner.algorithm as LinearAlgorithm)
    if (known?.model.kind === kind) return known
    this.#core.writePending()
    const row = this.#table.get(agentId) ?? this.#earlier(agentId)
    const stored = row && unpacked<Header>(row.model)
    // An agent that changes to another kind of model learns it from the experiences that it still has.
    const fitting = stored?.data.kind === kind ? stored : undefined
    const model = modelOf(settingsOf(this.#core, learner), fitting?.blobs[0])
    const changedAfter = this.#core.connection.sequence
    const loaded: Loaded = { model, arms: new Map(fitting?.data.arms), unstored: 0, changedAfter }
    for (const one of this.#learnedAfter(agentId, fitting ? (row?.through ?? 0) : 0)) learnAgain(loaded, one)
    this.#loaded.set(agentId, loaded)
    return loaded
  }

  /** The model of an agent as versions up to schema 4 stored it, if it cannot be derived again from its experiences. */
  #earlier(agentId: string): LinearModelRow | undefined {
    if (!this.#core.hasEarlierArms(agentId)) return undefined
    const arms = new LinearArmsTable(this.#core.connection).ofAgent(agentId)
    const samples = this.#table.learnedAfter(agentId, 0, SAMPLES).map(({ state }) => JSON.parse(state) as JsonValue)
    const names = new Set(samples.flatMap((state) => [...namedFeatures(state, undefined).keys()]))
    const sums = arms.map((arm) => [arm.actionKey, sumsOfArm(arm, names)] as const)
    const tried = arms.map(({ actionKey, visits, lastUpdated }) => [actionKey, { visits, lastUpdated }] as const)
    const model = packedModel({ kind: 'exact', arms: tried }, packed(sums, []))
    return { through: this.#table.lastLearned(agentId), model }
  }

  *#learnedAfter(agentId: string, after: number): Generator<LearnedRow> {
    for (let rows = this.#table.learnedAfter(agentId, after, CHUNK); rows.length > 0; ) {
      yield* rows
      rows = this.#table.learnedAfter(agentId, rows.at(-1)?.id ?? after, CHUNK)
    }
  }
}

function packedModel(header: Header, bytes: Uint8Array): Uint8Array {
  return packed(header, [bytes])
}

/** Counts an experience of an action. @returns how often it was tried. */
function counted({ arms }: Loaded, actionKey: string, time: string): number {
  const visits = (arms.get(actionKey)?.visits ?? 0) + 1
  arms.set(actionKey, { visits, lastUpdated: time })
  return visits
}

const keyOfJson = memoizedKeyOfJson()

/** Leaves out what the model cannot learn from: rows of other programs may hold anything. */
function learnAgain(loaded: Loaded, { state, action, reward, timestamp }: LearnedRow): void {
  loaded.unstored++
  try {
    const value = JSON.parse(state) as JsonValue
    loaded.model.check(value)
    if (!Number.isFinite(reward)) return
    const key = keyOfJson(action)
    loaded.model.relearn(value, keyed(key), reward)
    counted(loaded, key, timestamp)
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof StoreError)) throw error
  }
}

function settingsOf(core: Core, { agentId }: Learner): ModelSettings {
  const now = (): Learner => core.learners.get(agentId)
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
  }
}

function greedily(model: Model, state: JsonValue, actions: readonly KeyedAction[]): PolicyPrediction {
  const values = model.estimates(state, actions).map(({ mean }) => mean)
  return { values, probabilities: epsilonGreedy(values, 0) }
}

/** Parses the key only if features of the action are needed. */
function keyed(key: string): KeyedAction {
  return {
    key,
    get action() {
      return parseKey(key)
    },
  }
}

function triedIn(arms: ReadonlyMap<string, Arm>): string[] {
  return [...arms.keys()].sort()
}
