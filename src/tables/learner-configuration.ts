import { ALGORITHMS, type Algorithm } from '../algorithms/algorithms.ts'
import { FEATURE_KINDS, type Features } from '../algorithms/features/feature-kinds.ts'
import { type LearnerPolicy, POLICIES } from '../algorithms/policies.ts'
import { LEARNING_RATE_SCHEDULES, type LearningRateSchedule } from '../algorithms/step-sizes.ts'
import { UNSEEN_STATES, type UnseenStates } from '../algorithms/unseen-states.ts'
import type { SqlValue } from '../sql/connection.ts'

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
  /**
   * The fields of states and actions that do not become features by their type: path to `number`, `category`, `text`, `vector` or
   * `ignore`. Linear learners only. @default {}
   */
  readonly features: Features
  /**
   * Whether actions share weights by their own features, so that one that was never tried can be chosen well: for actions that are
   * objects, `{ model: 'small', price: 0.2 }`. For the algorithm `linear` only. @default false
   */
  readonly actionFeatures: boolean
  /**
   * The type of the tasks whose states do not name their type; `LearningEngine` adds the type to the states of all others, so that an
   * agent with several types of tasks learns them apart. @default null: that of the first task
   */
  readonly defaultTaskType: string | null
  /**
   * How long a decision waits for its reward, in ms, at least 1; null for ever. Then it gets `defaultReward`, or expires. Counts from
   * when the decision is made.
   * @default null
   */
  readonly rewardWithinMs: number | null
  /** The reward of a decision that got none within `rewardWithinMs`; null: it expires, and nothing is learned. @default null */
  readonly defaultReward: number | null
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
  /** What the column has for null. */
  readonly nullAs?: number | string
  /** Whether it is true or false, and 1 or 0 in the column. */
  readonly isBoolean?: boolean
  /** For an object with names of the caller, as JSON in the column: what the value of a name can be. */
  readonly valuesOneOf?: readonly string[]
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
  features: { column: 'features', valuesOneOf: FEATURE_KINDS },
  actionFeatures: { column: 'action_features', isBoolean: true },
  defaultTaskType: { column: 'default_task_type', nullAs: '' },
  // A hundred years: the time of the expiry is to be a date.
  rewardWithinMs: { column: 'reward_within_ms', min: 1, max: 3_155_760_000_000, isInteger: true, nullAs: 0 },
  defaultReward: { column: 'default_reward', min: -Number.MAX_VALUE, max: Number.MAX_VALUE, nullAs: '' },
}

/** The fields of a configuration in the order of their columns. */
export const CONFIGURATION_FIELD_LIST: readonly (readonly [keyof LearnerConfiguration, ConfigurationField])[] =
  Object.entries(CONFIGURATION_FIELDS) as [keyof LearnerConfiguration, ConfigurationField][]

/** The configuration in columns, unchecked. @param cell returns the value of a column. */
export function configurationOf(cell: (column: string) => SqlValue): { readonly [field: string]: unknown } {
  return Object.fromEntries(
    CONFIGURATION_FIELD_LIST.map(([field, form]) => {
      const value = cell(form.column) === form.nullAs ? null : cell(form.column)
      if (form.highColumn !== undefined) return [field, value === null ? null : [value, cell(form.highColumn)]]
      return [field, fromColumn(value, form)]
    }),
  )
}

/** What a column that another program wrote does not allow stays as it is, for the checks. */
function fromColumn(value: SqlValue, { isBoolean, valuesOneOf }: ConfigurationField): unknown {
  if (isBoolean && (value === 0 || value === 1)) return value === 1
  if (!valuesOneOf || typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The form of a value in its column. */
export function toColumn(value: unknown, { isBoolean, valuesOneOf, nullAs }: ConfigurationField): SqlValue {
  if (isBoolean) return Number(value)
  return valuesOneOf ? JSON.stringify(value) : ((value ?? nullAs ?? null) as SqlValue)
}

/** An SQL condition that holds for a row of `learning_agents` whose configuration is in range; NULL counts as out of range. */
export const CONFIGURATION_IN_RANGE: string = Object.values(CONFIGURATION_FIELDS)
  .flatMap(({ column, highColumn: high, oneOf, valuesOneOf, min, above, max, isInteger, isBoolean, nullAs }) => [
    ...(high
      ? [`(coalesce(${column}, ${high}) IS NULL OR ${high} > ${column} AND ${high} - ${column} <= ${Number.MAX_VALUE})`]
      : []),
    ...(oneOf ? [`${column} IN (${quoted(oneOf)})`] : []),
    ...(isBoolean ? [`${column} IN (0, 1)`] : []),
    ...(valuesOneOf ? [isObjectOf(column, valuesOneOf)] : []),
    ...(min === undefined ? [] : [orNull(`${column} >= ${min}`, column, nullAs)]),
    ...(above === undefined ? [] : [orNull(`${column} > ${above}`, column, nullAs)]),
    ...(max === undefined ? [] : [orNull(`${column} <= ${max}`, column, nullAs)]),
    ...(isInteger ? [`typeof(${column}) = 'integer'`] : []),
  ])
  .join(' AND ')

function orNull(condition: string, column: string, nullAs: number | string | undefined): string {
  if (nullAs === undefined) return condition
  return `(${condition} OR ${column} = ${typeof nullAs === 'string' ? `'${nullAs}'` : nullAs})`
}

/** A condition that holds for JSON of an object whose values are some of those names. */
function isObjectOf(column: string, names: readonly string[]): string {
  const others = `SELECT 1 FROM json_each(${column}) WHERE value NOT IN (${quoted(names)})`
  return `CASE WHEN json_valid(${column}) THEN json_type(${column}) = 'object' AND NOT EXISTS (${others}) END`
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
