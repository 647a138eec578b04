import { ALGORITHMS, type Algorithm } from '../algorithms/algorithms.ts'
import { type LearnerPolicy, POLICIES } from '../algorithms/policies.ts'
import { LEARNING_RATE_SCHEDULES, type LearningRateSchedule } from '../algorithms/step-sizes.ts'
import { UNSEEN_STATES, type UnseenStates } from '../algorithms/unseen-states.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'

/** The configuration of a learning agent. */
export interface LearnerConfiguration {
  /** Type of the agent, for example its task. @default 'agent' */
  readonly type: string
  /** Learning rule. @default 'q-learning' */
  readonly algorithm: Algorithm
  /**
   * Schedule of the learning rate. `constant`: `learningRate`. `sample-average`: 1/N at the Nth visit, so that a value is
   * the mean of its targets.
   * @default 'constant'; 'sample-average' for a new agent with `ucb1`, `thompson-gaussian` or `thompson-beta` and no given
   * `learningRate`
   */
  readonly learningRateSchedule: LearningRateSchedule
  /** Learning rate per experience if the schedule is `constant`, in (0, 1]. @default 0.1 */
  readonly learningRate: number
  /** Discount factor of future rewards, in [0, 1]. @default 0.95 */
  readonly discountFactor: number
  /**
   * Exploration policy. `squarecb`, `epsilon-greedy` and `thompson` for the algorithm `linear`; all but `squarecb` and `thompson` for
   * tables of values. `lin-ucb` and `lin-ts` choose in their own way.
   * @default 'epsilon-greedy'; 'squarecb' for `linear`
   */
  readonly policy: LearnerPolicy
  /** Initial exploration rate of `epsilon-greedy`, in [0, 1]. @default 0.3 */
  readonly explorationRate: number
  /** Factor of the exploration rate after each episode, in (0, 1]. @default 0.995 */
  readonly explorationDecay: number
  /** Lower bound of the decayed exploration rate, in [0, 1]. @default 0.01 */
  readonly minExplorationRate: number
  /**
   * Temperature of `softmax`, above 0, in the unit of the values; null for a share of the scale of the rewards.
   * @default null
   */
  readonly temperature: number | null
  /**
   * Width of the confidence bounds of `ucb1`, in scales of the rewards, and of `lin-ucb`, and of the distribution of `lin-ts`, in standard
   * errors; at least 0.
   * @default Math.SQRT2; 0.5 for a new agent with `lin-ts`
   */
  readonly ucbScale: number
  /**
   * Number of rewards in the target of a step, before the value of the state after them: n-step returns spread a delayed reward over the
   * steps that led to it. An integer in [1, 1000]; above 1 for `q-learning`, `sarsa` and `expected-sarsa`. @default 1
   */
  readonly nStep: number
  /**
   * Lambda, the decay of eligibility traces per step, in [0, 1]. Above 0, each temporal-difference error also moves the values of the
   * earlier steps of the episode, scaled by lambda times the discount for each step back: for `q-learning` (Watkins's Q(lambda)),
   * `sarsa` and `expected-sarsa`, with an `nStep` of 1. @default 0
   */
  readonly traceDecay: number
  /** Number of planning steps after each experience, as in Dyna-Q; an integer in [0, 1000]. @default 0 */
  readonly planningSteps: number
  /**
   * Number of newest experiences of each action in a state that `planningSteps` and `plan` use: 1 is the model of Dyna-Q for
   * a deterministic environment that changes. 0: all. @default 0
   */
  readonly modelWindow: number
  /**
   * Number of the agent's experiences after which an experience counts half in `planningSteps` and `plan`. 0: it never counts
   * less. @default 0
   */
  readonly modelHalfLife: number
  /**
   * Bonus of Dyna-Q+ in `planningSteps`, in the unit of the rewards: times the square root of the number of experiences since
   * an action was last tried in a state. Above 0, planning also considers the actions that a visited state offers and that
   * were never tried. @default 0
   */
  readonly explorationBonus: number
  /**
   * Value of an action without experience, in the unit of the rewards; finite. Optimistic values make even a greedy agent
   * try every action. Linear learners ignore it.
   * @default 0
   */
  readonly initialValue: number
  /**
   * The least and the greatest possible reward; rewards outside are refused. `thompson-beta` maps the range to [0, 1]; null
   * means [0, 1] for it, and any reward for the other policies.
   * @default null
   */
  readonly rewardRange: readonly [low: number, high: number] | null
  /**
   * The scale of the rewards: the standard deviation that `ucb1` and `thompson-gaussian` assume of the rewards of an action;
   * above 0. Null: half the width of `rewardRange`, or else learned.
   * @default null
   */
  readonly rewardScale: number | null
  /**
   * How the policy chooses in a state without values. `similar`: by the values of the most similar states, as `recommend` does.
   * `uniform`: every action has `initialValue`. `auto`: `similar` once the agent has values in 20 states and was in more than half
   * of them only once. Linear learners ignore it.
   * @default 'auto'
   */
  readonly unseenStates: UnseenStates
}

