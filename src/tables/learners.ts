import type { Connection } from '../sql/connection.ts'

/** How an agent learns. Rates are per learned experience; the decay is per episode. */
export interface LearnerConfiguration {
  readonly type: string
  readonly algorithm: Algorithm
  /** The step size, in (0, 1]. */
  readonly learningRate: number
  /** In [0, 1]. */
  readonly discountFactor: number
  /** The rate that exploration starts with, in [0, 1]. */
  readonly explorationRate: number
  /** The exploration rate is multiplied by it after each episode; in (0, 1]. */
  readonly explorationDecay: number
  /** Exploration does not decay below it; in [0, 1]. */
  readonly minExplorationRate: number
}

export type Algorithm = 'q-learning' | 'sarsa' | 'expected-sarsa' | 'double-q-learning'

/** A row of `learning_agents`. */
export interface LearnerRow extends LearnerConfiguration {
  readonly agentId: string
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
  currentExplorationRate: number,
  experienceCount: number,
  randomState: string,
]

const BY_ID = `SELECT type, algorithm, learning_rate, discount_factor, exploration_rate, exploration_decay,
    min_exploration_rate, current_exploration_rate, experience_count, random_state
  FROM learning_agents WHERE agent_id = ?`

const PUT = `INSERT INTO learning_agents (type, algorithm, learning_rate, discount_factor, exploration_rate,
    exploration_decay, min_exploration_rate, current_exploration_rate, experience_count, random_state, agent_id,
    created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
  ON CONFLICT (agent_id) DO UPDATE SET type = excluded.type, algorithm = excluded.algorithm,
    learning_rate = excluded.learning_rate, discount_factor = excluded.discount_factor,
    exploration_rate = excluded.exploration_rate, exploration_decay = excluded.exploration_decay,
    min_exploration_rate = excluded.min_exploration_rate,
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
    const [, , , , , , , currentExplorationRate, experienceCount, randomState] = columns
    return {
      ...{ agentId, type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay },
      ...{ minExplorationRate, currentExplorationRate, experienceCount, randomState },
    }
  }

  ids(): string[] {
    return this.#connection.all<[string]>('SELECT agent_id FROM learning_agents ORDER BY agent_id').map(([id]) => id)
  }

  /** @param time UTC text. */
  put(row: LearnerRow, time: string): void {
    this.#connection.run(PUT, [
      ...[row.type, row.algorithm, row.learningRate, row.discountFactor, row.explorationRate, row.explorationDecay],
      ...[row.minExplorationRate, row.currentExplorationRate, row.experienceCount, row.randomState],
      ...[row.agentId, time],
    ])
  }

  /** Stores what changes while an agent learns. @param time UTC text. */
  putProgress(row: Omit<LearnerRow, keyof LearnerConfiguration>, time: string): void {
    const { currentExplorationRate, experienceCount, randomState, agentId } = row
    this.#connection.run(PROGRESS, [currentExplorationRate, experienceCount, randomState, time, agentId])
  }
}
