import { toJson } from '../../learning/core/experience.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import type { StateActionValue } from '../../learning/values.ts'
import { csvRow } from './csv.ts'

/** The columns of experiences in CSV, named as those of `learning_experiences`. */
export const EXPERIENCE_COLUMNS: readonly string[] = [
  ...['agent_id', 'experience_id', 'task_id', 'task_type', 'state', 'action', 'reward', 'next_state', 'terminated'],
  ...['truncated', 'episode_id', 'timestamp', 'behavior_probability', 'available_actions'],
]

/** Experiences as CSV with a header row, row by row. States and actions are JSON; an empty cell is null. */
export function* writeExperiencesCsv(experiences: Iterable<RecordedExperience>): Generator<string, void, undefined> {
  yield csvRow(EXPERIENCE_COLUMNS)
  for (const one of experiences) {
    yield csvRow([
      ...[one.agentId, one.id, one.taskId, one.taskType, toJson(one.state), toJson(one.action), one.reward],
      ...[toJson(one.nextState), one.terminated, one.truncated, one.episodeId, one.timestamp, one.behaviorProbability],
      one.actions === null ? null : toJson(one.actions),
    ])
  }
}

/** A value with whose it is. */
export interface ValueOfAgent extends Pick<StateActionValue, 'stateKey' | 'actionKey' | 'value' | 'visits'> {
  readonly agentId: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly lastUpdated: string
}

/** Values as CSV with a header row, row by row, under the names of the columns of `q_values`. */
export function* writeValuesCsv(values: Iterable<ValueOfAgent>): Generator<string, void, undefined> {
  yield csvRow(['agent_id', 'state_key', 'action_key', 'q_value', 'visits', 'last_updated'])
  for (const { agentId, stateKey, actionKey, value, visits, lastUpdated } of values) {
    yield csvRow([agentId, stateKey, actionKey, value, visits, lastUpdated])
  }
}

/** Patterns as CSV with a header row, row by row, under the names of the columns of `patterns`. */
export function* writePatternsCsv(patterns: Iterable<Pattern>): Generator<string, void, undefined> {
  const names = ['id', 'agent_id', 'pattern_type', 'pattern_data', 'confidence', 'success_rate', 'usage_count']
  yield csvRow([...names, 'success_count', 'last_used'])
  for (const one of patterns) {
    yield csvRow([
      ...[one.id, one.agentId, one.patternType, toJson(one.patternData), one.confidence, one.successRate],
      ...[one.usageCount, one.successCount, one.lastUsed],
    ])
  }
}
