import type { Choice, SelectOptions } from '../../algorithms/choice.ts'
import type { ModelUpdate, ModelVersion, Prediction } from '../../algorithms/linear/agent-model.ts'
import type { Contribution } from '../../algorithms/linear/contribution.ts'
import type { JsonValue } from '../../json-value.ts'
import type { CheckedExperience } from './experience.ts'
import type { Learner } from './learners.ts'
import type { ValueUpdate } from './value-updates.ts'

/** The linear models of the agents of a store. A lazy module: most agents learn a table of values. */
export interface LinearModels {
  /** Number of experiences that no stored model contains. */
  readonly unstored: number
  /**
   * Loads the model of an agent: what is stored from now on is not in it until it is learned.
   * @throws INVALID_ARGUMENT for a state that the model cannot learn from
   */
  prepare(learner: Learner, state: JsonValue): void
  /** Fits the reward of an action to the features of its state. The next state is not used. @param time UTC text. */
  learn(learner: Learner, experience: CheckedExperience, time: string): ValueUpdate
  /** Chooses by the agent's policy among the available actions; by default all that were tried. @throws INVALID_ARGUMENT */
  choose(learner: Learner, state: JsonValue, options: SelectOptions, draw: () => number): Choice
  /** The predicted values of actions, in the order of the keys. @param actionKeys default: all that were tried, sorted. */
  predictions(learner: Learner, state: JsonValue, actionKeys?: readonly string[]): Prediction[]
  /** What each feature of a state adds to the value of an action, the largest first. */
  explain(learner: Learner, state: JsonValue, actionKey: string, limit: number): Contribution[]
  /** What brings a copy of a model up to date. @param known what the copy has; undefined for nothing. */
  updateOf(learner: Learner, known: ModelVersion | undefined): ModelUpdate
  /** Learns the model of an agent again from all of its stored experiences, also those that were only recorded. Call it inside a transaction. */
  rebuild(agentId: string): void
  /** Learns from up to `limit` experiences that were only recorded. Call it inside a transaction. @returns their number. */
  learnRecorded(learner: Learner, limit: number): number
  /** Writes the models that have learned since they were last written. Call it outside a transaction. */
  store(): void
  /** Removes the model of an agent from the cache: its stored form, or its experiences, have changed. */
  drop(agentId: string): void
  /** Removes the models that have changed in the transaction that was rolled back. */
  rolledBack(): void
}
