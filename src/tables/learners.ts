import { ALGORITHMS, type Algorithm } from '../algorithms/algorithms.ts'
import { type LearnerPolicy, POLICIES } from '../algorithms/policies.ts'
import { LEARNING_RATE_SCHEDULES, type LearningRateSchedule } from '../algorithms/step-sizes.ts'
import type { Connection } from '../sql/connection.ts'

/** The configuration of a learning agent. */
export interface LearnerConfiguration {
  /** Type of the agent, for example its task. @default 'agent' */
  readonly type: string
  /** Learning rule. @default 'q-learning' */
  readonly algorithm: Algorithm
  /**
   * Schedule of the learning rate. `constant`: `learningRate`. `sample-average`: 1/N at the Nth visit, so that a value is
   * the mean of its targets.
   * @default 'constant'
   */
  readonly learningRateSchedule: LearningRateSchedule
  /** Learning rate per experience if the schedule is `constant`, in (0, 1]. @default 0.1 */
  readonly learningRate: number
  /** Discount factor of future rewards, in [0, 1]. @default 0.95 */
  readonly discountFactor: number
  /** Exploration policy. The algorithm `lin-ucb` ignores it and chooses by its own bounds. @default 'epsilon-greedy' */
  readonly policy: LearnerPolicy
  /** Initial exploration rate of `epsilon-greedy`, in [0, 1]. @default 0.3 */
  readonly explorationRate: number
  /** Factor of the exploration rate after each episode, in (0, 1]. @default 0.995 */
  readonly explorationDecay: number
  /** Lower bound of the decayed exploration rate, in [0, 1]. @default 0.01 */
  readonly minExplorationRate: number
  /** Temperature of `softmax`, above 0, in the unit of the values. @default 1 */
  readonly temperature: number
  /** Width of the confidence bounds of `ucb1` and `lin-ucb`, at least 0. @default Math.SQRT2 */
  readonly ucbScale: number
  /** Number of planning steps after each experience, as in Dyna-Q; an integer in [0, 1000]. @default 0 */
  readonly planningSteps: number
}

/** What the value of a configuration field may be: a name, one of a list, or a number in a range. */
interface ConfigurationField {
  readonly column: string
  readonly oneOf?: readonly string[]
  /** Inclusive. */
  readonly min?: number
  /** Exclusive. */
  readonly above?: number
  /** Inclusive. Default: unbounded. */
  readonly max?: number
  readonly isInteger?: boolean
}

/** The columns of a configuration and their ranges. The checks of arguments and the integrity rules derive from it. */
export const CONFIGURATION_FIELDS: { readonly [F in keyof LearnerConfiguration]: ConfigurationField } = {
  type: { column: 'type' },
  algorithm: { column: 'algorithm', oneOf: ALGORITHMS },
  learningRateSchedule: { column: 'step_size', oneOf: LEARNING_RATE_SCHEDULES },
  learningRate: { column: 'learning_rate', above: 0, max: 1 },
  discountFactor: { column: 'discount_factor', min: 0, max: 1 },
  policy: { column: 'policy', oneOf: POLICIES },
  explorationRate: { column: 'exploration_rate', min: 0, max: 1 },
  explorationDecay: { column: 'exploration_decay', above: 0, max: 1 },
  minExplorationRate: { column: 'min_exploration_rate', min: 0, max: 1 },
  temperature: { column: 'temperature', above: 0 },
  ucbScale: { column: 'ucb_scale', min: 0 },
  // A planning step takes about as long as learning: more would block all other callers.
  planningSteps: { column: 'planning_steps', min: 0, max: 1_000, isInteger: true },
}

/** An SQL condition that holds for a row of `learning_agents` whose configuration is in range. */
export const CONFIGURATION_IN_RANGE: string = Object.values(CONFIGURATION_FIELDS)
  .flatMap(({ column, oneOf, min, above, max, isInteger }) => [
    ...(oneOf ? [`${column} IN (${oneOf.map((name) => `'${name}'`).join(', ')})`] : []),
    ...(min === undefined ? [] : [`${column} >= ${min}`]),
    ...(above === undefined ? [] : [`${column} > ${above}`]),
    ...(max === undefined ? [] : [`${column} <= ${max}`]),
    ...(isInteger ? [`typeof(${column}) = 'integer'`] : []),
  ])
  .join(' AND ')

