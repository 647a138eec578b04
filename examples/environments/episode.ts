import type { Environment, Random } from './environment.ts'

/** A transition, which the agent learns from. */
export interface Experience<Observation> {
  readonly state: Observation
  readonly action: number
  readonly reward: number
  readonly nextState: Observation
  readonly terminated: boolean
  readonly truncated: boolean
}

/** An agent that chooses and learns, as in bsuite (Osband et al., 2020). */
export interface Learner<Observation> {
  selectAction(state: Observation): number
  update(experience: Experience<Observation>): void
}

/** A learner with asynchronous methods, such as one with a store. */
export interface AsyncLearner<Observation> {
  selectAction(state: Observation): Promise<number>
  update(experience: Experience<Observation>): Promise<void>
}

export interface Episode {
  readonly steps: number
  /** The sum of the rewards, undiscounted. */
  readonly return: number
}

/** Runs one episode until it terminates or is truncated. */
export function runEpisode<Observation>(
  environment: Environment<Observation>,
  learner: Learner<Observation>,
  random: Random,
): Episode {
  const episode = startEpisode(environment, random)
  while (!episode.ended()) learner.update(episode.step(learner.selectAction(episode.state())))
  return episode.summary()
}

/** The same with an asynchronous learner. */
export async function runEpisodeAsync<Observation>(
  environment: Environment<Observation>,
  learner: AsyncLearner<Observation>,
  random: Random,
): Promise<Episode> {
  const episode = startEpisode(environment, random)
  while (!episode.ended()) await learner.update(episode.step(await learner.selectAction(episode.state())))
  return episode.summary()
}

interface RunningEpisode<Observation> {
  state(): Observation
  step(action: number): Experience<Observation>
  ended(): boolean
  summary(): Episode
}

function startEpisode<Observation>(environment: Environment<Observation>, random: Random): RunningEpisode<Observation> {
  let state = environment.reset(random)
  let steps = 0
  let sum = 0
  let ended = false
  return {
    state: () => state,
    step(action) {
      const before = state
      const { observation, reward, terminated } = environment.step(state, action, random)
      steps++
      sum += reward
      state = observation
      const truncated = !terminated && steps >= (environment.maxEpisodeSteps ?? Number.POSITIVE_INFINITY)
      ended = terminated || truncated
      return { state: before, action, reward, nextState: state, terminated, truncated }
    },
    ended: () => ended,
    summary: () => ({ steps, return: sum }),
  }
}