/** What the value of a configuration field may be: a name, one of a list, a number in a range, or a range itself. */
interface ConfigurationField {
  readonly column: string
  /** For a range, or null: the column of its upper end; `column` has the lower end. */
  readonly highColumn?: string
  readonly oneOf?: readonly string[]
  /** Inclusive. */
  readonly min?: number
  /** Exclusive. */
  readonly above?: number
  /** Inclusive. Default: unbounded. */
  readonly max?: number
  readonly isInteger?: boolean
  /** The number that the column has for null. */
  readonly nullAs?: number
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
  temperature: { column: 'temperature', above: 0, nullAs: 0 },
  ucbScale: { column: 'ucb_scale', min: 0 },
  nStep: { column: 'n_step', min: 1, max: 1_000, isInteger: true },
  traceDecay: { column: 'trace_decay', min: 0, max: 1 },
  // A planning step takes about as long as learning: more would block all other callers.
  planningSteps: { column: 'planning_steps', min: 0, max: 1_000, isInteger: true },
  modelWindow: { column: 'model_window', min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  modelHalfLife: { column: 'model_half_life', min: 0 },
  explorationBonus: { column: 'exploration_bonus', min: 0 },
  initialValue: { column: 'initial_value', min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  rewardRange: { column: 'reward_low', highColumn: 'reward_high' },
  rewardScale: { column: 'reward_scale', above: 0, nullAs: 0 },
  unseenStates: { column: 'unseen_states', oneOf: UNSEEN_STATES },
}

/** The fields of a configuration in the order of their columns. */
export const CONFIGURATION_FIELD_LIST: readonly (readonly [keyof LearnerConfiguration, ConfigurationField])[] =
  Object.entries(CONFIGURATION_FIELDS) as [keyof LearnerConfiguration, ConfigurationField][]

/** The configuration in columns, unchecked. @param cell returns the value of a column. */
export function configurationOf(cell: (column: string) => SqlValue): { readonly [field: string]: unknown } {
  return Object.fromEntries(
    CONFIGURATION_FIELD_LIST.map(([field, { column, highColumn, nullAs }]) => {
      const value = cell(column) === nullAs ? null : cell(column)
      return [field, highColumn === undefined || value === null ? value : [value, cell(highColumn)]]
    }),
  )
}

/** An SQL condition that holds for a row of `learning_agents` whose configuration is in range; NULL counts as out of range. */
export const CONFIGURATION_IN_RANGE: string = Object.values(CONFIGURATION_FIELDS)
  .flatMap(({ column, highColumn: high, oneOf, min, above, max, isInteger, nullAs }) => [
    ...(high
      ? [`(coalesce(${column}, ${high}) IS NULL OR ${high} > ${column} AND ${high} - ${column} <= ${Number.MAX_VALUE})`]
      : []),
    ...(oneOf ? [`${column} IN (${oneOf.map((name) => `'${name}'`).join(', ')})`] : []),
    ...(min === undefined ? [] : [`${column} >= ${min}`]),
    ...(above === undefined
      ? []
      : [nullAs === undefined ? `${column} > ${above}` : `(${column} > ${above} OR ${column} = ${nullAs})`]),
    ...(max === undefined ? [] : [`${column} <= ${max}`]),
    ...(isInteger ? [`typeof(${column}) = 'integer'`] : []),
  ])
  .join(' AND ')

/** What changes while an agent learns. */
export interface LearnerProgress {
  /** Decayed exploration rate. */
  readonly currentExplorationRate: number
  readonly experienceCount: number
  /** Number of squared deviations of targets from the values that they moved. */
  readonly deviationCount: number
  /** Their sum. */
  readonly deviationSquares: number
  /** State of the agent's random generator, see `Random.state`. */
  readonly randomState: string
}

/** A row of `learning_agents`. */
export interface LearnerRow extends LearnerConfiguration, LearnerProgress {
  readonly agentId: string
  /** Time of the last change of the configuration, UTC text; empty if it was never set. */
  readonly configuredAt: string
}

const PROGRESS_FIELDS: { readonly [F in keyof LearnerProgress]: string } = {
  currentExplorationRate: 'current_exploration_rate',
  experienceCount: 'experience_count',
  deviationCount: 'deviation_count',
  deviationSquares: 'deviation_squares',
  randomState: 'random_state',
}
const PROGRESS_FIELD_LIST = Object.entries(PROGRESS_FIELDS) as [keyof LearnerProgress, string][]
const PROGRESS_COLUMNS = PROGRESS_FIELD_LIST.map(([, column]) => column)

const COLUMNS = [
  ...CONFIGURATION_FIELD_LIST.flatMap(([, { column, highColumn }]) =>
    highColumn === undefined ? [column] : [column, highColumn],
  ),
  'configured_at',
  ...PROGRESS_COLUMNS,
]

const BY_ID = `SELECT ${COLUMNS.join(', ')} FROM learning_agents WHERE agent_id = ?`

const PUT = `INSERT INTO learning_agents (updated_at, created_at, agent_id, ${COLUMNS.join(', ')})
  VALUES (?1, ?1, ?2, ${COLUMNS.map((_, i) => `?${i + 3}`).join(', ')})
  ON CONFLICT (agent_id) DO UPDATE SET updated_at = excluded.updated_at,
    ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`

const PUT_PROGRESS = `UPDATE learning_agents SET ${PROGRESS_COLUMNS.map((column) => `${column} = ?`).join(', ')},
    updated_at = ? WHERE agent_id = ?`

/** Learning agents: their configuration and progress. */
export class LearnersTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(agentId: string): LearnerRow | undefined {
    const columns = this.#connection.get<SqlValue[]>(BY_ID, [agentId])
    if (!columns) return undefined
    const cell = (column: string): SqlValue => columns[COLUMNS.indexOf(column)] ?? null
    const progress = Object.fromEntries(PROGRESS_FIELD_LIST.map(([field, column]) => [field, cell(column)]))
    return {
      ...configurationOf(cell),
      agentId,
      configuredAt: cell('configured_at'),
      ...progress,
    } as unknown as LearnerRow
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
    const configuration = CONFIGURATION_FIELD_LIST.flatMap(([field, { highColumn, nullAs }]) => {
      const value = row[field] ?? nullAs ?? null
      return highColumn === undefined ? [value as SqlValue] : ((value ?? [null, null]) as SqlValue[])
    })
    this.#connection.run(PUT, [
      time,
      row.agentId,
      ...configuration,
      row.configuredAt,
      ...progressIn(row, row.randomState),
    ])
  }

  /** Updates the columns that change while an agent learns. @param time UTC text. */
  putProgress(
    row: Omit<LearnerProgress, 'randomState'> & Pick<LearnerRow, 'agentId'>,
    state: string,
    time: string,
  ): void {
    this.#connection.run(PUT_PROGRESS, [...progressIn(row, state), time, row.agentId])
  }
}

function progressIn(row: Omit<LearnerProgress, 'randomState'>, randomState: string): SqlValue[] {
  return PROGRESS_FIELD_LIST.map(([field]) => (field === 'randomState' ? randomState : row[field]))
}