/** A row of `learning_agents`. */
export interface LearnerRow extends LearnerConfiguration {
  readonly agentId: string
  /** Time of the last change of the configuration, UTC text; empty if it was never set. */
  readonly configuredAt: string
  /** Decayed exploration rate. */
  readonly currentExplorationRate: number
  readonly experienceCount: number
  /** State of the agent's random generator, see `Random.state`. */
  readonly randomState: string
}

type Columns = [
  type: string,
  algorithm: Algorithm,
  learningRate: number,
  discountFactor: number,
  explorationRate: number,
  explorationDecay: number,
  minExplorationRate: number,
  policy: LearnerPolicy,
  learningRateSchedule: LearningRateSchedule,
  temperature: number,
  ucbScale: number,
  planningSteps: number,
  configuredAt: string,
  currentExplorationRate: number,
  experienceCount: number,
  randomState: string,
]

const BY_ID = `SELECT type, algorithm, learning_rate, discount_factor, exploration_rate, exploration_decay,
    min_exploration_rate, policy, step_size, temperature, ucb_scale, planning_steps, configured_at,
    current_exploration_rate, experience_count, random_state
  FROM learning_agents WHERE agent_id = ?`

const PUT = `INSERT INTO learning_agents (type, algorithm, learning_rate, discount_factor, exploration_rate,
    exploration_decay, min_exploration_rate, policy, step_size, temperature, ucb_scale, planning_steps,
    configured_at, current_exploration_rate, experience_count, random_state, agent_id, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18)
  ON CONFLICT (agent_id) DO UPDATE SET type = excluded.type, algorithm = excluded.algorithm,
    learning_rate = excluded.learning_rate, discount_factor = excluded.discount_factor,
    exploration_rate = excluded.exploration_rate, exploration_decay = excluded.exploration_decay,
    min_exploration_rate = excluded.min_exploration_rate, policy = excluded.policy, step_size = excluded.step_size,
    temperature = excluded.temperature, ucb_scale = excluded.ucb_scale, planning_steps = excluded.planning_steps,
    configured_at = excluded.configured_at,
    current_exploration_rate = excluded.current_exploration_rate, experience_count = excluded.experience_count,
    random_state = excluded.random_state, updated_at = excluded.updated_at`

const PROGRESS = `UPDATE learning_agents SET current_exploration_rate = ?, experience_count = ?, random_state = ?,
    updated_at = ? WHERE agent_id = ?`

/** Learning agents: their configuration and progress. */
export class LearnersTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(agentId: string): LearnerRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [agentId])
    if (!columns) return undefined
    const [type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate] =
      columns
    const [, , , , , , , policy, learningRateSchedule, temperature, ucbScale, planningSteps, configuredAt] = columns
    const [currentExplorationRate, experienceCount, randomState] = columns.slice(13) as [number, number, string]
    return {
      agentId,
      type,
      algorithm,
      learningRate,
      discountFactor,
      explorationRate,
      explorationDecay,
      minExplorationRate,
      policy,
      learningRateSchedule,
      temperature,
      ucbScale,
      planningSteps,
      configuredAt,
      currentExplorationRate,
      experienceCount,
      randomState,
    }
  }

  /** Number of removed experiences of an agent. */
  removedCount(agentId: string): number {
    return (
      this.#connection.get<[number]>('SELECT removed_count FROM learning_agents WHERE agent_id = ?', [agentId])?.[0] ??
      0
    )
  }

  setRemovedCount(agentId: string, count: number): void {
    this.#connection.run('UPDATE learning_agents SET removed_count = ? WHERE agent_id = ?', [count, agentId])
  }

  ids(): string[] {
    return this.#connection.all<[string]>('SELECT agent_id FROM learning_agents ORDER BY agent_id').map(([id]) => id)
  }

  /** @param time UTC text. */
  put(row: LearnerRow, time: string): void {
    this.#connection.run(PUT, [
      row.type,
      row.algorithm,
      row.learningRate,
      row.discountFactor,
      row.explorationRate,
      row.explorationDecay,
      row.minExplorationRate,
      row.policy,
      row.learningRateSchedule,
      row.temperature,
      row.ucbScale,
      row.planningSteps,
      row.configuredAt,
      row.currentExplorationRate,
      row.experienceCount,
      row.randomState,
      row.agentId,
      time,
    ])
  }

  /** Updates the columns that change while an agent learns. @param time UTC text. */
  putProgress(row: Omit<LearnerRow, keyof LearnerConfiguration | 'configuredAt'>, time: string): void {
    const { currentExplorationRate, experienceCount, randomState, agentId } = row
    this.#connection.run(PROGRESS, [currentExplorationRate, experienceCount, randomState, time, agentId])
  }
}
