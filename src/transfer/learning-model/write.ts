import type { Tally } from '../../learning/executions/tally.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import type { StateValues } from '../../learning/values.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import { isoTime } from '../../times.ts'
import { learnedPattern } from './pattern.ts'

/** The contents of a LearningModelState. */
export interface LearningModel {
  readonly agentId: string
  readonly configuration: LearnerConfiguration
  /** Decayed exploration rate; agentic-qe stores no other. */
  readonly explorationRate: number
  /** Values by state, each state once and with at least one action. */
  readonly values: Iterable<StateValues>
  /** Oldest first. The last 1000 are written, as in agentic-qe. */
  readonly experiences: readonly RecordedExperience[]
  /** The number of its tasks, and of the successful ones. */
  readonly tally: Tally
  /** Total number of experiences of the agent. */
  readonly experienceCount: number
  readonly patterns: readonly Pattern[]
  /** Version of this package. */
  readonly version: string
  /** ms since the epoch. */
  readonly now: number
}

const MAX_EXPERIENCES = 1000
/** Number of experiences behind the mean reward of agentic-qe. */
const RECENT = 100
/** The defaults of agentic-qe for required settings without a counterpart in this store. */
const THEIR_CONFIG = { enabled: true, maxMemorySize: 100 * 1024 * 1024, batchSize: 32, updateFrequency: 10 }

/**
 * Writes the LearningModelState of an agent as JSON, which agentic-qe can read. Additional fields (`visits`, and further fields of
 * experiences and patterns) preserve more for reading it back. It omits experiences before the last 1000, the initial exploration
 * rate, the two tables of Double Q-learning, and the algorithm.
 */
export function* writeLearningModelState(model: LearningModel): Generator<string, void, undefined> {
  const { agentId, configuration, explorationRate, experienceCount, patterns, tally, version, now } = model
  const { type, learningRate, discountFactor, explorationDecay, minExplorationRate } = configuration
  const experiences = model.experiences.slice(-MAX_EXPERIENCES)
  const visits: string[] = []
  const encoder = new TextEncoder()
  // `size` is the size of an object of the table, the experiences and the patterns as JSON, as in agentic-qe.
  let size = '{'.length
  yield `{"agentId":${JSON.stringify(agentId)},`
  for (const piece of [
    table(model.values, visits),
    listed('experiences', experiences, experienceOf(agentId)),
    [','],
    listed('patterns', patterns, learnedPattern),
  ]) {
    for (const text of piece) {
      size += encoder.encode(text).length
      yield text
    }
  }
  const rates = { learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate }
  const rest = {
    config: { ...THEIR_CONFIG, ...rates, type },
    performance: {
      ...performanceOf(experiences.slice(-RECENT), tally),
      totalExperiences: experienceCount,
      tasks: tally.tasks,
    },
    version,
    lastUpdated: isoTime(now),
    size: size + '}'.length,
  }
  yield `,${JSON.stringify(rest).slice(1, -1)},"visits":{`
  yield* visits
  yield '}}'
}

/** The table of values; appends the pieces of the table of visits to `visits`. */
function* table(values: Iterable<StateValues>, visits: string[]): Generator<string, void, undefined> {
  yield '"qTable":{'
  let comma = ''
  for (const { stateKey, actions } of values) {
    const row = (of: 'value' | 'visits'): string =>
      actions.map((action) => `${JSON.stringify(action.actionKey)}:${action[of]}`).join(',')
    visits.push(`${comma}${JSON.stringify(stateKey)}:{${row('visits')}}`)
    yield `${comma}${JSON.stringify(stateKey)}:{${row('value')}}`
    comma = ','
  }
  yield '},'
}

function* listed<T>(
  name: string,
  items: readonly T[],
  convert: (item: T) => object,
): Generator<string, void, undefined> {
  yield `"${name}":[`
  for (const [i, item] of items.entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(convert(item))}`
  yield ']'
}

/** An experience with the fields of agentic-qe (where `terminated` is `done`) first. Fields without a value are omitted. */
function experienceOf(agentId: string): (experience: RecordedExperience) => object {
  return (experience) => {
    const { taskId, taskType, state, action, reward, nextState, timestamp, terminated, ...rest } = experience
    const own = Object.entries(rest).filter(([, value]) => value !== null && value !== false)
    const theirs = { taskId, taskType, state, action, reward, nextState, timestamp, agentId, done: terminated }
    return { ...theirs, ...Object.fromEntries(own) }
  }
}

/** The success rate is that of all tasks; without tasks, as in agentic-qe, the share of recent rewards above 0. */
function performanceOf(
  recent: readonly RecordedExperience[],
  { tasks, successes }: Tally,
): { avgReward: number; successRate: number } {
  const count = Math.max(1, recent.length)
  const sum = recent.reduce((total, { reward }) => total + reward, 0)
  const positive = recent.filter(({ reward }) => reward > 0).length
  return { avgReward: sum / count, successRate: tasks > 0 ? successes / tasks : positive / count }
}
