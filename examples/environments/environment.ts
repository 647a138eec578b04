/** Environments with the names of Gymnasium. They are stateless: a step depends on its arguments only. */

/** A source of doubles in [0, 1). */
export interface Random {
  next(): number
}

export interface Step<Observation> {
  readonly observation: Observation
  readonly reward: number
  /** The episode reached its end. */
  readonly terminated: boolean
  /** The episode was cut off. */
  readonly truncated: boolean
}

export interface Environment<Observation> {
  /** Actions are numbered from 0. */
  readonly actionNames: readonly string[]
  /** The number of steps after which an episode is truncated. Default: unlimited. */
  readonly maxEpisodeSteps?: number
  /** The start of an episode. */
  reset(random: Random): Observation
  /** The result of an action. It never truncates; the loop that counts the steps does. */
  step(observation: Observation, action: number, random: Random): Step<Observation>
}
