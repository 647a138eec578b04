/** Problems to learn, under Gymnasium's names. They keep no state: what is observed is all that the next step depends on. */

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
  /** An episode is truncated after so many steps; never, unless given. */
  readonly maxEpisodeSteps?: number
  /** The start of an episode. */
  reset(random: Random): Observation
  /** What comes of an action. Never truncates: that is for the loop, which counts the steps. */
  step(observation: Observation, action: number, random: Random): Step<Observation>
}
