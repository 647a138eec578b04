import type { PolicySettings } from '../../algorithms/policies.ts'
import { type Random, resumedRandom, seededRandom } from '../../algorithms/random.ts'
import { StoreError } from '../../errors.ts'
import type { LearnerConfiguration, LearnerRow, LearnersTable } from '../../tables/learners.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { checkConfiguration, DEFAULTS } from './learner-configuration.ts'
import { tabular } from './tabular.ts'

/** An agent as it is now: its row, and its generator at the draw where it stands. */
export interface Learner extends Omit<LearnerRow, 'randomState' | 'currentExplorationRate' | 'experienceCount'> {
  currentExplorationRate: number
  experienceCount: number
  readonly random: Random
}

type Progress = Pick<Learner, 'currentExplorationRate' | 'experienceCount'>

type PolicyFields = Pick<Learner, 'policy' | 'currentExplorationRate' | 'temperature' | 'ucbScale'>

/** The agents under the callers' hands. What changes while they learn is written once per transaction. */
export class Learners {
  readonly #table: LearnersTable
  readonly #seed: number
  readonly #now: () => number
  readonly #learners = new Map<string, Learner>()
  readonly #dirty = new Set<Learner>()
  /** Generators that are ahead of their rows, since a rollback forgot who drew. */
  readonly #drawn = new Map<string, Random>()

  /** @param seed 32 bits; a new agent's generator is made of it and of the agent's id. */
  constructor(table: LearnersTable, seed: number, now: () => number) {
    this.#table = table
    this.#seed = seed
    this.#now = now
  }

  /** Whether something changed that no transaction has written yet: a draw that was not followed by learning. */
  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /**
   * The agent with its stored configuration, in which the given fields are replaced. A new one begins with the defaults.
   * @param configuredAt when somebody chose so, UTC text; now unless given.
   */
  open(agentId: string, given: Partial<LearnerConfiguration>, configuredAt?: string): Learner {
    const changes = checkConfiguration(given)
    const stored = this.find(agentId)
    const isSame = (at: Learner): boolean =>
      Object.entries(changes).every(([name, value]) => at[name as keyof Learner] === value)
    if (stored && isSame(stored) && (configuredAt ?? stored.configuredAt) === stored.configuredAt) return stored
    const chosen = configuredAt ?? sqlTime(this.#now())
    const learner = stored
      ? { ...stored, ...changes, configuredAt: chosen, currentExplorationRate: explorationAfter(stored, changes) }
      : this.#made(agentId, changes, chosen)
    if (learner.planningSteps > 0) tabular(learner)
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

  /** The agent begins anew, as configured; belongs into a transaction. */
  restart(agentId: string): void {
    this.setRemovedCount(agentId, 0)
    const learner = this.get(agentId)
    const { explorationRate: currentExplorationRate } = learner
    const random = seededRandom(this.#seed, agentId)
    const fresh = { ...learner, currentExplorationRate, experienceCount: 0, random }
    this.#dirty.delete(learner)
    this.#learners.set(agentId, fresh)
    this.#table.put(toRow(fresh), sqlTime(this.#now()))
  }

  /** The agent as if it had learned nothing yet, drawing from another generator. What came of it holds when `goOn` is told. */
  begin(agentId: string, random: Random): Learner {
    const learner = { ...this.get(agentId), random }
    learner.currentExplorationRate = learner.explorationRate
    learner.experienceCount = 0
    return learner
  }

  /** The agent is as far as this says. */
  goOn(agentId: string, { currentExplorationRate, experienceCount }: Progress): void {
    this.changed(Object.assign(this.get(agentId), { currentExplorationRate, experienceCount }))
  }

  /** The ids of all agents, sorted. */
  ids(): string[] {
    return this.#table.ids()
  }

  /** How many experiences of an agent were removed, so that its values can be derived only in part. */
  removedCount(agentId: string): number {
    return this.#table.removedCount(agentId)
  }

  /** Inside a transaction. */
  setRemovedCount(agentId: string, count: number): void {
    if (this.removedCount(agentId) !== count) this.#table.setRemovedCount(agentId, count)
  }

  /** Marks what the next transaction must write. */
  changed(learner: Learner): void {
    this.#dirty.add(learner)
  }

  flush(): void {
    const time = sqlTime(this.#now())
    for (const { agentId, currentExplorationRate, experienceCount, random } of this.#dirty) {
      this.#table.putProgress({ agentId, currentExplorationRate, experienceCount, randomState: random.state() }, time)
    }
    this.#dirty.clear()
  }

  /** Forgets everything, so that it is read again: after a rollback. Draws that were answered stay drawn. */
  forget(): void {
    for (const { agentId, random } of this.#dirty) this.#drawn.set(agentId, random)
    this.#dirty.clear()
    this.#learners.clear()
  }

  /** Where the generators stand that are ahead of their rows. */
  draws(): ReadonlyMap<string, string> {
    const ahead = new Map([...this.#drawn].map(([agentId, random]) => [agentId, random.state()]))
    for (const { agentId, random } of this.#dirty) ahead.set(agentId, random.state())
    return ahead
  }

  /** Puts the generators back to where they stood, after a rollback whose draws nobody was answered. */
  redraw(draws: ReadonlyMap<string, string>): void {
    this.#drawn.clear()
    for (const [agentId, state] of draws) this.#drawn.set(agentId, resumedRandom(state))
  }

  find(agentId: string): Learner | undefined {
    const held = this.#learners.get(agentId)
    if (held) return held
    const row = this.#table.get(agentId)
    if (!row) return undefined
    const { randomState, ...rest } = row
    const drawn = this.#drawn.get(agentId)
    const learner = { ...rest, random: drawn ?? resumedRandom(randomState) }
    this.#learners.set(agentId, learner)
    if (drawn) this.#dirty.add(learner)
    this.#drawn.delete(agentId)
    return learner
  }

  #made(agentId: string, changes: Partial<LearnerConfiguration>, configuredAt: string): Learner {
    const configuration = { ...DEFAULTS, ...changes }
    const random = seededRandom(this.#seed, agentId)
    const currentExplorationRate = configuration.explorationRate
    return { agentId, ...configuration, configuredAt, currentExplorationRate, experienceCount: 0, random }
  }
}

/** A rate that the caller changes starts anew; the same rate given again leaves it as decayed. */
function explorationAfter(stored: Learner, changes: Partial<LearnerConfiguration>): number {
  const { explorationRate = stored.explorationRate } = changes
  return explorationRate === stored.explorationRate ? stored.currentExplorationRate : explorationRate
}

/** How an agent chooses now. */
export function policyOf({ policy, currentExplorationRate, temperature, ucbScale }: PolicyFields): PolicySettings {
  return { policy, epsilon: currentExplorationRate, temperature, ucbScale }
}

function toRow({ random, ...rest }: Learner): LearnerRow {
  return { ...rest, randomState: random.state() }
}
