import { isLinear } from '../../algorithms/algorithms.ts'
import type { PolicySettings, TabularPolicy } from '../../algorithms/policies.ts'
import { type Random, resumedRandom, seededRandom } from '../../algorithms/random.ts'
import { traceLength } from '../../algorithms/traces.ts'
import { StoreError } from '../../errors.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import type { LearnerProgress, LearnerRow, LearnersTable } from '../../tables/learners.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { changesOf, checkCombination } from './learner-combinations.ts'
import { checkConfiguration, newConfiguration } from './learner-configuration.ts'

type ProgressField = Exclude<keyof LearnerProgress, 'randomState'>

/** The state of an agent: its row, and its random generator. */
export interface Learner
  extends Omit<LearnerRow, 'randomState' | ProgressField>,
    Writable<Pick<LearnerRow, ProgressField>> {
  readonly random: Random
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What changes while an agent learns. */
export type Progress = Pick<LearnerRow, ProgressField>

const NO_DEVIATIONS = { deviationCount: 0, deviationSquares: 0 }

type PolicyFields = Omit<PolicySettings, 'policy' | 'epsilon' | 'learnedScale'> &
  Pick<Learner, 'policy' | 'currentExplorationRate' | 'deviationCount' | 'deviationSquares'>

/** A write-back cache of agents: changed ones are written once per transaction. */
export class Learners {
  readonly #table: LearnersTable
  readonly #seed: number
  readonly #now: () => number
  readonly #drawsApart: boolean
  readonly #learners = new Map<string, Learner>()
  readonly #dirty = new Set<Learner>()
  /** Generators ahead of their rows, of agents that a rollback removed from the cache. */
  readonly #aheadOfRow = new Map<string, Random>()

  /**
   * @param seed 32 bits; the generator of a new agent is seeded with it and the agent's id.
   * @param drawsApart whether existing agents draw from such generators too, and their draws are not written
   */
  constructor(table: LearnersTable, seed: number, now: () => number, drawsApart: boolean) {
    this.#table = table
    this.#seed = seed
    this.#now = now
    this.#drawsApart = drawsApart
  }

  /** Whether there are unwritten changes: draws that were not followed by learning. */
  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /**
   * The agent with its stored configuration, updated with the given fields. A new agent starts with the defaults.
   *
   * @param configuredAt when the configuration was chosen, UTC text. Default: now.
   */
  open(agentId: string, given: Partial<LearnerConfiguration>, configuredAt?: string): Learner {
    const changes = checkConfiguration(given)
    const stored = this.find(agentId)
    const isSame = (at: Learner): boolean =>
      Object.entries(changes).every(
        ([name, value]) => JSON.stringify(at[name as keyof Learner]) === JSON.stringify(value),
      )
    if (stored && isSame(stored) && (configuredAt ?? stored.configuredAt) === stored.configuredAt) return stored
    const chosen = configuredAt ?? sqlTime(this.#now())
    const learner = stored
      ? {
          ...stored,
          ...changesOf(stored, changes),
          configuredAt: chosen,
          currentExplorationRate: explorationAfter(stored, changes),
        }
      : this.#create(agentId, changes, chosen)
    checkCombination(learner)
    this.#table.put(toRow(learner), sqlTime(this.#now()))
    if (stored) this.#dirty.delete(stored)
    this.#learners.set(agentId, learner)
    return learner
  }

  /** @throws INVALID_ARGUMENT for an agent that was never opened. */
  get(agentId: string): Learner {
    const learner = this.find(agentId)
    if (!learner) throw new StoreError('INVALID_ARGUMENT', `Expected an agent of this store, got "${agentId}"`)
    return learner
  }

  /** Resets the agent's progress and generator. Call it inside a transaction. */
  restart(agentId: string): void {
    this.setRemovedCount(agentId, 0)
    const learner = this.get(agentId)
    const { explorationRate: currentExplorationRate } = learner
    const random = seededRandom(this.#seed, agentId)
    const fresh = { ...learner, currentExplorationRate, experienceCount: 0, ...NO_DEVIATIONS, random }
    this.#dirty.delete(learner)
    this.#learners.set(agentId, fresh)
    this.#table.put(toRow(fresh), sqlTime(this.#now()))
  }

  /**
   * A copy of the agent that has learned nothing yet and draws from another generator. `setProgress` stores its
   * progress.
   */
  fresh(agentId: string, random: Random): Learner {
    const learner = { ...this.get(agentId), ...NO_DEVIATIONS, random }
    learner.currentExplorationRate = learner.explorationRate
    learner.experienceCount = 0
    return learner
  }

  /** Sets the agent's progress. */
  setProgress(agentId: string, progress: Progress): void {
    const { currentExplorationRate, experienceCount, deviationCount, deviationSquares } = progress
    const changes = { currentExplorationRate, experienceCount, deviationCount, deviationSquares }
    this.changed(Object.assign(this.get(agentId), changes))
  }

  /** The ids of all agents, sorted. */
  ids(): string[] {
    return this.#table.ids()
  }

  /** The number of experiences of an agent that were removed. If above 0, its values cannot be derived completely. */
  removedCount(agentId: string): number {
    return this.#table.removedCount(agentId)
  }

  /** Call it inside a transaction. */
  setRemovedCount(agentId: string, count: number): void {
    if (this.removedCount(agentId) !== count) this.#table.setRemovedCount(agentId, count)
  }

  /** Marks the agent as changed, so that the next transaction writes it. */
  changed(learner: Learner): void {
    if (!this.#drawsApart) this.#dirty.add(learner)
  }

  flush(): void {
    const time = sqlTime(this.#now())
    for (const learner of this.#dirty) this.#table.putProgress(learner, learner.random.state(), time)
    this.#dirty.clear()
  }

  /** Empties the cache, after a rollback. Generators are not rolled back: callers have seen their draws. */
  forget(): void {
    const ahead = this.#drawsApart ? this.#learners.values() : this.#dirty
    for (const { agentId, random } of ahead) this.#aheadOfRow.set(agentId, random)
    this.#dirty.clear()
    this.#learners.clear()
  }

  /** The states of the generators that are ahead of their rows, by agent id. */
  generatorStates(): ReadonlyMap<string, string> {
    const states = new Map([...this.#aheadOfRow].map(([agentId, random]) => [agentId, random.state()]))
    for (const { agentId, random } of this.#dirty) states.set(agentId, random.state())
    return states
  }

  /** Restores the generators after a rollback whose draws no caller has seen. */
  restoreGenerators(states: ReadonlyMap<string, string>): void {
    this.#aheadOfRow.clear()
    for (const [agentId, state] of states) this.#aheadOfRow.set(agentId, resumedRandom(state))
  }

  find(agentId: string): Learner | undefined {
    const cached = this.#learners.get(agentId)
    if (cached) return cached
    const row = this.#table.get(agentId)
    if (!row) return undefined
    const { randomState, ...rest } = row
    const ahead = this.#aheadOfRow.get(agentId)
    const own = this.#drawsApart ? seededRandom(this.#seed, agentId) : resumedRandom(randomState)
    const learner = { ...rest, random: ahead ?? own }
    this.#learners.set(agentId, learner)
    if (ahead) this.changed(learner)
    this.#aheadOfRow.delete(agentId)
    return learner
  }

  #create(agentId: string, changes: Partial<LearnerConfiguration>, configuredAt: string): Learner {
    const configuration = newConfiguration(changes)
    const random = seededRandom(this.#seed, agentId)
    const currentExplorationRate = configuration.explorationRate
    return {
      agentId,
      ...configuration,
      configuredAt,
      currentExplorationRate,
      experienceCount: 0,
      ...NO_DEVIATIONS,
      random,
    }
  }
}

/** A changed rate replaces the decayed one; the same rate given again does not. */
function explorationAfter(stored: Learner, changes: Partial<LearnerConfiguration>): number {
  const { explorationRate = stored.explorationRate } = changes
  return explorationRate === stored.explorationRate ? stored.currentExplorationRate : explorationRate
}

/**
 * The number of steps before a step of an episode that learning from it needs: those that wait for it before they are learned, and
 * those with eligibility traces.
 */
export function historyLength({
  algorithm,
  nStep,
  discountFactor,
  traceDecay,
}: Pick<Learner, 'algorithm' | 'nStep' | 'discountFactor' | 'traceDecay'>): number {
  if (isLinear(algorithm)) return 0
  return nStep - (algorithm === 'sarsa' ? 0 : 1) + traceLength(discountFactor * traceDecay)
}

/** The current policy of an agent that learns a table of values. */
export function policyOf(learner: PolicyFields): PolicySettings {
  const {
    currentExplorationRate: epsilon,
    policy,
    temperature,
    ucbScale,
    initialValue,
    rewardRange,
    rewardScale,
  } = learner
  const learnedScale = learnedScaleOf(learner)
  return {
    policy: policy as TabularPolicy,
    epsilon,
    temperature,
    ucbScale,
    initialValue,
    rewardRange,
    rewardScale,
    learnedScale,
  }
}

/** The root mean square deviation of targets from their values; null before the first. */
export function learnedScaleOf({
  deviationCount,
  deviationSquares,
}: Pick<Learner, 'deviationCount' | 'deviationSquares'>): number | null {
  return deviationSquares > 0 ? Math.sqrt(deviationSquares / deviationCount) : null
}

function toRow({ random, ...rest }: Learner): LearnerRow {
  return { ...rest, randomState: random.state() }
}

/** Whether the values of an agent are means of rewards, so that its sums give them. @param sums all of its sums. */
export function hasMeanValues(learner: Learner, sums: readonly { readonly terminated: boolean }[]): boolean {
  const { algorithm, learningRateSchedule, discountFactor } = learner
  if (learningRateSchedule !== 'sample-average') return false
  const isOneStep = sums.every(({ terminated }) => terminated)
  if (algorithm === 'q-learning' || algorithm === 'expected-sarsa') return discountFactor === 0 || isOneStep
  return algorithm === 'sarsa' && isOneStep
}
