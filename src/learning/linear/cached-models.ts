import { hasExactModel } from '../../algorithms/algorithms.ts'
import type { Choice, SelectOptions } from '../../algorithms/choice.ts'
import { namedFeatures } from '../../algorithms/features/named-features.ts'
import {
  AgentModel,
  type ModelUpdate,
  type ModelVersion,
  modelOfSums,
  type Prediction,
} from '../../algorithms/linear/agent-model.ts'
import type { Contribution } from '../../algorithms/linear/contribution.ts'
import { settingsOf } from '../../algorithms/linear/models.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { LinearArmsTable } from '../../tables/linear-arms.ts'
import { type LearnedRow, type LinearModelRow, LinearModelsTable } from '../../tables/linear-models.ts'
import type { Core } from '../core/core.ts'
import type { CheckedExperience } from '../core/experience.ts'
import type { Learner } from '../core/learners.ts'
import type { LinearModels } from '../core/linear-models.ts'
import type { ValueUpdate } from '../core/value-updates.ts'
import { sumsOfArm } from './earlier-arms.ts'
import { modelFromSums } from './model-from-sums.ts'

interface Loaded {
  readonly model: AgentModel
  readonly generation: string
  /** Number of experiences that the stored model does not contain. */
  unstored: number
  /** The last commit when the model was loaded, or last learned: what a rollback before the next commit undoes. */
  changedAfter: number
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
    const { before, after, visits } = loaded.model.learn(state, actionKey, reward, time)
    loaded.unstored++
    loaded.changedAfter = this.#core.connection.sequence
    return { value: after, error: reward - before, visits }
  }

  choose(learner: Learner, state: JsonValue, options: SelectOptions, draw: () => number): Choice {
    return this.#of(learner).model.choose(state, options, draw)
  }

  predictions(learner: Learner, state: JsonValue, actionKeys?: readonly string[]): Prediction[] {
    return this.#of(learner).model.predictions(state, actionKeys)
  }

  explain(learner: Learner, state: JsonValue, actionKey: string, limit: number): Contribution[] {
    return this.#of(learner).model.explain(state, actionKey, limit)
  }

  updateOf(learner: Learner, known: ModelVersion | undefined): ModelUpdate {
    const { model, generation } = this.#of(learner)
    const { agentId } = learner
    const { experiences } = model
    const version = { generation, through: this.#table.lastLearned(agentId), experiences }
    if (known?.generation === generation) {
      const learned = this.#table.learnedAfter(agentId, known.through, CHUNK)
      // Experiences that were deleted or pruned meanwhile are in the model, but not in the table.
      if (known.experiences + learned.length === experiences) return { ...version, model: null, learned }
    }
    return { ...version, model: model.toBytes(), learned: [] }
  }

  rebuild(agentId: string): void {
    this.#table.markLearned(agentId, -1)
    this.#table.remove(agentId)
    this.drop(agentId)
  }

  learnRecorded(learner: Learner, limit: number): number {
    const { agentId } = learner
    if (!this.#core.canDeriveModel(agentId)) {
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
      this.#table.put(agentId, { through: this.#table.lastLearned(agentId), model: loaded.model.toBytes() })
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
    if (known?.model.isCurrent) return known
    this.#core.writePending()
    const settings = settingsOf(() => this.#core.learners.get(agentId))
    const row = this.#table.get(agentId) ?? this.#earlier(agentId)
    // An agent that changes to another kind of model, or to other features, learns it from the experiences that it still has.
    const stored = row && AgentModel.fits(settings, row.model) ? row : undefined
    const derived = stored ?? this.#fromSums(learner)
    const model = new AgentModel(settings, derived?.model)
    const { newId, connection } = this.#core
    const unstored = derived === stored ? 0 : 1
    const loaded: Loaded = { model, generation: newId(), unstored, changedAfter: connection.sequence }
    for (const one of this.#learnedAfter(agentId, derived?.through ?? 0)) {
      model.relearn(one)
      loaded.unstored++
    }
    this.#loaded.set(agentId, loaded)
    return loaded
  }

  /** The model of an exact learner that cannot be derived from its experiences alone, because some were pruned. */
  #fromSums({ agentId, algorithm, features }: Learner): LinearModelRow | undefined {
    const { learners, sums } = this.#core
    const isNeeded = hasExactModel(algorithm) && learners.removedCount(agentId) > 0
    if (!isNeeded || !this.#core.canDeriveModel(agentId)) return undefined
    const [learned, recordedOnly] = [this.#learnedAfter(agentId, 0), this.#table.recordedOnly(agentId)]
    const model = modelFromSums({ sums: sums.table.ofAgent(agentId), recordedOnly, learned }, features)
    return { through: this.#table.lastLearned(agentId), model }
  }

  /** The model of an agent as versions up to schema 4 stored it, if it cannot be derived again from its experiences. */
  #earlier(agentId: string): LinearModelRow | undefined {
    if (!this.#core.hasEarlierArms(agentId)) return undefined
    const arms = new LinearArmsTable(this.#core.connection).ofAgent(agentId)
    const samples = this.#table.learnedAfter(agentId, 0, SAMPLES).map(({ state }) => JSON.parse(state) as JsonValue)
    const names = new Set(samples.flatMap((state) => [...namedFeatures(state, undefined).keys()]))
    const sums = arms.map((arm) => [arm.actionKey, sumsOfArm(arm, names)] as const)
    const tried = arms.map(({ actionKey, visits, lastUpdated }) => [actionKey, { visits, lastUpdated }] as const)
    return { through: this.#table.lastLearned(agentId), model: modelOfSums(sums, tried, {}) }
  }

  *#learnedAfter(agentId: string, after: number): Generator<LearnedRow> {
    for (let rows = this.#table.learnedAfter(agentId, after, CHUNK); rows.length > 0; ) {
      yield* rows
      rows = this.#table.learnedAfter(agentId, rows.at(-1)?.id ?? after, CHUNK)
    }
  }
}
