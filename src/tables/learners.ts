import type { Connection } from '../sql/connection.ts'

/** How an agent learns. Rates are per learned experience; the decay is per episode. */
export interface LearnerConfiguration {
  /** What the agent is for. */
  readonly type: string
  /** The rule by which it learns. */
  readonly algorithm: Algorithm
  /** `constant`: the learning rate. `sample-average`: 1/N at the Nth visit, which makes a value the plain mean of what it learned from. */
  readonly learningRateSchedule: LearningRateSchedule
  /** The step size where it is constant, in (0, 1]. */
  readonly learningRate: number
  /** In [0, 1]. */
  readonly discountFactor: number
  /** How actions are chosen. `lin-ucb` chooses by bounds of its own. */
  readonly policy: LearnerPolicy
  /** The rate that exploration starts with, in [0, 1]. Only epsilon-greedy explores by it. */
  readonly explorationRate: number
  /** The exploration rate is multiplied by it after each episode; in (0, 1]. */
  readonly explorationDecay: number
  /** Exploration does not decay below it; in [0, 1]. */
  readonly minExplorationRate: number
  /** Of softmax: above 0, in the unit of the values. */
  readonly temperature: number
  /** The width of the bounds of UCB1 and LinUCB, at least 0. */
  readonly ucbScale: number
  /** How often the agent learns again from its model after each experience, as in Dyna-Q. */
  readonly planningSteps: number
}

/** The rule by which an agent learns. */
export type Algorithm = 'q-learning' | 'sarsa' | 'expected-sarsa' | 'double-q-learning' | 'lin-ucb'

/** How far a value moves at each visit. */
export type LearningRateSchedule = 'constant' | 'sample-average'

/** How an agent chooses among actions. */
export type LearnerPolicy = 'epsilon-greedy' | 'softmax' | 'ucb1' | 'thompson-gaussian' | 'thompson-beta'

/** A row of `learning_agents`. */
export interface LearnerRow extends LearnerConfiguration {
  readonly agentId: string
  /** When somebody last chose the configuration, UTC text; empty where nobody has. */
  readonly configuredAt: string
  /** As decayed. */
  readonly currentExplorationRate: number
  readonly experienceCount: number
  /** The state of the agent's generator, see `Random.state`. */
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

/** The agents that learn: how they do, and how far they are. */
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
      ...{ agentId, type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay },
      ...{ minExplorationRate, policy, learningRateSchedule, temperature, ucbScale, planningSteps },
      ...{ configuredAt, currentExplorationRate, experienceCount, randomState },
    }
  }

  /** How many experiences of an agent were removed. */
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
      ...[row.type, row.algorithm, row.learningRate, row.discountFactor, row.explorationRate, row.explorationDecay],
      ...[
        row.minExplorationRate,
        row.policy,
        row.learningRateSchedule,
        row.temperature,
        row.ucbScale,
        row.planningSteps,
      ],
      ...[row.configuredAt, row.currentExplorationRate, row.experienceCount, row.randomState, row.agentId, time],
    ])
  }

  /** Stores what changes while an agent learns. @param time UTC text. */
  putProgress(row: Omit<LearnerRow, keyof LearnerConfiguration | 'configuredAt'>, time: string): void {
    const { currentExplorationRate, experienceCount, randomState, agentId } = row
    this.#connection.run(PROGRESS, [currentExplorationRate, experienceCount, randomState, time, agentId])
  }
}
