import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import type { StateValues } from '../../learning/values.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'
import { learnedPattern } from './pattern.ts'

/** What an agent learned, as it is to be written. */
export interface LearningModel {
  readonly agentId: string
  readonly configuration: LearnerConfiguration
  /** As decayed: agentic-qe keeps no other. */
  readonly explorationRate: number
  /** Each state once, each with at least one action. */
  readonly values: Iterable<StateValues>
  /** Oldest first; the last 1000 are written, as agentic-qe does. */
  readonly experiences: readonly RecordedExperience[]
  /** How many the agent had in all. */
  readonly experienceCount: number
  readonly patterns: readonly Pattern[]
  /** Of the program that writes. */
  readonly version: string
  /** ms since the epoch. */
  readonly now: number
}

const MOST_EXPERIENCES = 1000
/** agentic-qe looks this far back for its figures. */
const RECENT = 100
/** What its type requires and this store has no use for: its own defaults. */
const THEIR_CONFIG = { enabled: true, maxMemorySize: 100 * 1024 * 1024, batchSize: 32, updateFrequency: 10 }

/**
 * The LearningModelState of an agent as the text of JSON, piece by piece. agentic-qe reads it as its own; fields beside its
 * own (`visits`, and what experiences and patterns have more of here) are for reading it back whole. What it cannot keep:
 * experiences before the last 1000, the exploration rate that the agent began with, how its two tables of Double
 * Q-learning differ, and its algorithm.
 */
export function* writeLearningModelState(model: LearningModel): Generator<string, void, undefined> {
  const { agentId, configuration, explorationRate, experienceCount, patterns, version, now } = model
  const { type, learningRate, discountFactor, explorationDecay, minExplorationRate } = configuration
  const experiences = model.experiences.slice(-MOST_EXPERIENCES)
  const visits: string[] = []
  const encoder = new TextEncoder()
  // As agentic-qe measures it: the JSON of an object of these three.
  let size = '{'.length
  yield `{"agentId":${JSON.stringify(agentId)},`
  for (const piece of [
    ...[table(model.values, visits), listed('experiences', experiences, experienceOf(agentId)), [',']],
    ...[listed('patterns', patterns, learnedPattern)],
  ]) {
    for (const text of piece) {
      size += encoder.encode(text).length
      yield text
    }
  }
  const rates = { learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate }
  const rest = {
    config: { ...THEIR_CONFIG, ...rates, type },
    performance: { ...performanceOf(experiences.slice(-RECENT)), totalExperiences: experienceCount },
    ...{ version, lastUpdated: new Date(now).toISOString(), size: size + '}'.length },
  }
  yield `,${JSON.stringify(rest).slice(1, -1)},"visits":{`
  yield* visits
  yield '}}'
}

/** The table, and into `visits` the pieces of one with visits in place of values. */
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

function* listed<T>(name: string, items: readonly T[], told: (item: T) => object): Generator<string, void, undefined> {
  yield `"${name}":[`
  for (const [i, item] of items.entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(told(item))}`
  yield ']'
}

/** Theirs first; `done` is their word. What says nothing is left out. */
function experienceOf(agentId: string): (experience: RecordedExperience) => object {
  return (experience) => {
    const { id, taskId, taskType, state, action, reward, nextState, timestamp, terminated, truncated } = experience
    const { episodeId, behaviorProbability, actions } = experience
    return {
      ...{ taskId, taskType, state, action, reward, nextState },
      ...{ timestamp: `${timestamp.replace(' ', 'T')}.000Z`, agentId, done: terminated, id },
      ...(truncated ? { truncated } : {}),
      ...(episodeId === null ? {} : { episodeId }),
      ...(behaviorProbability === null ? {} : { behaviorProbability }),
      ...(actions === null ? {} : { actions }),
    }
  }
}

function performanceOf(recent: readonly RecordedExperience[]): { avgReward: number; successRate: number } {
  if (recent.length === 0) return { avgReward: 0, successRate: 0 }
  const sum = recent.reduce((total, { reward }) => total + reward, 0)
  const successes = recent.filter(({ reward }) => reward > 0).length
  return { avgReward: sum / recent.length, successRate: successes / recent.length }
}
